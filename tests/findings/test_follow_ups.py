"""Earlier findings come along, or are entered, and somebody says where they stand."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from engagements.models import Engagement, Stage
from findings.actions import raise_finding, withdraw_finding
from findings.following_up import add_follow_up, assess, carry_over, missing_follow_ups
from findings.models import Finding, FollowUp
from findings.responding import Answer, respond
from foundation.web.refusals import Conflict, Refused
from tests import stages

from .conftest import WORDING

REPORT = {"source": "他所 114 年度報告", "title": "未掃描", "condition": "全年未執行。", "promised": "次年改善。"}


def assessment(**changes):
    today = timezone.localdate()
    return {"status": "improved", "work": "抽核紀錄。", "checked_on": today, "result": None, "repeat": None} | changes


@pytest.fixture
def successor(finding, broker_company, exchange_company, partner) -> Engagement:
    """Next year's engagement of the same broker, in ACCEPTANCE."""
    made = stages.annual(broker_company, exchange_company, by=partner, year=2027)
    made.predecessor = finding.engagement
    made.save(update_fields=["predecessor"])
    return made


def issue(engagement: Engagement) -> None:
    Engagement.objects.filter(pk=engagement.pk).update(stage=Stage.ISSUED)


def test_the_earlier_report_s_findings_come_along_with_their_answers(
    finding, release, successor, broker, exception, preparer, partner
):
    respond(finding, Answer("given", "已排定補行。", "資訊部"), seen=release.pk, by=broker)
    withdraw_finding(raise_finding(exception, WORDING | {"title": "乙"}, by=preparer), reason="誤判。", by=preparer)
    issue(finding.engagement)
    fresh = Engagement.objects.get(pk=successor.pk)
    (row,) = carry_over(fresh, by=partner)
    assert (row.title, row.promised, row.prior) == (WORDING["title"], "已排定補行。", finding)
    assert row.origin == "115 年度評估 F-01"
    assert (carry_over(fresh, by=partner), FollowUp.objects.count()) == ([], 1), "each once"


def test_what_is_not_issued_is_not_carried_over(finding, successor, partner):
    assert list(missing_follow_ups(successor)) == []
    assert carry_over(successor, by=partner) == []


def test_a_report_that_is_being_reissued_is_still_followed_up(finding, successor):
    reissued = {"stage": "reporting", "issued_on": date(2026, 3, 31)}
    Engagement.objects.filter(pk=finding.engagement_id).update(**reissued)
    assert list(missing_follow_ups(Engagement.objects.get(pk=successor.pk))) == [finding]


def test_opening_fieldwork_carries_them_over(finding, successor, reviewer, quality_reviewer, partner):
    issue(finding.engagement)
    stages.in_fieldwork(
        Engagement.objects.get(pk=successor.pk), partner=partner, manager=reviewer, eqr=quality_reviewer
    )
    assert FollowUp.objects.get().prior == finding


def test_one_of_another_firm_s_report_says_of_which(fieldwork, preparer):
    row = add_follow_up(fieldwork, REPORT, by=preparer)
    assert (row.label, row.origin, row.is_assessed) == ("P-01", "他所 114 年度報告", False)
    with pytest.raises(Refused):
        add_follow_up(fieldwork, REPORT | {"source": " "}, by=preparer)


def test_an_assessment_says_who_when_how_and_where(fieldwork, finding, exception, preparer):
    row = add_follow_up(fieldwork, REPORT, by=preparer)
    found = assessment(status="unimproved", result=exception, repeat=finding)
    assess(row, found, version=1, by=preparer)
    stored = FollowUp.objects.get()
    assert (stored.status, stored.result, stored.repeat, stored.version) == ("unimproved", exception, finding, 2)
    assert (stored.assessed_by, stored.assessed_at is not None) == (preparer, True)


@pytest.mark.parametrize("missing", [{"status": ""}, {"work": " "}, {"checked_on": None}])
def test_an_assessment_that_leaves_something_open_is_refused(fieldwork, preparer, missing):
    row = add_follow_up(fieldwork, REPORT, by=preparer)
    with pytest.raises(Refused):
        assess(row, assessment(**missing), version=1, by=preparer)
    assert not FollowUp.objects.get().is_assessed


def test_nothing_is_checked_on_a_day_to_come(fieldwork, preparer):
    row = add_follow_up(fieldwork, REPORT, by=preparer)
    with pytest.raises(Refused):
        assess(row, assessment(checked_on=timezone.localdate() + timedelta(days=1)), version=1, by=preparer)


def test_it_is_not_found_again_as_what_was_withdrawn(fieldwork, finding, preparer):
    row = add_follow_up(fieldwork, REPORT, by=preparer)
    withdraw_finding(finding, reason="重複。", by=preparer)
    with pytest.raises(Refused):
        assess(row, assessment(status="improving", repeat=Finding.objects.get()), version=1, by=preparer)


@pytest.mark.parametrize("status", ["improved", "not_applicable"])
def test_what_is_found_again_is_not_done_with(fieldwork, finding, preparer, status):
    row = add_follow_up(fieldwork, REPORT, by=preparer)
    with pytest.raises(Refused):
        assess(row, assessment(status=status, repeat=finding), version=1, by=preparer)
    assert not FollowUp.objects.get().is_assessed


def test_who_saves_second_overwrites_nobody(fieldwork, preparer, reviewer):
    row = add_follow_up(fieldwork, REPORT, by=preparer)
    assess(row, assessment(work="甲"), version=1, by=preparer)
    with pytest.raises(Conflict):
        assess(row, assessment(work="乙"), version=1, by=reviewer)
    assert FollowUp.objects.get().work == "甲"
