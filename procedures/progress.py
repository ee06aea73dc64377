"""How far engagements are: the papers on control points, counted."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, F, Q

from engagements.models import Engagement
from procedures.models import ProcedureResult, Section, SignOff, Workpaper
from procedures.queries import PaperLine, controls

Role = SignOff.Role


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the papers on control points are."""

    procedures: int
    concluded: int
    papers: int
    prepared: int
    reviewed: int


def progress_of(lines: list[PaperLine]) -> Progress:
    """Sum the lines on control points up."""
    lines = controls(lines)
    return Progress(
        procedures=sum(line.total for line in lines),
        concluded=sum(line.concluded for line in lines),
        papers=len(lines),
        prepared=sum(1 for line in lines if line.prepared),
        reviewed=sum(1 for line in lines if line.reviewed),
    )


def progress_of_many(engagements: list[Engagement]) -> dict[UUID, Progress]:
    """Return the progress of several engagements at once (two queries)."""
    current = Q(signoffs__content_version=F("content_version"))
    here = Workpaper.objects.filter(engagement__in=engagements, section=Section.CONTROLS)
    papers = here.order_by().values_list("engagement")
    signed = papers.annotate(
        papers=Count("id", distinct=True),
        prepared=Count("id", filter=current & Q(signoffs__role=Role.PREPARED), distinct=True),
        reviewed=Count("id", filter=current & Q(signoffs__role=Role.REVIEWED), distinct=True),
    )
    results = ProcedureResult.objects.filter(workpaper__engagement__in=engagements).order_by()
    results = results.filter(workpaper__section=Section.CONTROLS)
    counted = results.values_list("workpaper__engagement").annotate(
        total=Count("id"), concluded=Count("id", filter=~Q(outcome=""))
    )
    procedures = {engagement: counts for engagement, *counts in counted}
    return {engagement: Progress(*procedures[engagement], *counts) for engagement, *counts in signed}
