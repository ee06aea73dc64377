"""Telling of expected occurrences, and of the broker's own period: what is refused, kept, and asked of the result."""

from datetime import date, datetime
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from controls.models import FrequencyRule
from engagements.models import Engagement, TeamMember
from evidence.times import Covered
from foundation.trail.models import Event
from foundation.web.refusals import Refused
from procedures.actions import Entry, save_result
from procedures.content import content_hash
from procedures.duties import Telling, state_frequency, tell_occurrence, withdraw_occurrence
from procedures.gates import Standing, blockers
from procedures.models import Occurrence, ProcedureResult, Revision, StatedFrequency, Workpaper
from procedures.revisions import revised
from tests.uploads import attach, pdf

Q1, Q2, Q3, Q4 = (date(2026, month, 1) for month in (1, 4, 7, 10))
DONE = Entry(outcome="no_exception", work="核對查核紀錄。", performed_on=date(2026, 11, 10))
QUARTERS = Covered.on(date(2026, 2, 10), date(2026, 5, 12))


@pytest.fixture(autouse=True)
def _late_november(fieldwork: Engagement) -> Any:
    """Three quarters of 2026 are over. The team was there by then."""
    TeamMember.objects.filter(engagement=fieldwork).update(started_on=date(2026, 1, 1))
    with time_machine.travel(datetime(2026, 11, 28, 2, tzinfo=timezone.get_current_timezone()), tick=False):
        yield


@pytest.fixture
def paper(fieldwork) -> Workpaper:
    """C-3.4: an information security audit in every quarter, tested by procedure 1."""
    found: Workpaper = Workpaper.objects.select_related("engagement").get(engagement=fieldwork, code="3.4")
    return found


@pytest.fixture
def result(paper) -> ProcedureResult:
    found: ProcedureResult = paper.results.get(position=1)
    return found


@pytest.fixture
def quarterly(paper) -> FrequencyRule:
    found: FrequencyRule = FrequencyRule.objects.get(point=paper.control_point)
    return found


@pytest.fixture
def periodic(fieldwork) -> tuple[Workpaper, FrequencyRule]:
    """A paper with a duty that the broker sets the period of: patches, on C-3.8.1's neighbour."""
    rule = FrequencyRule.objects.filter(frequency="periodic", procedures__isnull=False).earliest("point__position")
    return Workpaper.objects.get(engagement=fieldwork, control_point=rule.point_id), rule


@pytest.fixture
def tell(paper, quarterly, preparer):
    def tell(kind: str, starts_on: date = Q3, *, happened_on=None, reason: str = "訪談資安主管。", by=preparer):
        return tell_occurrence(paper, quarterly, starts_on, Telling(kind, reason, happened_on), by=by)

    return tell


def against(paper: Workpaper, preparer) -> list[tuple[str, str]]:
    """What of coverage keeps the paper from being signed."""
    paper = Workpaper.objects.select_related("engagement").get(pk=paper.pk)
    found = blockers(Standing(paper), "prepared", by=preparer)
    return [(blocker.kind, str(blocker.text)) for blocker in found if blocker.kind.startswith("coverage.")]


def kinds(paper: Workpaper, preparer) -> list[str]:
    return [kind for kind, _text in against(paper, preparer)]


# What is asked of the result ------------------------------------------------------------------


def test_no_exception_waits_for_every_quarter_that_is_over_each_by_its_name(paper, result, preparer):
    save_result(result, DONE, version=1, by=preparer)
    attach(result, pdf(), covered=QUARTERS, by=preparer)
    assert against(paper, preparer) == [("coverage.gap", "程序 1：第 3 季無資訊安全查核作業之佐證")]


def test_evidence_of_the_missing_quarter_opens_the_way(paper, result, preparer):
    save_result(result, DONE, version=1, by=preparer)
    attach(result, pdf(), covered=QUARTERS, by=preparer)
    attach(result, pdf("第三季.pdf", b"3"), covered=Covered.on(date(2026, 8, 8)), by=preparer)
    assert against(paper, preparer) == []


def test_a_screenshot_of_settings_covers_no_quarter(paper, result, preparer):
    save_result(result, DONE, version=1, by=preparer)
    attach(result, pdf(), covered=Covered.state(date(2026, 8, 8)), by=preparer)
    assert kinds(paper, preparer) == ["coverage.gap"] * 3


def test_a_record_of_a_part_of_the_quarter_is_told_apart_from_none(paper, result, preparer):
    save_result(result, DONE, version=1, by=preparer)
    attach(result, pdf(), covered=Covered.span(date(2026, 3, 15), date(2026, 9, 15)), by=preparer)
    assert kinds(paper, preparer) == ["coverage.partial", "coverage.partial"]


