"""Coverage of a whole engagement, asked again when it moves on: time passes after a signature."""

from collections.abc import Iterator

from django.db.models import Prefetch

from engagements.models import Engagement
from foundation.web.blockers import Blocker
from procedures.coverage_gaps import coverage_gaps
from procedures.known_duties import KnownDuties, known_in, period_of
from procedures.models import ProcedureResult, Support


def uncovered(engagement: Engagement) -> list[Blocker]:
    """Return what the coverage of duties says against the results, in the order of papers, each with the way to it
    (five queries, whatever the size; none as of a date).
    """
    return list(_uncovered(engagement, known_in(engagement))) if period_of(engagement) else []


def _uncovered(engagement: Engagement, known: KnownDuties) -> Iterator[Blocker]:
    for result in _bound_results(engagement, known):
        result.workpaper.engagement = engagement
        coverages = known.coverages(result, engagement, result.supports.all())
        for kind, text in coverage_gaps(result, coverages):
            url = f"{result.workpaper.get_absolute_url()}#result-{result.pk}"
            yield Blocker(kind, f"{result}　{text}", url)


def _bound_results(engagement: Engagement, known: KnownDuties) -> list[ProcedureResult]:
    """The results of procedures that a duty binds, with their evidence."""
    results = ProcedureResult.objects.filter(workpaper__engagement=engagement, procedure__in=known.duties)
    evidence = Prefetch("supports", Support.objects.filter(kind=Support.Kind.EVIDENCE))
    concluded = results.exclude(outcome="").select_related("workpaper").prefetch_related(evidence)
    return list(concluded.order_by("workpaper__position", "position"))
