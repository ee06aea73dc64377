"""What of this app and the trail vouch for one another."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from operator import attrgetter
from typing import Any

from evidence.actions import facts_of
from evidence.citing import cited_facts
from evidence.models import Citation, Evidence, EvidenceDecision, Request
from foundation.trail.witnesses import Told, Witness

State = Request.State
# What brings a request into each state; in the others it is as fieldwork's opening made it.
BROUGHT_BY = {
    State.SUBMITTED: "request.answered",
    State.ACCEPTED: "request.accepted",
    State.RETURNED: "request.returned",
    State.DISPOSED: "request.disposed",
}


# The facts of an event that its row agrees with.
PIECE = (
    *("number", "version", "replaces", "request", "original", "derivation"),
    *("sha256", "size", "name", "type", "concerns", "sender", "at"),
    *("title", "nature", "dates", "covered_from", "covered_to"),
)
CITED = ("result", "evidence", "sha256", "page", "area", "tickmark", "meaning", "at")


def witnesses() -> list[Witness]:
    """Evidence with what came in and what it says of itself now; decisions on it; its citations; requests with what
    was last decided.
    """
    pieces = Evidence.objects.select_related("file")
    citer = {"actor.id": attrgetter("cited_by_id")}
    return [
        Witness(pieces, ("evidence.received", "evidence.described"), told=_facts(PIECE, facts_of)),
        *map(_decisions, EvidenceDecision.Kind),
        Witness(
            Citation.objects.select_related("result", "evidence__file"),
            ("evidence.cited",),
            about="result__workpaper_id",
            fact="citation",
            told=_facts(CITED, cited_facts) | citer,
            ended=("evidence.uncited",),
        ),
        Witness(
            Request.objects.filter(state__in=BROUGHT_BY),
            tuple(BROUGHT_BY.values()),
            told={"event": _brought_by, "reason": _why, "facts.disposition": attrgetter("disposition")},
        ),
    ]


def _decisions(kind: EvidenceDecision.Kind) -> Witness:
    told: Told = {"reason": attrgetter("reason"), "actor.id": attrgetter("by_id"), "facts.at": _decided_at}
    return Witness(
        EvidenceDecision.objects.filter(kind=kind), (f"evidence.{kind.value}",), about="evidence_id", told=told
    )


def _decided_at(decision: EvidenceDecision) -> str:
    return decision.at.isoformat()


def _facts(names: Iterable[str], told: Callable[[Any], Mapping[str, object]]) -> dict[str, Callable[[Any], object]]:
    """Return where in an event's body each fact stands, and how a row tells it."""
    return {f"facts.{name}": partial(_fact, told, name) for name in names}


def _fact(told: Callable[[Any], Mapping[str, object]], name: str, row: Any) -> object:
    return told(row)[name]


def _brought_by(request: Request) -> str:
    return BROUGHT_BY[State(request.state)]


def _why(request: Request) -> str:
    """Return the reason that goes with the state."""
    said = {State.SUBMITTED: request.answer, State.ACCEPTED: ""}
    return said.get(State(request.state), request.returned_because)
