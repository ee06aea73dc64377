"""What of this app and the trail vouch for one another."""

from operator import attrgetter

from evidence.models import Citation, Evidence, Request
from foundation.trail.witnesses import Witness

State = Request.State
# What brings a request into each state; in the others it is as fieldwork's opening made it.
BROUGHT_BY = {
    State.SUBMITTED: "request.answered",
    State.ACCEPTED: "request.accepted",
    State.RETURNED: "request.returned",
    State.DISPOSED: "request.disposed",
}


def witnesses() -> list[Witness]:
    """Evidence with what its files were when they came in; its citations; requests with what was last decided."""
    received = {
        "facts.number": attrgetter("number"),
        "facts.sha256": attrgetter("file.sha256"),
        "facts.size": attrgetter("file.size"),
        "facts.name": attrgetter("file.name"),
        "actor.id": attrgetter("file.stored_by_id"),
    }
    cited = {
        "facts.result": attrgetter("result_id"),
        "facts.evidence": attrgetter("evidence.label"),
        "facts.sha256": attrgetter("evidence.file.sha256"),
        "facts.page": attrgetter("page"),
        "facts.tickmark": attrgetter("tickmark"),
        "actor.id": attrgetter("cited_by_id"),
    }
    decided = Request.objects.filter(state__in=BROUGHT_BY)
    return [
        Witness(Evidence.objects.select_related("file"), ("evidence.received",), told=received),
        Witness(
            Citation.objects.select_related("result", "evidence__file"),
            ("evidence.cited",),
            about="result__workpaper_id",
            fact="citation",
            told=cited,
            ended=("evidence.uncited",),
        ),
        Witness(decided, tuple(BROUGHT_BY.values()), told={"event": _brought_by, "reason": _why}),
    ]


def _brought_by(request: Request) -> str:
    return BROUGHT_BY[State(request.state)]


def _why(request: Request) -> str:
    """Return the reason that goes with the state."""
    said = {State.SUBMITTED: request.answer, State.ACCEPTED: ""}
    return said.get(State(request.state), request.returned_because)
