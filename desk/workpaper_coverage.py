"""The coverage of a recurring duty, drawn along the period: what is due, what is on record, what lacks, what was told."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation.web import roc
from procedures.coverage import Coverage, Expected, State
from procedures.coverage_gaps import frequency_gap, said
from procedures.models import Occurrence
from procedures.stretches import Frequency, Span, stretches


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch of the drawing; `x` and `width` in whole per cent of the period. `kind` is how it looks."""

    x: int
    width: int
    label: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Ruler:
    """The period, on which days have their places."""

    period: Span

    def at(self, day: date) -> int:
        """Where a day lies, in whole per cent, inside the period."""
        days = (min(max(day, self.period.first), self.period.last) - self.period.first).days
        return round(100 * days / (self.period.last - self.period.first).days)

    def bar(self, span: Span, label: str, kind: str = "") -> Bar:
        return Bar(self.at(span.first), max(self.at(span.last) - self.at(span.first), 1), label, kind)

    def point(self, day: date, kind: str = "") -> Bar:
        return Bar(self.at(day), 0, roc.short(day), kind)


@dataclass(frozen=True, slots=True)
class Line:
    """One expected occurrence in words: what lacks of it or was told; `told` says by whom and why."""

    text: str
    starts_on: date
    is_gap: bool
    told: Occurrence | None


@dataclass(frozen=True, slots=True)
class Drawing:
    """One duty as the sheet draws it and says it."""

    coverage: Coverage
    needs: list[Bar]
    haves: list[Bar]
    points: list[Bar]
    months: list[Bar]
    today: Bar | None
    lines: list[Line]

    @property
    def frequency_gap(self) -> str:
        """What is wrong with the broker's own period, in words."""
        return frequency_gap(self.coverage)

    @property
    def longest(self) -> str:
        """The longest time between two occurrences, in words."""
        days = self.coverage.longest
        return "" if days is None else ngettext("longest interval %(n)d day", "longest interval %(n)d days", days) % {"n": days}

    @property
    def summary(self) -> str:
        """What the drawing says, for those who hear it."""
        facts = {"what": self.coverage.duty.what, "due": len(self.coverage.due), "covered": len(self.coverage.covered)}
        heard = [_("%(what)s: due %(due)d times, evidence covers %(covered)d") % facts, self.longest]
        heard += [line.text for line in self.lines]
        return "; ".join(text for text in heard if text)


def drawing(coverage: Coverage) -> Drawing:
    """Draw a duty's coverage; one that has no rhythm yet has nothing but its words."""
    period = _period(coverage)
    ruler = Ruler(period) if period else None
    return Drawing(
        coverage=coverage,
        needs=list(_needs(coverage, ruler)) if ruler else [],
        haves=[ruler.bar(span, str(span)) for span in coverage.shown.spans if period.touches(span)] if ruler else [],
        points=list(_points(coverage, ruler)) if ruler else [],
        months=[Bar(ruler.at(each.span.first), 0, str(each.span.first.month)) for each in stretches(Frequency.MONTHLY, period)] if ruler else [],
        today=ruler.point(timezone.localdate()) if ruler and timezone.localdate() in period else None,
        lines=[_line(each, coverage) for each in coverage.expected if each.is_unexplained or each.told],
    )
