"""Engagements by stage and deadline on one calendar."""

from datetime import date

import time_machine

from desk.overview.calendar import Axis, axis_of, rows_of, shown
from engagements.models import Engagement, Stage

YEAR = Axis(date(2026, 9, 1), date(2027, 3, 31))


def listed() -> list[Engagement]:
    return shown(Engagement.objects.select_related("auditee"))


def test_a_day_stands_where_its_share_of_the_axis_is():
    assert Axis(date(2026, 1, 1), date(2026, 1, 5)).at(date(2026, 1, 2)) == "25.00%"


def test_a_day_outside_the_axis_stands_at_its_end():
    assert (YEAR.at(date(2020, 1, 1)), YEAR.at(date(2030, 1, 1))) == ("0.00%", "100.00%")


def test_the_year_is_said_at_the_first_month_and_in_january():
    assert [tick.label for tick in YEAR.ticks] == ["115/09", "10", "11", "12", "116/01", "02", "03"]


def test_of_many_months_every_third_is_named():
    assert [tick.label for tick in Axis(date(2026, 1, 1), date(2027, 1, 31)).ticks] == [
        "115/01",
        "04",
        "07",
        "10",
        "116/01",
    ]


@time_machine.travel("2026-11-29 12:00 +0800")
def test_the_calendar_reaches_from_two_months_ago_to_the_last_deadline(engagement):
    assert axis_of([engagement]) == YEAR


@time_machine.travel("2026-11-29 12:00 +0800")
def test_the_calendar_begins_earlier_where_a_deadline_was_missed(engagement):
    engagement.deadline = date(2026, 2, 15)
    assert axis_of([engagement]).first == date(2026, 2, 1)


def manner_on(day: str, engagement: Engagement) -> str:
    with time_machine.travel(f"{day} 12:00 +0800"):
        [row] = rows_of([engagement], YEAR)
    return row.manner


def test_an_engagement_is_open_then_soon_due_then_late(engagement):
    days = ("2027-03-16", "2027-03-17", "2027-03-31", "2027-04-01")
    assert [manner_on(day, engagement) for day in days] == ["open", "soon", "soon", "late"]


def test_what_is_issued_is_never_late(engagement):
    engagement.stage = Stage.ISSUED
    assert manner_on("2027-06-01", engagement) == "done"


def test_the_bar_ends_at_the_deadline(engagement):
    [row] = rows_of([engagement], YEAR)
    assert row.deadline == "100.00%"
    assert float(row.start[:-1]) + float(row.width[:-1]) == 100


def test_what_was_issued_and_is_reissued_is_not_late(engagement):
    engagement.issued_on = date(2027, 3, 20)
    assert manner_on("2027-06-01", engagement) == "open"


@time_machine.travel("2027-06-15 12:00 +0800")
def test_an_issued_engagement_leaves_the_calendar_two_months_after_its_deadline(engagement):
    assert listed() == [engagement]
    Engagement.objects.update(stage=Stage.ISSUED)
    assert listed() == []


def test_an_engagement_that_was_withdrawn_is_on_no_calendar(engagement):
    Engagement.objects.filter(pk=engagement.pk).update(stage=Stage.WITHDRAWN)
    assert listed() == []
