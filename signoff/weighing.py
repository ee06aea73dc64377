"""What is weighed for the conclusion, from the rows: findings, limitations, refusals, what doesn't operate yet."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from engagements.models import Engagement
from evidence.models import Request
from findings.models import Severity
from findings.weights import Weight, weights
from procedures.models import Occurrence, Outcome, ProcedureResult, Workpaper
from signoff.proposing import Bears, Weighing

_OF_RESULTS = {Outcome.SCOPE_LIMITATION: Bears.LIMITATION, Outcome.NOT_YET_OPERATING: Bears.NOT_YET}


def weigh(engagement: Engagement) -> list[Weighing]:
    """Everything that bears on the conclusion: findings singly and together, then what limits it (eight queries)."""
    limits = (*_results(engagement), *_requests(engagement), *_refusals(engagement))
    return [*map(_finding, weights(engagement)), *limits]


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


def _requests(engagement: Engagement) -> Iterator[Weighing]:
    """A request closed as a scope limitation that no procedure which needed it reports: nothing else would count it."""
    limited = ProcedureResult.objects.filter(workpaper__engagement=engagement, outcome=Outcome.SCOPE_LIMITATION)
    told = Request.documents.through.objects.filter(expecteddocument__procedure__in=limited.values("procedure"))
    untold = Request.objects.limiting().filter(engagement=engagement).exclude(pk__in=told.values("request"))
    for request in untold.prefetch_related("documents__procedure__point").order_by("number"):
        needing = {document.procedure for document in request.documents.all()}
        ordered = sorted(needing, key=lambda each: (each.point.position, each.no))
        codes = _(", ").join(f"{each.point.index}-{each.no}" for each in ordered)
        label = _("%(request)s (%(procedures)s)") % {"request": request, "procedures": codes}
        yield Weighing(label, Bears.LIMITATION, url=request.get_absolute_url())


def _refusals(engagement: Engagement) -> Iterator[Weighing]:
    papers = Workpaper.objects.filter(engagement=engagement, occurrences__kind=Occurrence.Kind.REFUSED).distinct()
    for paper in papers.order_by("position"):
        yield Weighing(paper.index, Bears.REFUSAL, url=paper.get_absolute_url())
