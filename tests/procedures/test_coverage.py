"""What a duty expects in the period, and what evidence of which time covers of it."""

from dataclasses import dataclass, field
from datetime import date

import pytest

from controls.models import FrequencyRule
from evidence.models import Evidence
from procedures.coverage import OCCURRENCE, SPAN, STATE, Clock, Coverage, State, cover, holes, joined, shown_by
from procedures.models import Occurrence, StatedFrequency
from procedures.stretches import Span, stretches

D = date.fromisoformat
YEAR = Span(D("2026-01-01"), D("2026-12-31"))
FROM_JULY = Span(D("2025-07-01"), D("2026-06-30"))
FIRST_YEAR = Span(D("2026-05-10"), D("2026-12-31"))  # business began on 10 May


@dataclass
class Piece:
    """Evidence as far as its time goes."""

    nature: str
    covered_from: date | None
    covered_to: date | None
    dates: list[str] = field(default_factory=list)


def on(*days: str) -> Piece:
    return Piece(OCCURRENCE, D(days[0]), D(days[-1]), list(days))


def span(first: str, last: str) -> Piece:
    return Piece(SPAN, D(first), D(last))


def as_of(day: str) -> Piece:
    return Piece(STATE, D(day), D(day))


def unknown(first: str, last: str) -> Piece:
    return Piece("", D(first), D(last))


def told(kind: str, starts_on: str, happened_on: str = "") -> Occurrence:
    return Occurrence(kind=kind, starts_on=D(starts_on), happened_on=D(happened_on) if happened_on else None)


def covered(
    frequency: str, *pieces: Piece, period: Span = YEAR, today: str = "2027-02-01", performed: str = "", about=()
) -> Coverage:
    """Hold pieces against a duty that the text, or the broker for it, gives this frequency."""
    of_text = frequency if frequency in FrequencyRule.Frequency.values else "periodic"
    duty = FrequencyRule(frequency=of_text, what="資訊安全查核作業")
    stated = StatedFrequency(frequency=frequency) if of_text == "periodic" and frequency != "periodic" else None
    clock = Clock(period, D(today), D(performed) if performed else None)
    return cover(duty, stated, about, shown_by(pieces, D(today)), clock)


def states(coverage: Coverage) -> list[str]:
    return [str(each.state) for each in coverage.expected]


def days(spans) -> list[str]:
    return [f"{each.first:%m%d}-{each.last:%m%d}" for each in spans]


def test_the_kinds_of_time_are_those_of_evidence():
    assert {OCCURRENCE, SPAN, STATE} == set(Evidence.Nature.values)


# The stretches of a period -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("frequency", "period", "expected"),
    [
        ("annual", YEAR, ["0101-1231"]),
        ("semiannual", YEAR, ["0101-0630", "0701-1231"]),
        ("quarterly", YEAR, ["0101-0331", "0401-0630", "0701-0930", "1001-1231"]),
        ("quarterly", FROM_JULY, ["0701-0930", "1001-1231", "0101-0331", "0401-0630"]),
        ("semiannual", FIRST_YEAR, ["0510-1109", "1110-1231"]),
        ("continuous", YEAR, ["0101-1231"]),
        ("event", YEAR, []),
        ("unstated", YEAR, []),
        ("quarterly", Span(D("2023-11-30"), D("2024-11-29")), ["1130-0228", "0229-0529", "0530-0829", "0830-1129"]),
        ("quarterly", Span(D("2024-01-01"), D("2024-12-31")), ["0101-0331", "0401-0630", "0701-0930", "1001-1231"]),
    ],
)
def test_a_period_is_cut_from_its_first_day_on(frequency, period, expected):
    assert days(each.span for each in stretches(frequency, period)) == expected


def test_every_month_has_its_stretch_also_a_short_one():
    found = stretches("monthly", Span(D("2024-01-01"), D("2024-12-31")))
    assert len(found) == 12
    assert found[1].span == Span(D("2024-02-01"), D("2024-02-29"))