def test_a_duty_that_binds_two_procedures_is_held_against_the_evidence_of_each(fieldwork, preparer):
    accounts = Workpaper.objects.get(engagement=fieldwork, code="3.8.5")
    second, fourth = accounts.results.filter(position__in=(2, 4)).order_by("position")
    for result in (second, fourth):
        save_result(result, DONE, version=1, by=preparer)
    attach(second, pdf(), covered=Covered.on(Q1), by=preparer)
    assert against(accounts, preparer) == [("coverage.gap", "程序 4：上半年無帳號與權限審查之佐證")]


def test_what_is_told_of_an_occurrence_is_told_for_every_procedure_that_the_duty_binds(fieldwork, preparer):
    accounts = Workpaper.objects.get(engagement=fieldwork, code="3.8.5")
    for result in accounts.results.filter(position__in=(2, 4)):
        save_result(result, DONE, version=1, by=preparer)
    duty = FrequencyRule.objects.get(point=accounts.control_point, frequency="semiannual")
    tell_occurrence(accounts, duty, Q1, Telling("not_performed", "訪談。"), by=preparer)
    assert kinds(accounts, preparer) == ["coverage.not_performed"] * 2


@pytest.mark.parametrize(
    ("told", "outcome", "expected"),
    [
        ("not_performed", "no_exception", ["coverage.not_performed"]),
        ("not_performed", "scope_limitation", ["coverage.not_performed"]),
        ("not_performed", "exception", []),
        ("unrecorded", "no_exception", ["coverage.unrecorded"]),
        ("unrecorded", "no_occurrence", ["coverage.unrecorded"]),
        ("unrecorded", "exception", []),
        ("not_provided", "no_exception", ["coverage.not_provided"]),
        ("not_provided", "exception", []),
        ("refused", "no_exception", ["coverage.refused"]),
        ("refused", "scope_limitation", []),
        ("refused", "exception", []),
    ],
)
def test_the_kinds_of_missing_ask_for_different_results(paper, result, tell, preparer, told, outcome, expected):
    save_result(result, Entry(outcome, "核對。", "如說明。", DONE.performed_on), version=1, by=preparer)
    attach(result, pdf(), covered=QUARTERS, by=preparer)
    tell(told)
    assert kinds(paper, preparer) == expected


def test_what_was_seen_on_site_covers_its_quarter(paper, result, tell, preparer):
    save_result(result, DONE, version=1, by=preparer)
    attach(result, pdf(), covered=QUARTERS, by=preparer)
    tell("seen", happened_on=date(2026, 8, 8))
    assert against(paper, preparer) == []


def test_a_result_that_is_no_conclusion_yet_waits_for_no_coverage(paper, preparer):
    assert against(paper, preparer) == []


def test_as_of_a_date_nothing_recurring_is_expected(paper, result, fieldwork, preparer):
    save_result(result, DONE, version=1, by=preparer)
    as_of = {"kind": "establishment", "as_of": date(2026, 10, 1), "period_start": None, "period_end": None}
    Engagement.objects.filter(pk=fieldwork.pk).update(**as_of)
    assert against(paper, preparer) == []


# Telling ------------------------------------------------------------------------------------------


def test_what_is_told_is_content_history_and_event(paper, tell, preparer):
    before, version = content_hash(paper), paper.content_version
    told = tell("not_performed")

    paper.refresh_from_db()
    assert (paper.content_version, content_hash(paper) != before) == (version + 1, True)
    assert "第 3 季" in Revision.objects.get(workpaper=paper).content["amendment"]
    event = Event.objects.get(name="duty.occurrence-told")
    assert event.content["reason"] == "訪談資安主管。"
    known = {"starts_on": "2026-07-01", "known": "not_performed", "happened_on": ""}
    facts = {"occurrence": told.pk, "duty": "資訊安全查核作業", **known}
    assert event.content["facts"] == facts | revised(Revision.objects.get())


def test_telling_again_corrects_what_stands(tell, reviewer):
    first = tell("not_provided")
    second = tell("not_performed", by=reviewer)
    assert (second.pk, second.kind, second.told_by) == (first.pk, "not_performed", reviewer)
    assert Event.objects.filter(name="duty.occurrence-told").count() == 2


def test_telling_the_same_again_writes_nothing(paper, tell):
    tell("not_performed")
    version = Workpaper.objects.get(pk=paper.pk).content_version
    tell("not_performed")
    assert Workpaper.objects.get(pk=paper.pk).content_version == version


