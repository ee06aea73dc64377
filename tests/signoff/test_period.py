"""Into reporting: no result is interim any more, and every recurring duty is covered to the period's end."""

from datetime import date, datetime
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from engagements.models import Engagement, Stage
from evidence.times import Covered
from procedures.models import Occurrence, ProcedureResult, StatedFrequency, Workpaper
from procedures.uncovered import uncovered
from signoff.gates import blockers_into
from signoff.standing import Standing
from tests.stages import perform_all
from tests.uploads import attach, pdf

END = date(2026, 12, 31)
EARLY = date(2026, 10, 20)


@pytest.fixture(autouse=True)
def _january(fieldwork: Engagement) -> Any:
    """The period is over. What other tests begin with too is made before, in its own time."""
    with time_machine.travel(datetime(2027, 1, 8, 2, tzinfo=timezone.get_current_timezone()), tick=False):
        yield


@pytest.fixture
def performed(fieldwork, preparer) -> Engagement:
    perform_all(fieldwork, by=preparer)
    return fieldwork


def of_period(engagement: Engagement, stage: Stage = Stage.REPORTING) -> list[Any]:
    found = blockers_into(stage, Standing(Engagement.objects.get(pk=engagement.pk)))
    return [blocker for blocker in found if blocker.kind.startswith(("coverage.", "result.interim"))]


def result_of(engagement: Engagement, code: str, position: int = 1) -> ProcedureResult:
    found: ProcedureResult = ProcedureResult.objects.select_related("workpaper").get(
        workpaper__engagement=engagement, workpaper__code=code, position=position
    )
    return found


def perform_early(engagement: Engagement, *codes: str) -> None:
    early = ProcedureResult.objects.filter(workpaper__engagement=engagement, workpaper__code__in=codes, position=1)
    early.update(performed_on=EARLY)


def test_what_was_performed_and_seen_to_the_end_of_the_period_may_be_reported(performed):
    assert of_period(performed) == []


def test_interim_results_are_counted_named_and_led_to(performed):
    perform_early(performed, "3.4", "1.1")
    (blocker,) = of_period(performed)
    assert "2 項結果仍為期中（C-1.1, C-3.4）" in blocker.text
    assert blocker.url == Workpaper.objects.get(engagement=performed, code="1.1").get_absolute_url()


@pytest.mark.parametrize("stage", [Stage.REVIEW, Stage.FIELDWORK])
def test_interim_results_hold_no_earlier_stage(performed, stage):
    perform_early(performed, "3.4")
    assert of_period(performed, stage) == []


@pytest.mark.parametrize("stage", [Stage.REPORTING, Stage.QUALITY_REVIEW, Stage.ISSUED])
def test_interim_results_hold_every_later_stage(performed, stage):
    perform_early(performed, "3.4")
    assert [blocker.kind for blocker in of_period(performed, stage)] == ["result.interim"]


@pytest.mark.parametrize(
    ("covered", "interim"),
    [
        (Covered.span(date(2026, 7, 1), END), False),
        (Covered.on(date(2026, 8, 8), END), False),
        (Covered.state(date(2027, 1, 5)), False),
        (Covered.span(date(2026, 7, 1), date(2026, 12, 30)), True),
        (Covered.state(date(2026, 12, 30)), True),
    ],
)
def test_evidence_that_reaches_the_end_rolls_a_result_forward(performed, preparer, covered, interim):
    perform_early(performed, "1.1")
    attach(result_of(performed, "1.1"), pdf(), covered=covered, by=preparer)
    assert bool(of_period(performed)) == interim


def test_work_done_again_after_the_end_rolls_a_result_forward(performed):
    perform_early(performed, "1.1")
    ProcedureResult.objects.filter(performed_on=EARLY).update(performed_on=date(2027, 1, 5))
    assert of_period(performed) == []


@pytest.mark.parametrize("outcome", ["not_applicable", "scope_limitation"])
def test_what_was_not_tested_is_not_interim(performed, outcome):
    perform_early(performed, "1.1")
    ProcedureResult.objects.filter(performed_on=EARLY).update(outcome=outcome)
    assert of_period(performed) == []


def test_that_nothing_occurred_is_said_of_the_whole_period(performed):
    perform_early(performed, "1.1")
    ProcedureResult.objects.filter(performed_on=EARLY).update(outcome="no_occurrence")
    assert [blocker.kind for blocker in of_period(performed)] == ["result.interim"]


def test_as_of_a_date_nothing_is_interim(performed):
    perform_early(performed, "1.1")
    as_of = {"kind": "establishment", "as_of": END, "period_start": None, "period_end": None}
    Engagement.objects.filter(pk=performed.pk).update(**as_of)
    assert of_period(performed) == []


def test_a_quarter_that_came_due_after_the_signature_is_named_at_the_gate(performed):
    Occurrence.objects.filter(workpaper__code="3.4", starts_on=date(2026, 10, 1)).delete()
    (blocker,) = of_period(performed)
    result = result_of(performed, "3.4")
    assert (blocker.kind, str(blocker.text)) == ("coverage.gap", "C-3.4 / 1　第 4 季無資訊安全查核作業之佐證")
    assert blocker.url == f"{result.workpaper.get_absolute_url()}#result-{result.pk}"


def test_many_gaps_are_summed_up_after_the_first(performed):
    Occurrence.objects.all().delete()
    found = of_period(performed)
    assert [blocker.kind for blocker in found] == ["coverage.gap"] * 5 + ["coverage.more"]
    assert "另有" in found[-1].text


def test_a_period_that_nobody_recorded_is_named_at_the_gate(performed):
    StatedFrequency.objects.filter(workpaper__code="2.2").delete()
    assert [blocker.kind for blocker in of_period(performed)] == ["coverage.frequency"]


def test_a_whole_engagement_costs_five_queries_with_nothing_and_with_much(performed, preparer):
    for number in range(2):
        with CaptureQueriesContext(connection) as queries:
            uncovered(Engagement.objects.get(pk=performed.pk))
        assert len(queries) == 6  # with the engagement's own
        for result in ProcedureResult.objects.filter(workpaper__code__in=["3.4", "3.11", "3.8.5"]):
            attach(result, pdf(extra=f"{result.pk}{number}".encode()), covered=Covered.on(EARLY), by=preparer)
