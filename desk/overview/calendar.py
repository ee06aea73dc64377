"""Engagements by stage and filing deadline, on one calendar."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from engagements.models import Engagement, Stage
from foundation.web import roc

BEHIND, AHEAD = timedelta(days=60), timedelta(days=92)  # what is shown at least, from today
SOON = 14  # days; as engagements/countdown.html says it
TICKS = 12  # months that have room for a label


@dataclass(frozen=True, slots=True)
class Tick:
    """A month's first day; `at` is its place on the axis ("12.5%")."""

    label: str
    at: str


@dataclass(frozen=True, slots=True)
class Axis:
    """The days that the calendar shows, from one month's first to another's last."""

    first: date
    last: date

    def share(self, day: date) -> float:
        """Where a day stands, 0 to 100; what lies outside stands at the end."""
        return min(max(100 * (day - self.first).days / (self.last - self.first).days, 0), 100)

    def at(self, day: date) -> str:
        return f"{self.share(day):.2f}%"

    @property
    def today(self) -> str:
        return self.at(timezone.localdate())

    @property
    def ticks(self) -> list[Tick]:
        """Every month, or every third where there are many."""
        months = list(_months(self.first, self.last))
        step = 1 if len(months) <= TICKS else 3
        return [Tick(_month(day, first=place == 0), self.at(day)) for place, day in enumerate(months[::step])]


def _months(first: date, last: date) -> Iterable[date]:
    day = first
    while day <= last:
        yield day
        day = _next_month(day)


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _month(day: date, *, first: bool) -> str:
    """The month's number; the year before the first one and before January."""
    return f"{day.year - roc.YEAR_ZERO}/{day.month:02}" if first or day.month == 1 else f"{day.month:02}"


def axis_of(engagements: Iterable[Engagement]) -> Axis:
    """From two months ago to the last deadline, at least a quarter ahead; earlier where a deadline was missed."""
    today = timezone.localdate()
    open_ones = [engagement.deadline for engagement in engagements if not engagement.is_closed]
    first = min([today - BEHIND, *open_ones]).replace(day=1)
    last = _next_month(max([today + AHEAD, *open_ones])) - timedelta(days=1)
    return Axis(first, last)


@dataclass(frozen=True, slots=True)
class Row:
    """One engagement: from its beginning to its deadline. `manner`: late, soon, open or done."""

    engagement: Engagement
    manner: str
    start: str
    width: str
    deadline: str
    last_day: str


def rows_of(engagements: Iterable[Engagement], axis: Axis) -> list[Row]:
    """The engagements as the calendar shows them, in the order given."""
    return [_row(engagement, axis) for engagement in engagements]


def _row(engagement: Engagement, axis: Axis) -> Row:
    began = timezone.localdate(engagement.created_at)
    start, end = axis.share(min(began, engagement.deadline)), axis.share(engagement.deadline)
    return Row(
        engagement=engagement,
        manner=_manner(engagement),
        start=f"{start:.2f}%",
        width=f"{end - start:.2f}%",
        deadline=axis.at(engagement.deadline),
        last_day=axis.at(engagement.last_day),
    )


def _manner(engagement: Engagement) -> str:
    if engagement.is_closed:
        return "done"
    if not engagement.is_awaited:
        return "open"
    left = engagement.days_left
    return "late" if left < 0 else "soon" if left <= SOON else "open"


def shown(engagements: QuerySet[Engagement]) -> list[Engagement]:
    """Those under way, and those issued whose deadline was in the last two months: the next deadline first."""
    behind = timezone.localdate() - BEHIND
    found = engagements.exclude(stage=Stage.WITHDRAWN).order_by("deadline", "auditee__name", "pk")
    return [engagement for engagement in found if not engagement.is_closed or engagement.deadline >= behind]