def test_what_is_taken_back_is_gone_and_stays_in_the_history(paper, tell, preparer):
    withdraw_occurrence(tell("not_performed"), by=preparer)
    assert not Occurrence.objects.exists()
    lines = Revision.objects.order_by("id").values_list("content__amendment", flat=True)
    assert [line[:2] for line in lines] == ["+ ", "- "]
    assert Event.objects.filter(name="duty.occurrence-withdrawn").count() == 1


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        ("not_performed", {"reason": " "}),
        ("invented", {}),
        ("seen", {}),
        ("seen", {"happened_on": date(2026, 10, 1)}),
        ("not_performed", {"happened_on": date(2026, 8, 8)}),
        ("not_performed", {"starts_on": date(2026, 7, 2)}),
        ("not_performed", {"starts_on": Q4}),
        ("seen", {"starts_on": Q4, "happened_on": date(2026, 12, 1)}),
    ],
)
def test_what_can_not_be_is_refused_and_leaves_no_row(tell, kind, changes):
    with pytest.raises(Refused):
        tell(kind, **changes)
    assert not Occurrence.objects.exists()


def test_a_duty_of_another_paper_is_refused(fieldwork, quarterly, preparer):
    other = Workpaper.objects.get(engagement=fieldwork, code="3.8.2")
    with pytest.raises(Refused):
        tell_occurrence(other, quarterly, Q3, Telling("not_performed", "訪談。"), by=preparer)


def test_a_junior_does_not_tell_on_a_paper_that_somebody_else_was_given(paper, tell, reviewer):
    Workpaper.objects.filter(pk=paper.pk).update(assignee=reviewer)
    with pytest.raises(Refused):
        tell("not_performed")


# The broker's own period ---------------------------------------------------------------------------


def test_a_periodic_duty_needs_the_broker_s_own_period(periodic, preparer):
    paper, rule = periodic
    for result in paper.results.filter(procedure__in=rule.procedures.all()):
        save_result(result, DONE, version=result.version, by=preparer)
    assert "coverage.frequency" in kinds(paper, preparer)
    state_frequency(paper, rule, frequency="monthly", source="存取控制作業規範第 5 條", by=preparer)
    assert kinds(paper, preparer) == ["coverage.gap"] * 10


def test_a_broker_that_sets_no_period_is_no_case_without_exception(periodic, preparer):
    paper, rule = periodic
    state_frequency(paper, rule, frequency="unstated", source="訪談資訊主管，規範未訂。", by=preparer)
    for result in paper.results.filter(procedure__in=rule.procedures.all()):
        save_result(result, DONE, version=result.version, by=preparer)
    assert "受查者未訂定週期" in dict(against(paper, preparer))["coverage.frequency"]


def test_a_stated_period_is_content_and_event(periodic, preparer):
    paper, rule = periodic
    before = content_hash(paper)
    stated = state_frequency(paper, rule, frequency="monthly", source="第 5 條", by=preparer)
    assert content_hash(paper) != before
    event = Event.objects.get(name="duty.frequency-stated")
    facts = {"stated": stated.pk, "duty": rule.what, "frequency": "monthly"}
    assert event.content["facts"] == facts | revised(Revision.objects.get())


def test_a_period_is_corrected_in_place(periodic, preparer, reviewer):
    paper, rule = periodic
    state_frequency(paper, rule, frequency="monthly", source="第 5 條", by=preparer)
    state_frequency(paper, rule, frequency="quarterly", source="第 5 條", by=reviewer)
    assert StatedFrequency.objects.get().frequency == "quarterly"


def test_a_period_under_which_something_told_would_hang_in_the_air_is_refused(periodic, preparer):
    paper, rule = periodic
    state_frequency(paper, rule, frequency="monthly", source="第 5 條", by=preparer)
    tell_occurrence(paper, rule, date(2026, 2, 1), Telling("not_performed", "訪談。"), by=preparer)
    with pytest.raises(Refused):
        state_frequency(paper, rule, frequency="quarterly", source="第 5 條", by=preparer)


@pytest.mark.parametrize(("frequency", "source"), [("hourly", "第 5 條"), ("monthly", "  ")])
def test_a_period_that_is_none_or_stands_nowhere_is_refused(periodic, preparer, frequency, source):
    paper, rule = periodic
    with pytest.raises(Refused):
        state_frequency(paper, rule, frequency=frequency, source=source, by=preparer)
    assert not StatedFrequency.objects.exists()


def test_where_the_text_sets_the_period_the_broker_s_own_does_not_count(paper, quarterly, preparer):
    with pytest.raises(Refused):
        state_frequency(paper, quarterly, frequency="annual", source="第 5 條", by=preparer)


def test_a_duty_of_the_calendar_that_nothing_shows_has_not_simply_not_occurred(paper, result, preparer):
    save_result(result, Entry("no_occurrence", "詢問。", "未發生。", DONE.performed_on), version=1, by=preparer)
    assert "coverage.gap" in kinds(paper, preparer)
