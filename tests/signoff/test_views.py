"""Stages, conclusion and signatures through the pages: who may, who finds nothing, what the page says."""

import re

import pytest

from engagements.models import Engagement
from procedures.models import Workpaper
from signoff.models import Conclusion, EngagementSignOff


def url(engagement, page: str) -> str:
    return f"/engagements/{engagement.pk}/{page}"


def seen_by(client, engagement) -> str:
    """The fingerprint that the conclusion page shows to be signed."""
    page = client.get(url(engagement, "conclusion/")).content.decode()
    return re.search(r'name="fingerprint" value="([0-9a-f]{64})"', page).group(1)


def stage_of(engagement) -> str:
    return Engagement.objects.get(pk=engagement.pk).stage


# Stages --------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["partner", "reviewer"])
def test_partner_and_manager_move_the_engagement_on(sign_in, engagement, who, request):
    sign_in(request.getfixturevalue(who)).post(url(engagement, "stage/next/"), {"from": "acceptance"})
    assert stage_of(engagement) == "planning"


@pytest.mark.parametrize("who", ["preparer", "quality_reviewer"])
def test_others_on_the_team_do_not(sign_in, engagement, who, request):
    answer = sign_in(request.getfixturevalue(who)).post(url(engagement, "stage/next/"), {"from": "acceptance"})
    assert (answer.status_code, stage_of(engagement)) == (403, "acceptance")


def test_a_shut_gate_says_why_on_the_page(sign_in, fieldwork, partner):
    answer = sign_in(partner).post(url(fieldwork, "stage/next/"), {"from": "fieldwork"}, follow=True)
    assert "230 項程序尚無結果" in answer.content.decode()
    assert stage_of(fieldwork) == "fieldwork"


def test_opening_fieldwork_leads_back_to_the_engagement(sign_in, planned, partner):
    answer = sign_in(partner).post(url(planned, "fieldwork/"), follow=True)
    assert "執行階段已開啟" in answer.content.decode()
    assert Workpaper.objects.filter(engagement=planned).count() == 69


def test_a_double_click_opens_fieldwork_once(sign_in, planned, partner):
    signed_in = sign_in(partner)
    signed_in.post(url(planned, "fieldwork/"))
    signed_in.post(url(planned, "fieldwork/"))
    assert Workpaper.objects.filter(engagement=planned).count() == 69


def test_staff_do_not_open_fieldwork(sign_in, planned, preparer):
    assert sign_in(preparer).post(url(planned, "fieldwork/")).status_code == 403


def test_sending_back_without_a_reason_is_refused_in_words(sign_in, review, partner):
    answer = sign_in(partner).post(url(review, "stage/previous/"), {"reason": ""}, follow=True)
    assert "退回" in answer.content.decode()
    assert stage_of(review) == "review"


def test_sending_back_with_a_reason_works(sign_in, review, partner):
    sign_in(partner).post(url(review, "stage/previous/"), {"reason": "補查"})
    assert stage_of(review) == "fieldwork"


# Conclusion ----------------------------------------------------------------------------------


def test_the_partner_records_the_conclusion(sign_in, reporting, partner):
    sign_in(partner).post(url(reporting, "conclusion/decision/"), {"kind": "unmodified", "rationale": "無重大缺失"})
    assert Conclusion.objects.get(engagement=reporting).decided_by == partner


def test_a_conclusion_without_rationale_keeps_the_choice(sign_in, reporting, partner):
    answer = sign_in(partner).post(url(reporting, "conclusion/decision/"), {"kind": "adverse", "rationale": ""})
    assert answer.status_code == 422
    assert re.search(r'value="adverse"[^>]*checked', answer.content.decode())
    assert not Conclusion.objects.exists()


