"""What is known of recurring duties, loaded for one paper or a whole engagement in the same number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.utils import timezone

from controls.models import FrequencyRule
from engagements.models import Engagement
from procedures.coverage import Clock, Coverage, Dated, Shown, cover, shown_by
from procedures.models import Occurrence, ProcedureResult, StatedFrequency, Support, Workpaper
from procedures.stretches import Span

OnPaper = tuple[UUID, int]  # a paper's and a rule's key


@dataclass
class KnownDuties:
    """Duties by procedure, and what was told of them by paper and rule."""

    duties: dict[int, list[FrequencyRule]] = field(default_factory=lambda: defaultdict(list))
    stated: dict[OnPaper, StatedFrequency] = field(default_factory=dict)
    told: dict[OnPaper, list[Occurrence]] = field(default_factory=lambda: defaultdict(list))

    def of(self, result: ProcedureResult) -> list[FrequencyRule]:
        """The duties that bind a result's procedure."""
        return self.duties.get(result.procedure_id, []) if result.procedure_id else []

    def coverages(self, result: ProcedureResult, engagement: Engagement, sources: Iterable[Dated]) -> list[Coverage]:
        """Hold a result's evidence against the duties of its procedure that have a rhythm; nothing as of a date."""
        recurring = [duty for duty in self.of(result) if duty.frequency != FrequencyRule.Frequency.EVENT]
        period = period_of(engagement)
        if not recurring or period is None:
            return []
        today = timezone.localdate()
        clock = Clock(period, today, result.performed_on)
        return [self._coverage(result, duty, shown_by(sources, today), clock) for duty in recurring]

    def _coverage(self, result: ProcedureResult, duty: FrequencyRule, shown: Shown, clock: Clock) -> Coverage:
        key = result.workpaper_id, duty.pk
        return cover(duty, self.stated.get(key), self.told.get(key, []), shown, clock)


def period_of(engagement: Engagement) -> Span | None:
    """The period that an annual assessment is about; None as of a date."""
    if not (engagement.period_start and engagement.period_end):
        return None
    return Span(engagement.period_start, engagement.period_end)


def known_on_paper(workpaper: Workpaper) -> KnownDuties:
    """Load the duties of one paper (three queries at most: what it has no duty for isn't asked)."""
    return _known({"procedure__point": workpaper.control_point_id}, {"workpaper": workpaper})


def known_in(engagement: Engagement) -> KnownDuties:
    """Load the duties of every paper of an engagement (three queries)."""
    catalogue = {"procedure__point__version": engagement.catalogue_id}
    return _known(catalogue, {"workpaper__engagement": engagement})


def _known(of_procedures: Mapping[str, object], on_papers: Mapping[str, object]) -> KnownDuties:
    known = KnownDuties()
    bound = FrequencyRule.procedures.through.objects.filter(**of_procedures).select_related("frequencyrule")
    for row in bound.order_by("frequencyrule__position"):
        known.duties[row.procedure_id].append(row.frequencyrule)
    frequencies = {duty.frequency for duties in known.duties.values() for duty in duties}
    if FrequencyRule.Frequency.PERIODIC in frequencies:
        for stated in StatedFrequency.objects.filter(**on_papers).select_related("stated_by"):
            known.stated[stated.workpaper_id, stated.rule_id] = stated
    if frequencies - {FrequencyRule.Frequency.EVENT}:
        for told in Occurrence.objects.filter(**on_papers).select_related("told_by"):
            known.told[told.workpaper_id, told.rule_id].append(told)
    return known


def evidence_among(supports: Iterable[Support]) -> Sequence[Support]:
    """Those supports that are evidence; findings have no time of their own."""
    return [support for support in supports if support.kind == Support.Kind.EVIDENCE]


def is_interim(result: ProcedureResult, engagement: Engagement, sources: Iterable[Dated]) -> bool:
    """期中: concluded from work done before the period's end, on evidence that doesn't reach it."""
    end = engagement.period_end
    if end is None or not result.concludes_on_period or not result.performed_on or result.performed_on >= end:
        return False
    return not any(reaches(source, end) for source in sources)


def reaches(source: Dated, day: date) -> bool:
    """Whether evidence speaks of a day or later; never of one to come."""
    return source.covered_to is not None and min(source.covered_to, timezone.localdate()) >= day