@pytest.mark.parametrize(
    ("frequency", "labels"),
    [
        ("quarterly", ["第 1 季", "第 2 季", "第 3 季", "第 4 季"]),
        ("semiannual", ["上半年", "下半年"]),
        ("annual", ["全年度"]),
    ],
)
def test_stretches_are_called_as_the_engagement_s_own_year_counts_them(frequency, labels):
    assert [each.label for each in stretches(frequency, FROM_JULY)] == labels


def test_months_are_called_by_the_calendar():
    assert [each.label for each in stretches("monthly", FROM_JULY)][:2] == ["7 月", "8 月"]


def test_a_stretch_that_the_end_of_a_short_first_year_cuts_off_is_not_whole():
    assert [each.is_whole for each in stretches("quarterly", FIRST_YEAR)] == [True, True, False]
    assert [each.is_whole for each in stretches("annual", FIRST_YEAR)] == [False]


# What covers a stretch --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("piece", "expected"),
    [
        (on("2026-02-10"), "covered"),
        (on("2026-01-01"), "covered"),
        (on("2026-03-31"), "covered"),
        (on("2026-04-01"), "gap"),
        (on("2025-12-31", "2026-05-01"), "gap"),
        (span("2026-01-10", "2026-02-10"), "covered"),
        (span("2026-01-01", "2026-03-31"), "covered"),
        (span("2025-06-01", "2026-12-31"), "covered"),
        (span("2026-03-15", "2026-04-15"), "partial"),
        (span("2025-12-15", "2026-01-15"), "partial"),
        (span("2026-04-01", "2026-06-30"), "gap"),
        (as_of("2026-02-10"), "gap"),
        (unknown("2026-02-10", "2026-02-10"), "covered"),
        (unknown("2026-03-15", "2026-04-15"), "partial"),
        (Piece("", None, None), "gap"),
        (Piece("", None, D("2026-02-10")), "covered"),
    ],
)
def test_the_first_quarter_is_covered_by_what_happened_inside_it_or_is_on_record_of_all_of_it(piece, expected):
    assert states(covered("quarterly", piece))[0] == expected


def test_several_days_cover_a_stretch_each():
    coverage = covered("quarterly", on("2026-02-10", "2026-05-11", "2026-11-30"))
    assert states(coverage) == ["covered", "covered", "gap", "covered"]


def test_records_that_follow_one_another_cover_together():
    pieces = span("2025-12-01", "2026-02-15"), span("2026-02-16", "2026-04-10")
    assert states(covered("quarterly", *pieces))[0] == "covered"


def test_records_with_a_day_between_them_cover_only_a_part():
    pieces = span("2025-12-01", "2026-02-15"), span("2026-02-17", "2026-04-10")
    assert states(covered("quarterly", *pieces))[0] == "partial"


def test_a_stretch_is_due_when_its_last_day_is_over():
    assert states(covered("quarterly", today="2026-09-30")) == ["gap", "gap", "not_due", "not_due"]
    assert states(covered("quarterly", today="2026-10-01")) == ["gap", "gap", "gap", "not_due"]


def test_what_is_cut_off_by_the_period_s_end_never_comes_due():
    assert states(covered("quarterly", period=FIRST_YEAR)) == ["gap", "gap", "not_due"]


def test_what_happened_early_covers_a_stretch_that_is_not_over():
    assert states(covered("annual", on("2026-05-11"), today="2026-06-01")) == ["covered"]


TO_COME = on("2026-12-01"), span("2026-11-01", "2026-12-31"), span("2026-12-01", "2026-12-31")


@pytest.mark.parametrize("piece", TO_COME)
def test_a_day_to_come_covers_nothing_yet(piece):
    assert states(covered("monthly", piece, today="2026-11-28"))[11] == "not_due"


def test_a_record_is_taken_as_far_as_it_has_come():
    coverage = covered("monthly", span("2026-01-01", "2026-12-31"), today="2026-11-28")
    assert states(coverage)[9:] == ["covered", "not_due", "not_due"]


# What is told ---------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", Occurrence.Kind.values)
def test_what_was_told_of_a_stretch_stands_for_it(kind):
    coverage = covered("quarterly", about=[told(kind, "2026-07-01", "2026-08-08" if kind == "seen" else "")])
    assert states(coverage) == ["gap", "gap", kind, "gap"]