@pytest.mark.parametrize("who", ["reviewer", "preparer", "quality_reviewer"])
def test_nobody_else_decides(sign_in, reporting, who, request):
    posted = {"kind": "unmodified", "rationale": "無重大缺失"}
    answer = sign_in(request.getfixturevalue(who)).post(url(reporting, "conclusion/decision/"), posted)
    assert (answer.status_code, Conclusion.objects.exists()) == (403, False)


def test_before_fieldwork_there_is_nothing_to_conclude(sign_in, engagement, partner):
    assert "請先開啟執行階段" in sign_in(partner).get(url(engagement, "conclusion/")).content.decode()


def test_the_page_lists_the_blockers_that_the_verb_enforces(sign_in, review, partner):
    page = sign_in(partner).get(url(review, "conclusion/")).content.decode()
    assert "69 份底稿尚未覆核（C-1.1 …）" in page
    assert 'name="fingerprint"' not in page


# Signatures ----------------------------------------------------------------------------------


@pytest.fixture
def concluded(reporting, partner, sign_in) -> Engagement:
    sign_in(partner).post(url(reporting, "conclusion/decision/"), {"kind": "unmodified", "rationale": "無重大缺失"})
    return reporting


def test_the_partner_signs_what_the_page_shows(sign_in, concluded, partner):
    signed_in = sign_in(partner)
    signed_in.post(url(concluded, "conclusion/final-signoff/"), {"fingerprint": seen_by(signed_in, concluded)})
    assert EngagementSignOff.objects.get().user == partner


def test_a_signature_on_an_old_page_is_refused(sign_in, concluded, partner):
    signed_in = sign_in(partner)
    seen = seen_by(signed_in, concluded)
    Workpaper.objects.filter(engagement=concluded, code="3.8.2").update(content_version=99)
    answer = signed_in.post(url(concluded, "conclusion/final-signoff/"), {"fingerprint": seen}, follow=True)
    assert "檔案" in answer.content.decode()
    assert not EngagementSignOff.objects.exists()


def test_the_quality_reviewer_signs_in_turn(sign_in, quality_review, quality_reviewer):
    signed_in = sign_in(quality_reviewer)
    signed_in.post(
        url(quality_review, "conclusion/quality-signoff/"), {"fingerprint": seen_by(signed_in, quality_review)}
    )
    assert EngagementSignOff.objects.get(role="quality").user == quality_reviewer


def test_the_partner_cannot_sign_for_the_quality_reviewer(sign_in, quality_review, partner):
    answer = sign_in(partner).post(url(quality_review, "conclusion/quality-signoff/"), {"fingerprint": "x"})
    assert answer.status_code == 403


def test_a_stale_signature_is_shown_as_such(sign_in, quality_review, partner):
    Workpaper.objects.filter(engagement=quality_review, code="3.8.2").update(content_version=99)
    assert "其後檔案已有異動" in sign_in(partner).get(url(quality_review, "conclusion/")).content.decode()


def test_a_viewer_is_not_told_why_somebody_else_could_not_sign(sign_in, quality_review, reviewer):
    assert "曾參與" not in sign_in(reviewer).get(url(quality_review, "conclusion/")).content.decode()


# Who finds nothing ---------------------------------------------------------------------------

POSTS = ("stage/next/", "stage/previous/", "fieldwork/", "conclusion/decision/", "conclusion/final-signoff/")


@pytest.mark.parametrize("page", POSTS)
def test_another_firm_and_another_broker_find_nothing(sign_in, engagement, other_firm, other_broker, page):
    for stranger in (other_firm, other_broker):
        assert sign_in(stranger).post(url(engagement, page)).status_code == 404


@pytest.mark.parametrize("page", POSTS)
def test_the_audited_broker_may_not(sign_in, fieldwork, broker, page):
    assert sign_in(broker).post(url(fieldwork, page)).status_code == 403


@pytest.mark.parametrize("page", POSTS)
def test_acts_are_not_pages_to_visit(sign_in, engagement, partner, page):
    assert sign_in(partner).get(url(engagement, page)).status_code == 405
