"""The coverage of a recurring duty: drawn along the period, and said in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from foundation.web import roc
from procedures.coverage import Coverage, Expected, Shown, State
from procedures.coverage_gaps import frequency_gap, said
from procedures.models import Occurrence
from procedures.stretches import Frequency, Span, stretches

ROOM = 14  # per cent of the period that a word of the drawing needs


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

    def words_in(self, span: Span, label: str, kind: str = "") -> Bar:
        """A stretch with its label, where there is room for it."""
        bar = self.bar(span, label, kind)
        return bar if bar.width >= ROOM else Bar(bar.x, bar.width, "", kind)


@dataclass(frozen=True, slots=True)
class Picture:
    """What is due (`needs`), on record (`haves`), lacking or told (`gaps`); days of occurrences and of states as
    `points`; where the months begin; today, if it lies in the period.
    """

    needs: list[Bar]
    haves: list[Bar]
    gaps: list[Bar]
    points: list[Bar]
    months: list[Bar]
    today: Bar | None


@dataclass(frozen=True, slots=True)
class Line:
    """One expected occurrence in words: what lacks of it, or what was told."""

    text: str
    starts_on: date
    is_gap: bool
    told: Occurrence | None


@dataclass(frozen=True, slots=True)
class Drawing:
    """One duty as the sheet shows it: no picture where nobody has said how often it is due."""

    coverage: Coverage
    picture: Picture | None
    lines: list[Line]

    @property
    def frequency_gap(self) -> str:
        """What is wrong with the broker's own period, in words."""
        return frequency_gap(self.coverage)

    @property
    def longest(self) -> str:
        """The longest time between two occurrences, in words."""
        days = self.coverage.longest
        text = ngettext("longest interval %(n)d day", "longest interval %(n)d days", days or 0)
        return "" if days is None else text % {"n": days}

    @property
    def summary(self) -> str:
        """What the drawing says, for those who hear it."""
        facts = {"what": self.coverage.duty.what, "due": len(self.coverage.due), "covered": len(self.coverage.covered)}
        return _("%(what)s: due %(due)d times, evidence covers %(covered)d") % facts


def drawing(coverage: Coverage) -> Drawing:
    """Draw a duty's coverage and put it into words."""
    lines = [_line(each, coverage) for each in coverage.expected if each.is_unexplained or each.told]
    return Drawing(coverage, _picture(coverage) if coverage.expected else None, lines)


def _line(expected: Expected, coverage: Coverage) -> Line:
    return Line(said(expected, coverage), expected.stretch.span.first, expected.is_unexplained, expected.told)


def _picture(coverage: Coverage) -> Picture:
    period = Span(coverage.expected[0].stretch.span.first, coverage.expected[-1].stretch.span.last)
    ruler, today = Ruler(period), timezone.localdate()
    return Picture(
        needs=[ruler.words_in(each.stretch.span, each.stretch.label, each.state) for each in coverage.expected],
        haves=[ruler.bar(span, str(span)) for span in coverage.shown.spans if period.touches(span)],
        gaps=[bar for each in coverage.expected for bar in _gaps(each, ruler)],
        points=list(_points(coverage.shown, coverage.expected, ruler)),
        months=[
            Bar(ruler.at(each.span.first), 0, str(each.span.first.month))
            for each in stretches(Frequency.MONTHLY, period)
        ],
        today=Bar(ruler.at(today), 0, roc.short(today)) if today in period else None,
    )


def _gaps(expected: Expected, ruler: Ruler) -> Iterator[Bar]:
    """What lacks of one occurrence, or what was told of it: the days without a record, else the whole stretch."""
    if expected.state in {State.COVERED, State.SEEN}:
        return
    if expected.state == State.NOT_DUE and not expected.told:
        return
    words = {State.GAP: pgettext("coverage", "none"), State.PARTIAL: pgettext("coverage", "a part only")}
    label = words[expected.state] if expected.is_unexplained else Occurrence.Kind(expected.state).label
    for span in expected.holes or (expected.stretch.span,):
        yield ruler.words_in(span, str(label), expected.state)


def _points(shown: Shown, expected: tuple[Expected, ...], ruler: Ruler) -> Iterator[Bar]:
    """Days of occurrences, seen on site or in evidence, and days on which something stood so."""
    seen = [each.told.happened_on for each in expected if each.told and each.told.happened_on]
    for kind, days in (("occurrence", shown.days), ("seen", seen), ("state", shown.states)):
        for day in days:
            if day in ruler.period:
                yield Bar(ruler.at(day), 0, roc.short(day), kind)
