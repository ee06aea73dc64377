"""The time that a recurring duty's evidence covers, drawn along the period: what is due, what is there, what lacks."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from controls.models import FrequencyRule
from desk.workpaper_sheet import ProcedureBlock
from engagements.models import Engagement
from evidence.models import Evidence
from foundation.web import roc


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch of the drawing; `x` and `width` in whole per cent of the period."""

    x: int
    width: int
    label: str


@dataclass(frozen=True, slots=True)
class Period:
    """The engagement's period, as a ruler."""

    start: date
    end: date

    def at(self, day: date) -> int:
        """Where a day lies, in whole per cent, inside the period."""
        days = (min(max(day, self.start), self.end) - self.start).days
        return round(100 * days / (self.end - self.start).days)

    def bar(self, first: date, last: date, label: str) -> Bar:
        return Bar(self.at(first), max(self.at(last) - self.at(first), 1), label)

    def parts(self, months: int) -> Iterator["Period"]:
        """The period in stretches of so many months, the last one perhaps shorter."""
        first = self.start
        while first < self.end:
            following = _months_later(first, months)
            yield Period(first, min(following - timedelta(days=1), self.end))
            first = following


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, 1)


@dataclass(frozen=True, slots=True)
class Timeline:
    """One duty with what its procedures' evidence covers."""

    duty: FrequencyRule
    needs: list[Bar]
    haves: list[Bar]
    gaps: list[Bar]
    months: list[Bar]
    covered: int

    @property
    def summary(self) -> str:
        """What the drawing says, for those who hear it."""
        facts = {"what": self.duty.what, "due": len(self.needs), "covered": self.covered}
        return _("%(what)s: due %(due)d times, evidence covers %(covered)d") % facts


def timelines(blocks: list[ProcedureBlock], engagement: Engagement) -> list[Timeline]:
    """Return a timeline for each duty with a number of occurrences; none for an assessment as of a date."""
    if not (engagement.period_start and engagement.period_end):
        return []
    period = Period(engagement.period_start, engagement.period_end)
    duties = {duty.pk: duty for block in blocks for duty in block.duties if duty.expected_count}
    return [_timeline(duty, period, _evidence_on(duty, blocks)) for duty in duties.values()]


def _evidence_on(duty: FrequencyRule, blocks: list[ProcedureBlock]) -> list[tuple[Period, Evidence]]:
    """Return the evidence that says what time it covers, with that time."""
    cited = {c.evidence_id: c.evidence for block in blocks if duty in block.duties for c in block.citations}
    return [(span, piece) for piece in cited.values() if (span := _span(piece))]


def _span(piece: Evidence) -> Period | None:
    """What a piece covers: a span, or one day where only one is given."""
    start, end = piece.covered_from or piece.covered_to, piece.covered_to or piece.covered_from
    return Period(start, end) if start and end else None


def _timeline(duty: FrequencyRule, period: Period, evidence: list[tuple[Period, Evidence]]) -> Timeline:
    parts = list(period.parts(12 // (duty.expected_count or 1)))
    bare = [part for part in parts if not any(_overlap(part, span) for span, _piece in evidence)]
    return Timeline(
        duty=duty,
        needs=[period.bar(part.start, part.end, _title(part)) for part in parts],
        haves=[period.bar(span.start, span.end, piece.label) for span, piece in evidence if _overlap(period, span)],
        gaps=[period.bar(part.start, part.end, _("no dated evidence")) for part in bare if _is_due(part)],
        months=[Bar(period.at(month.start), 0, str(month.start.month)) for month in period.parts(1)],
        covered=len(parts) - len(bare),
    )


def _overlap(one: Period, other: Period) -> bool:
    return one.start <= other.end and other.start <= one.end


def _is_due(part: Period) -> bool:
    return part.end < timezone.localdate()


def _title(part: Period) -> str:
    months = f"{part.start.year - roc.YEAR_ZERO}/{part.start.month:02}–{part.end.month:02}"
    return months if _is_due(part) else _("%(months)s not yet due") % {"months": months}
