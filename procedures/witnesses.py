"""What of this app and the trail vouch for one another."""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from operator import attrgetter
from typing import Any

from django.db.models import F

from foundation.trail.verification import Seal
from foundation.trail.witnesses import Witness
from procedures.additions import added_facts
from procedures.content import conclusion_hash, content_hashes, result_hash
from procedures.duties import facts_of, stated_facts
from procedures.library import LIBRARY_FACTS
from procedures.matrices import matrix_hash
from procedures.models import (
    DeclinedGap,
    Matrix,
    Occurrence,
    Phrase,
    ProcedureResult,
    Section,
    SignOff,
    StatedFrequency,
    Tickmark,
    Workpaper,
)

PAPERS = 100


def witnesses() -> list[Witness]:
    """Results and conclusions that somebody entered, what was told of duties, each sign-off with its person and the
    content it was given on.
    """
    return [
        *_entered(),
        *_decided_on_sheets(),
        *(each for model in (Tickmark, Phrase) for each in _kept_in_library(model)),
        *_papers(),
        *_told_of_duties(),
        *(_signed_as(role) for role in SignOff.Role.values),
    ]


def _entered() -> list[Witness]:
    """What was typed: results, conclusions, matrices."""
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
            Matrix.objects.all(),
            ("matrix.saved",),
            about="result__workpaper_id",
            fact="result",
            told={"facts.hash": matrix_hash},
        ),
    ]


def _decided_on_sheets() -> list[Witness]:
    """Procedures that were added, and suggestions that were declined."""
    return [
        Witness(
            ProcedureResult.objects.filter(kind=ProcedureResult.Kind.ADDED),
            ("procedure.added", "procedure.reworded"),
            about="workpaper_id",
            fact="result",
            told={f"facts.{name}": partial(_added, name) for name in ("no", "wording", "gap")},
            ended=("procedure.dropped",),
        ),
        Witness(
            DeclinedGap.objects.all(),
            ("gap.declined",),
            about="workpaper_id",
            fact="declined",
            told={
                "facts.gap": attrgetter("gap_id"),
                "reason": attrgetter("reason"),
                "actor.id": attrgetter("declined_by_id"),
            },
            ended=("gap.reconsidered",),
        ),
    ]


def _papers() -> list[Witness]:
    """General papers that were added, and who was given which paper."""
    return [
        Witness(
            Workpaper.objects.exclude(section=Section.CONTROLS).filter(template=""),
            ("paper.added",),
            told={"facts.index": attrgetter("index"), "facts.title": attrgetter("title")},
        ),
        Witness(
            Workpaper.objects.exclude(assignee=None),
            ("workpaper.assigned",),
            told={"facts.assignee": attrgetter("assignee_id")},
            ended=("workpaper.unassigned",),
        ),
    ]


def _kept_in_library(model: type[Tickmark] | type[Phrase]) -> list[Witness]:
    """Entries of the firms' libraries as somebody put them there; those that were taken out of use."""
    kind = model._meta.model_name
    names = LIBRARY_FACTS[model]
    says: dict[str, Callable[[Any], object]] = {f"facts.{name}": attrgetter(name) for name in names}
    says["actor.id"] = attrgetter("added_by_id")
    retired = model.objects.filter(retired_at__isnull=False)
    return [
        Witness(model.objects.all(), (f"{kind}.added",), about="firm_id", fact="entry", told=says),
        Witness(retired, (f"{kind}.retired",), about="firm_id", fact="entry"),
    ]


def _added(name: str, result: ProcedureResult) -> object:
    return added_facts(result)[name]


def _told_of_duties() -> list[Witness]:
    """What was told of occurrences, and how often the broker itself does something."""
    return [
        Witness(
            Occurrence.objects.select_related("rule"),
            ("duty.occurrence-told",),
            about="workpaper_id",
            fact="occurrence",
            told={
                "facts.starts_on": lambda row: facts_of(row)["starts_on"],
                "facts.known": attrgetter("kind"),
                "facts.happened_on": lambda row: facts_of(row)["happened_on"],
                "facts.duty": attrgetter("rule.what"),
                "reason": attrgetter("reason"),
                "actor.id": attrgetter("told_by_id"),
            },
            ended=("duty.occurrence-withdrawn",),
        ),
        Witness(
            StatedFrequency.objects.select_related("rule"),
            ("duty.frequency-stated",),
            about="workpaper_id",
            fact="stated",
            told={
                "facts.duty": lambda row: stated_facts(row)["duty"],
                "facts.frequency": attrgetter("frequency"),
                "reason": attrgetter("source"),
                "actor.id": attrgetter("stated_by_id"),
            },
        ),
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

    Eight queries for each batch. A paper that is being written on meanwhile is left out: its sign-offs have lapsed.
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
