"""An engagement's stage, team, profile, requests and letter changed behind the guards' back are found."""

import pytest

from controls.models import CatalogueVersion
from engagements.actions import leave_team
from engagements.models import Engagement, ProfileAnswer, Stage, TeamMember
from evidence.models import Request
from evidence.requests import accept_request, dispose_request, return_request
from procedures.models import Workpaper
from reports.actions import save_letter_entries
from reports.models import LetterEntries
from tests.tampering import DIFFERS, answers_told, found, missing, tamper
from tests.uploads import answer_request, pdf

MOVES = (
    "engagement.created / engagement.moved / engagement.reissue-cancelled / engagement.reissued / engagement.returned"
    " / engagement.withdrawn"
)
pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def fieldwork(fieldwork, partner) -> Engagement:
    return answers_told(fieldwork, by=partner)


def test_an_engagement_that_was_deleted_is_found(engagement):
    row = f"engagements.Engagement {engagement.pk}"
    engagement.team.all().delete()
    Workpaper.objects.filter(engagement=engagement).delete()
    Engagement.objects.filter(pk=engagement.pk)._raw_delete(using="default")
    assert len(missing(row, "engagement.created")) == 2  # of its beginning, and of its stage


def test_another_auditee_is_found(engagement, exchange_company):
    Engagement.objects.filter(pk=engagement.pk).update(auditee=exchange_company)
    assert found() == [f"engagements.Engagement {engagement.pk}: {DIFFERS} engagement.created: auditee"]


def test_another_stage_is_found(fieldwork):
    Engagement.objects.filter(pk=fieldwork.pk).update(stage=Stage.REPORTING)
    row = f"engagements.Engagement {fieldwork.pk}"
    assert found() == [f"{row}: {DIFFERS} {MOVES}: to"]


def test_a_stage_that_was_never_entered_is_found(engagement):
    Engagement.objects.filter(pk=engagement.pk).update(stage=Stage.FIELDWORK)
    row = f"engagements.Engagement {engagement.pk}"
    assert found() == [f"{row}: {DIFFERS} {MOVES}: to"]


def test_a_member_that_nobody_put_on_the_team_is_found(engagement, admin):
    member = TeamMember.objects.create(engagement=engagement, user=admin, role="staff")
    assert found() == [f"engagements.TeamMember {member.pk}: the trail has no event member.joined about it"]


def test_a_member_in_another_role_is_found(engagement, preparer):
    member = TeamMember.objects.get(engagement=engagement, user=preparer)
    TeamMember.objects.filter(pk=member.pk).update(role="manager")
    assert found() == [f"engagements.TeamMember {member.pk}: {DIFFERS} member.joined: role"]


def test_a_member_who_was_brought_back_is_found(engagement, preparer, partner):
    member = TeamMember.objects.get(engagement=engagement, user=preparer)
    leave_team(member, by=partner)
    TeamMember.objects.filter(pk=member.pk).update(ended_on=None)
    assert missing(f"engagements.TeamMember {member.pk}", "member.left") == found()
    assert len(found()) == 1


@pytest.mark.parametrize(
    ("change", "facts"), [({"applies": False, "reason": "無"}, "applies, reason"), ({"reason": "改寫"}, "reason")]
)
def test_another_answer_of_the_profile_is_found(fieldwork, change, facts):
    answer = ProfileAnswer.objects.filter(engagement=fieldwork).first()
    ProfileAnswer.objects.filter(pk=answer.pk).update(**change)
    assert found() == [f"engagements.ProfileAnswer {answer.pk}: {DIFFERS} profile.answered: {facts}"]


def test_a_deleted_answer_of_the_profile_is_found(fieldwork):
    answer = ProfileAnswer.objects.filter(engagement=fieldwork).first()
    key = answer.pk
    answer.delete()
    assert missing(f"engagements.ProfileAnswer {key}", "profile.answered") == found()
    assert len(found()) == 1


@pytest.fixture
def returned(fieldwork, broker, preparer) -> Request:
    request = Request.objects.filter(engagement=fieldwork).first()
    answer_request(request, [pdf()], answer="如附件。", by=broker)
    accept_request(request, by=preparer)
    return_request(request, reason="缺附件。", by=preparer)
    assert found() == []
    return request


DECIDED = "request.accepted / request.answered / request.disposed / request.returned"


@pytest.mark.parametrize(
    ("change", "facts"), [({"state": "accepted"}, "event, reason"), ({"returned_because": "無誤。"}, "reason")]
)
def test_another_decision_on_a_request_is_found(returned, change, facts):
    Request.objects.filter(pk=returned.pk).update(**change)
    assert found() == [f"evidence.Request {returned.pk}: {DIFFERS} {DECIDED}: {facts}"]


def test_another_word_on_what_became_of_a_closed_request_is_found(returned, reviewer):
    dispose_request(returned, disposition="limitation", reason="未提供。", by=reviewer)
    assert found() == []
    Request.objects.filter(pk=returned.pk).update(disposition="unneeded")
    assert found() == [f"evidence.Request {returned.pk}: {DIFFERS} {DECIDED}: disposition"]


def test_a_request_put_back_as_if_nobody_had_answered_is_found(returned):
    Request.objects.filter(pk=returned.pk).update(state="requested")
    assert missing(f"evidence.Request {returned.pk}", "request.answered") == found()


def test_other_words_in_the_letter_are_found(fieldwork, partner):
    save_letter_entries(fieldwork, values={"場所": "總公司"}, options=["直接案件"], by=partner)
    assert found() == []
    tamper(LetterEntries, values={"場所": "分公司"})
    assert found() == [f"reports.LetterEntries {fieldwork.pk}: {DIFFERS} letter.saved: entries"]


def test_a_catalogue_that_claims_another_source_is_found(db):
    tamper(CatalogueVersion, sha256="ab" * 32)
    version = CatalogueVersion.objects.get()
    assert found() == [f"controls.CatalogueVersion {version.pk}: {DIFFERS} catalogue.published: sha256"]
