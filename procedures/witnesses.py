"""What of this app and the trail vouch for one another."""

from collections.abc import Iterator
from itertools import islice
from operator import attrgetter

from django.db.models import F

from foundation.trail.verification import Seal
from foundation.trail.witnesses import Witness
from procedures.content import conclusion_hash, content_hashes, result_hash
from procedures.models import ProcedureResult, SignOff, Workpaper

PAPERS = 100


def witnesses() -> list[Witness]:
    """Results and conclusions that somebody entered, each sign-off with its person and the content it was given on."""
    return [
        Witness(
            ProcedureResult.objects.filter(saved_at__isnull=False),
            ("result.saved",),
            about="workpaper_id",
            fact="result",
            told={
                "facts.outcome": attrgetter("outcome"),
                "facts.hash": result_hash,
                "actor.id": attrgetter("performed_by_id"),
            },
        ),
        Witness(
            Workpaper.objects.exclude(conclusion="", version=1),
            ("conclusion.saved",),
            told={"facts.hash": conclusion_hash},
        ),
        Witness(
            Workpaper.objects.exclude(assignee=None),
            ("workpaper.assigned",),
            told={"facts.assignee": attrgetter("assignee_id")},
            ended=("workpaper.unassigned",),
        ),
        *(_signed_as(role) for role in SignOff.Role.values),
    ]


def _signed_as(role: str) -> Witness:
    return Witness(
        SignOff.objects.filter(role=role),
        (f"workpaper.{role}",),
        about="workpaper_id",
        fact="signoff",
        told={
            "facts.hash": attrgetter("content_hash"),
            "facts.content": attrgetter("content_version"),
            "actor.id": attrgetter("user_id"),
        },
    )


def signed_papers() -> Iterator[Seal]:
    """Yield each sign-off on a paper's present content with the hash of what the paper says now.

    Four queries for each batch. A paper that is being written on meanwhile is left out: its sign-offs have lapsed.
    """
    valid = SignOff.objects.filter(content_version=F("workpaper__content_version")).order_by("workpaper", "pk")
    signoffs = valid.select_related("workpaper__engagement__auditee").iterator(PAPERS)
    while batch := list(islice(signoffs, PAPERS)):
        papers = {signoff.workpaper_id: signoff.workpaper for signoff in batch}
        hashes = content_hashes(papers.values())
        versions = dict(Workpaper.objects.filter(pk__in=papers).values_list("pk", "content_version"))
        for signoff in batch:
            if versions.get(signoff.workpaper_id) == signoff.content_version:
                yield Seal(_label(signoff), signoff.content_hash, hashes[signoff.workpaper_id])


def _label(signoff: SignOff) -> str:
    return f"procedures.SignOff {signoff.pk} ({signoff.workpaper.engagement}, {signoff.workpaper.index}, {signoff})"
