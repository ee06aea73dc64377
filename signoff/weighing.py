"""What is weighed for the conclusion, from the rows: findings, limitations, refusals, what doesn't operate yet."""

from collections.abc import Iterable, Iterator

from engagements.models import Engagement
from findings.models import Finding, Severity
from procedures.models import Occurrence, Outcome, ProcedureResult, Workpaper
from signoff.proposing import Bears, Weighing

_OF_FINDINGS: dict[str, Bears] = {Severity.MATERIAL: Bears.MATERIAL, Severity.ADVISORY: Bears.ADVICE}
_OF_RESULTS = {Outcome.SCOPE_LIMITATION: Bears.LIMITATION, Outcome.NOT_YET_OPERATING: Bears.NOT_YET}


def weigh(engagement: Engagement, findings: Iterable[Finding]) -> list[Weighing]:
    """Everything that bears on the conclusion; `findings` are those that count (two queries)."""
    return [*map(_finding, findings), *_results(engagement), *_refusals(engagement)]


def _finding(finding: Finding) -> Weighing:
    bears = _OF_FINDINGS.get(finding.severity, Bears.DISCLOSED)
    return Weighing(str(finding), bears, finding.get_severity_display(), url=finding.get_absolute_url())


def _results(engagement: Engagement) -> Iterator[Weighing]:
    results = ProcedureResult.objects.filter(workpaper__engagement=engagement, outcome__in=_OF_RESULTS)
    for result in results.select_related("workpaper").order_by("workpaper__position", "position"):
        label = f"{result.workpaper.index} · {result.position}"
        yield Weighing(label, _OF_RESULTS[Outcome(result.outcome)], url=result.workpaper.get_absolute_url())


def _refusals(engagement: Engagement) -> Iterator[Weighing]:
    papers = Workpaper.objects.filter(engagement=engagement, occurrences__kind=Occurrence.Kind.REFUSED).distinct()
    for paper in papers.order_by("position"):
        yield Weighing(paper.index, Bears.REFUSAL, url=paper.get_absolute_url())
