"""The stretches of an engagement's period in each of which a recurring duty is due once, counted from its first day."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count

from django.utils.translation import gettext as _

from foundation.web import roc
from procedures.models import StatedFrequency

Frequency = StatedFrequency.Frequency
A_DAY = timedelta(days=1)
# How many months a stretch has; the other frequencies have none of a fixed length.
MONTHS = {Frequency.ANNUAL: 12, Frequency.SEMIANNUAL: 6, Frequency.QUARTERLY: 3, Frequency.MONTHLY: 1}


@dataclass(frozen=True, slots=True)
class Span:
    """Days from – to, both included."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    def contains(self, other: "Span") -> bool:
        return self.first <= other.first and other.last <= self.last

    def touches(self, other: "Span") -> bool:
        return self.first <= other.last and other.first <= self.last

    def __str__(self) -> str:
        """115/01/01–115/03/31."""
        return f"{roc.short(self.first)}–{roc.short(self.last)}"


@dataclass(frozen=True, slots=True)
class Stretch:
    """One of them, with its name (第 3 季). One that the period's end cuts off isn't whole. A duty that
    never stops has one.
    """

    span: Span
    label: str
    is_whole: bool = True
    never_stops: bool = False


def stretches(frequency: str, period: Span) -> list[Stretch]:
    """Return the stretches of a period in order; one for a duty that never stops, none for one without a rhythm."""
    if frequency == Frequency.CONTINUOUS:
        return [Stretch(period, _("The whole period"), never_stops=True)]
    return list(_stretches(MONTHS[Frequency(frequency)], period)) if frequency in MONTHS else []


def _stretches(months: int, period: Span) -> Iterator[Stretch]:
    for number in count():
        first = _months_later(period.first, number * months)
        if first > period.last:
            return
        due = Span(first, _months_later(period.first, (number + 1) * months) - A_DAY)
        whole = due.last <= period.last
        yield Stretch(due if whole else Span(first, period.last), _label(months, number, due), whole)


def _months_later(day: date, months: int) -> date:
    """The same day of a later month, or that month's last one."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _label(months: int, number: int, span: Span) -> str:
    """What an auditor calls the stretch; by its days where it has no name of its own."""
    if months == 1:
        return _("Month %(number)d") % {"number": span.first.month}
    if months == 3:
        return _("Quarter %(number)d") % {"number": number + 1}
    names = {(6, 0): _("First half-year"), (6, 1): _("Second half-year"), (12, 0): _("The whole year")}
    return names.get((months, number), str(span))