def test_evidence_says_more_than_what_was_told():
    coverage = covered("quarterly", on("2026-08-08"), about=[told("not_performed", "2026-07-01")])
    assert states(coverage)[2] == "covered"
    assert coverage.expected[2].told is not None


# The broker's own period -------------------------------------------------------------------------


def test_without_the_broker_s_own_period_nothing_can_be_expected():
    coverage = covered("periodic")
    assert (coverage.needs_frequency, coverage.expected) == (True, ())


def test_a_broker_that_has_set_no_period_is_told_apart():
    coverage = covered("unstated")
    assert (coverage.needs_frequency, coverage.is_unstated, coverage.expected) == (False, True, ())


def test_the_broker_s_own_period_is_what_counts():
    assert len(covered("monthly").expected) == 12


# Duties that never stop ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pieces", "left"),
    [
        ([], ["0101-1231"]),
        ([span("2026-01-01", "2026-12-31")], []),
        ([span("2025-01-01", "2027-01-31")], []),
        ([span("2026-01-01", "2026-03-31"), span("2026-05-01", "2026-12-31")], ["0401-0430"]),
        ([span("2026-05-01", "2026-12-31"), span("2026-01-01", "2026-04-30")], []),
        ([span("2026-02-01", "2026-11-30")], ["0101-0131", "1201-1231"]),
        ([span("2026-01-01", "2026-08-31"), span("2026-03-01", "2026-12-31")], []),
        ([on("2026-01-01", "2026-12-31"), as_of("2026-06-30")], ["0101-1231"]),
    ],
)
def test_holes_in_the_records_are_named_by_their_days(pieces, left):
    (expected,) = covered("continuous", *pieces).expected
    assert days(expected.holes) == left
    assert expected.state == (State.GAP if left else State.COVERED)


def test_records_are_needed_until_the_day_before_the_work_was_done():
    until_may = span("2026-01-01", "2026-05-31")
    assert states(covered("continuous", until_may, today="2026-11-28", performed="2026-06-01")) == ["covered"]
    (expected,) = covered("continuous", until_may, today="2026-11-28", performed="2026-06-30").expected
    assert days(expected.holes) == ["0601-0629"]


def test_what_is_handed_in_later_leaves_no_hole_before_it():
    pieces = span("2026-01-01", "2026-05-31"), span("2026-12-01", "2026-12-31")
    (expected,) = covered("continuous", *pieces, performed="2026-06-01").expected
    assert days(expected.holes) == ["0601-1130"]


def test_before_a_day_of_the_period_is_over_no_record_is_due():
    assert states(covered("continuous", today="2026-01-01")) == ["not_due"]


# The rest ------------------------------------------------------------------------------------------


def test_the_longest_time_between_two_occurrences_is_counted_in_days():
    assert covered("quarterly", on("2026-01-01", "2026-03-02"), on("2026-03-12")).longest == 60


def test_what_was_seen_on_site_counts_as_an_occurrence():
    assert covered("quarterly", on("2026-01-01"), about=[told("seen", "2026-07-01", "2026-07-01")]).longest == 181


def test_one_occurrence_has_no_interval():
    assert covered("quarterly", on("2026-01-01"), span("2026-04-01", "2026-06-30")).longest is None


def test_a_leap_day_is_a_day():
    leap = Span(D("2024-01-01"), D("2024-12-31"))
    assert days(holes(leap, [Span(D("2024-01-01"), D("2024-02-28")), Span(D("2024-03-01"), D("2024-12-31"))])) == [
        "0229-0229"
    ]


def test_spans_that_overlap_or_follow_are_one():
    spans = [Span(D("2026-03-01"), D("2026-04-30")), Span(D("2026-01-01"), D("2026-02-28"))]
    assert joined(spans) == [Span(D("2026-01-01"), D("2026-04-30"))]


def test_once_the_period_is_over_records_cover_all_of_it_whenever_the_work_was_done():
    early = covered("continuous", as_of("2026-12-31"), today="2027-02-01", performed="2026-01-02")
    assert states(early) == ["gap"]
