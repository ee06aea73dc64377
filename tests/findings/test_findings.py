"""A finding comes from an exception, carries a version, and reaches the paper through the paper's own verb."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from engagements.models import Engagement, Stage
from findings.actions import link, raise_finding, save_finding, unlink, withdraw_finding
from findings.models import Finding, FindingLink
from findings.witnesses import witnesses
from findings.words import JUDGED, digest
from foundation.trail.models import Event
from foundation.trail.witnesses import lost_rows, unheard_rows
from foundation.web.refusals import Conflict, Refused
from procedures.content import content_hash
from procedures.models import ProcedureResult, Support, Workpaper
from procedures.validators import shortcomings

from .conftest import WORDING


def test_a_finding_is_numbered_linked_and_recorded(finding, exception, preparer):
    assert (finding.label, finding.raised_by, finding.version) == ("F-01", preparer, 1)
    assert list(finding.results.all()) == [exception]
    assert Event.objects.get(name="finding.raised").content["facts"] == {
        "severity": "significant",
        "type": "operation",
        "digest": digest(finding),
        "judged": digest(finding, JUDGED),
    }


def test_findings_are_numbered_in_the_order_of_their_raising(finding, exception, preparer):
    others = [raise_finding(exception, WORDING | {"title": title}, by=preparer).label for title in ("乙", "丙")]
    assert others == ["F-02", "F-03"]


def test_the_same_finding_is_not_raised_twice_from_one_exception(finding, exception, paper, except_from, preparer):
    with pytest.raises(Refused, match="F-01"):
        raise_finding(exception, WORDING, by=preparer)
    assert (Finding.objects.count(), FindingLink.objects.count()) == (1, 1)
    other = except_from(paper.results.get(position=2))
    assert raise_finding(other, WORDING, by=preparer).label == "F-02", "another exception may say the same"


@pytest.mark.parametrize("outcome", ["no_exception", "not_applicable", "no_occurrence", "scope_limitation", ""])
def test_only_an_exception_gives_rise_to_a_finding(result, except_from, preparer, outcome):
    if outcome:
        except_from(result, outcome)
    with pytest.raises(Refused):
        raise_finding(result, WORDING, by=preparer)
    assert (Finding.objects.count(), Support.objects.count()) == (0, 0)


@pytest.mark.parametrize("missing", sorted(WORDING))
def test_each_part_of_the_wording_is_needed(exception, preparer, missing):
    with pytest.raises(ValidationError) as refusal:
        raise_finding(exception, WORDING | {missing: ""}, by=preparer)
    assert set(refusal.value.message_dict) == {missing}
    assert Finding.objects.count() == 0


@pytest.mark.parametrize(("field", "value"), [("severity", "terrible"), ("type", "magic"), ("title", "字" * 201)])
def test_an_impossible_value_is_refused(exception, preparer, field, value):
    with pytest.raises(ValidationError):
        raise_finding(exception, WORDING | {field: value}, by=preparer)


def test_a_finding_explains_its_exception(exception, preparer):
    assert "finding.missing" in {blocker.kind for blocker in shortcomings(exception, set())}
    raise_finding(exception, WORDING, by=preparer)
    kinds = {support.kind for support in exception.supports.all()}
    assert "finding.missing" not in {blocker.kind for blocker in shortcomings(exception, kinds)}


def test_raising_and_linking_make_the_paper_s_signatures_stale(paper, exception, preparer):
    before = Workpaper.objects.get(pk=paper.pk).content_version
    raise_finding(exception, WORDING, by=preparer)
    assert Workpaper.objects.get(pk=paper.pk).content_version == before + 1


def test_editing_the_wording_leaves_the_paper_s_signatures_alone(paper, finding, reviewer):
    before = content_hash(paper)
    version = Workpaper.objects.get(pk=paper.pk).content_version
    save_finding(finding, {"title": "另一個標題", "severity": "material"}, version=1, by=reviewer)
    assert (content_hash(paper), Workpaper.objects.get(pk=paper.pk).content_version) == (before, version)


# Editing -----------------------------------------------------------------------------------


def test_saving_counts_the_version_and_changes_the_digest(finding, reviewer):
    before = digest(finding)
    saved = save_finding(finding, {"risk": "交易中斷。"}, version=1, by=reviewer)
    assert (saved.version, saved.risk, saved.title) == (2, "交易中斷。", WORDING["title"])
    assert digest(saved) != before


def test_whoever_saves_second_learns_what_the_first_wrote(finding, preparer, reviewer):
    save_finding(finding, {"title": "甲的標題"}, version=1, by=preparer)
    with pytest.raises(Conflict) as conflict:
        save_finding(finding, {"title": "乙的標題"}, version=1, by=reviewer)

    assert (conflict.value.version, conflict.value.theirs["title"]) == (2, "甲的標題")
    assert Finding.objects.get().title == "甲的標題"


def test_what_it_weighs_is_recorded_beside_the_wording(finding, reviewer):
    judged = {"bears": "modifies", "bears_because": "無補償性控制。", "remedied_on": date(2026, 1, 31)}
    before = digest(finding)
    saved = save_finding(finding, judged, version=1, by=reviewer)
    assert (saved.bearing, saved.remedied_on) == ("modifies", date(2026, 1, 31))
    assert digest(saved) == before, "the digest of the wording is of the wording alone"


def test_a_wording_can_not_be_emptied(finding, reviewer):
    with pytest.raises(ValidationError):
        save_finding(finding, {"condition": ""}, version=1, by=reviewer)
    assert Finding.objects.get().version == 1


@pytest.mark.parametrize("stage", [Stage.ISSUED, Stage.ARCHIVED])
def test_in_a_closed_engagement_findings_stand_still(fieldwork, finding, exception, preparer, stage):
    Engagement.objects.filter(pk=fieldwork.pk).update(stage=stage)
    with pytest.raises(Refused):
        save_finding(finding, {"title": "x"}, version=1, by=preparer)
    with pytest.raises(Refused):
        raise_finding(exception, WORDING, by=preparer)
    with pytest.raises(Refused):
        unlink(finding, exception, by=preparer)
    assert (Finding.objects.get().title, FindingLink.objects.count()) == (WORDING["title"], 1)


# Links -------------------------------------------------------------------------------------


def test_a_finding_may_come_from_several_exceptions(paper, finding, except_from, preparer):
    other = except_from(paper.results.get(position=2))
    link(finding, other, by=preparer)
    assert [row.result for row in finding.links.all()] == [finding.results.first(), other]
    assert Support.objects.filter(kind="finding", source=finding.pk).count() == 2


def test_linking_twice_is_linking_once(paper, finding, exception, preparer):
    version = Workpaper.objects.get(pk=paper.pk).content_version
    link(finding, exception, by=preparer)
    assert (FindingLink.objects.count(), Support.objects.count()) == (1, 1)
    assert Workpaper.objects.get(pk=paper.pk).content_version == version


def test_a_result_that_is_no_exception_any_more_can_not_be_linked(paper, finding, preparer):
    with pytest.raises(Refused):
        link(finding, paper.results.get(position=2), by=preparer)


def test_an_exception_of_another_engagement_is_refused(fieldwork, finding, exception, preparer):
    exception.workpaper.engagement_id = finding.pk
    with pytest.raises(Refused):
        link(finding, exception, by=preparer)


def test_unlinking_leaves_the_finding_and_makes_the_paper_stale(paper, finding, exception, preparer):
    version = Workpaper.objects.get(pk=paper.pk).content_version
    unlink(finding, exception, by=preparer)
    assert (Finding.objects.count(), FindingLink.objects.count(), Support.objects.count()) == (1, 0, 0)
    assert Workpaper.objects.get(pk=paper.pk).content_version == version + 1


# Withdrawing -------------------------------------------------------------------------------


def test_a_withdrawn_finding_is_kept_with_its_reason_and_tied_to_nothing(paper, finding, exception, reviewer):
    version = Workpaper.objects.get(pk=paper.pk).content_version
    withdraw_finding(finding, reason=" 經複核屬誤判。 ", by=reviewer)
    stored = Finding.objects.get()
    assert (stored.withdrawn_because, stored.withdrawn_by, stored.version) == ("經複核屬誤判。", reviewer, 2)
    assert (FindingLink.objects.count(), Support.objects.count()) == (0, 0)
    assert Workpaper.objects.get(pk=paper.pk).content_version == version + 1
    event = Event.objects.get(name="finding.withdrawn")
    assert (event.content["reason"], event.content["facts"]) == ("經複核屬誤判。", {"digest": digest(finding)})
    assert not Finding.objects.upheld().exists()


def test_a_finding_is_withdrawn_with_a_reason_only_and_once(finding, preparer):
    with pytest.raises(Refused):
        withdraw_finding(finding, reason=" ", by=preparer)
    withdraw_finding(finding, reason="重複。", by=preparer)
    with pytest.raises(Refused, match="F-01"):
        withdraw_finding(finding, reason="再一次。", by=preparer)
    assert Finding.objects.get().withdrawn_because == "重複。"


def test_a_withdrawn_finding_stands_still(finding, exception, preparer):
    withdraw_finding(finding, reason="重複。", by=preparer)
    with pytest.raises(Refused):
        save_finding(finding, {"title": "x"}, version=2, by=preparer)
    with pytest.raises(Refused):
        link(finding, exception, by=preparer)
    assert raise_finding(exception, WORDING, by=preparer).label == "F-02", "it may be raised anew"


@pytest.mark.parametrize("stage", [Stage.ISSUED, Stage.ARCHIVED])
def test_nothing_is_withdrawn_in_a_closed_engagement(fieldwork, finding, preparer, stage):
    Engagement.objects.filter(pk=fieldwork.pk).update(stage=stage)
    with pytest.raises(Refused):
        withdraw_finding(finding, reason="重複。", by=preparer)
    assert (Finding.objects.upheld().count(), FindingLink.objects.count()) == (1, 1)


def test_the_database_takes_no_withdrawal_without_a_reason(finding, preparer):
    with pytest.raises(IntegrityError), transaction.atomic():
        Finding.objects.update(withdrawn_at=timezone.now(), withdrawn_by=preparer)


def test_a_withdrawal_and_the_trail_vouch_for_one_another(finding, preparer):
    withdraw_finding(finding, reason="重複。", by=preparer)
    of_withdrawals = witnesses()[1]
    assert list(unheard_rows(of_withdrawals)) == [[]]
    Finding.objects.update(withdrawn_because="別的理由。")
    assert [len(problems) for problems in unheard_rows(of_withdrawals)] == [1]
    Finding.objects.update(withdrawn_because="", withdrawn_at=None, withdrawn_by=None)
    assert len(list(lost_rows(of_withdrawals))) == 1


def test_findings_are_the_team_s(finding, preparer, quality_reviewer, broker, other_broker, other_firm, exchange):
    people = (preparer, quality_reviewer, broker, other_broker, other_firm, exchange)
    assert [who.name for who in people if finding in Finding.objects.visible_to(who)] == [
        preparer.name,
        quality_reviewer.name,
    ]
    assert ProcedureResult.objects.visible_to(broker).count() == 0
