"""What is weighed for the conclusion, from the rows: findings, limitations, refusals, what doesn't operate yet."""

from collections.abc import Iterator

from engagements.models import Engagement
from findings.models import Severity
from findings.weights import Weight, weights
from procedures.models import Occurrence, Outcome, ProcedureResult, Workpaper
from signoff.proposing import Bears, Weighing

_OF_RESULTS = {Outcome.SCOPE_LIMITATION: Bears.LIMITATION, Outcome.NOT_YET_OPERATING: Bears.NOT_YET}


def weigh(engagement: Engagement) -> list[Weighing]:
    """Everything that bears on the conclusion: findings singly and together, then what limits it (five queries)."""
    return [*map(_finding, weights(engagement)), *_results(engagement), *_refusals(engagement)]


def _finding(weight: Weight) -> Weighing:
    """A finding, or several that are judged together, as it was judged."""
    below = Bears.ADVICE if weight.severity == Severity.ADVISORY else Bears.DISCLOSED
    return Weighing(
        label=" ".join((weight.label, weight.title, *weight.members)),
        bears=Bears.MATERIAL if weight.bears_on_conclusion else below,
        severity=str(dict(Severity.choices).get(weight.severity, "")),
        pervasive=weight.pervasive,
        url=weight.url,
    )


def _results(engagement: Engagement) -> Iterator[Weighing]:
    results = ProcedureResult.objects.filter(workpaper__engagement=engagement, outcome__in=_OF_RESULTS)
    for result in results.select_related("workpaper").order_by("workpaper__position", "position"):
        label = f"{result.workpaper.index}-{result.position}"  # as in the register of findings
        url = f"{result.workpaper.get_absolute_url()}#result-{result.pk}"
        yield Weighing(label, _OF_RESULTS[Outcome(result.outcome)], url=url)


def _refusals(engagement: Engagement) -> Iterator[Weighing]:
    papers = Workpaper.objects.filter(engagement=engagement, occurrences__kind=Occurrence.Kind.REFUSED).distinct()
    for paper in papers.order_by("position"):
        yield Weighing(paper.index, Bears.REFUSAL, url=paper.get_absolute_url())
