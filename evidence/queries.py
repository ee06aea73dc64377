"""Request lists as pages need them, each in a constant number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from controls.models import ControlPoint, ExpectedDocument, Procedure
from engagements.models import Engagement
from evidence.models import Request
from foundation.accounts.models import User
from foundation.trail.models import Event
from foundation.trail.queries import events_of
from procedures.models import Outcome, ProcedureResult

State = Request.State


# The team's list ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RequestLine:
    """One request with the control points that need it and the number of files handed over."""

    request: Request
    points: list[ControlPoint]
    files: int

    @property
    def days_overdue(self) -> int:
        return (timezone.localdate() - self.request.due_on).days


@dataclass(frozen=True, slots=True)
class RequestGroup:
    """The requests that come from one area of the guideline; `point` is the first that needs them, None for others."""

    point: ControlPoint | None
    lines: list[RequestLine]


def requests_matching(engagement: Engagement, *, state: str = "", text: str = "", point: str = "") -> QuerySet[Request]:
    """Return the requests in a state, overdue or limiting the scope, with a text or number, for a control point."""
    found = Request.objects.filter(engagement=engagement)
    if state == "overdue":
        found = found.filter(_overdue())
    elif state == "limitation":
        found = found.limiting()
    elif state:
        found = found.filter(state=state)
    if text:
        found = found.filter(text_or_number(text, "R-"))
    if point:
        needed = Request.documents.through.objects.filter(expecteddocument__procedure__point__code=point)
        found = found.filter(pk__in=needed.values("request"))
    return found


def _overdue() -> Q:
    return Q(state__in=Request.OPEN_STATES, due_on__lt=timezone.localdate())


def text_or_number(text: str, prefix: str) -> Q:
    """Match a title, or the number in R-012, r-12 or 12."""
    digits = text.upper().removeprefix(prefix)
    matches = Q(title__icontains=text)
    return matches | Q(number=int(digits)) if digits.isascii() and digits.isdigit() and len(digits) < 8 else matches


def request_groups(engagement: Engagement, requests: QuerySet[Request]) -> list[RequestGroup]:
    """Return the requests by area of the guideline, in the order of their numbers (three queries)."""
    needed = _points_needing(engagement)
    lines = [
        RequestLine(request, needed[request.pk], request.files)
        for request in requests.annotate(files=Count("evidence")).order_by("number")
    ]
    return [RequestGroup(*group) for group in _by_area(lines)]


def _by_area(lines: list[RequestLine]) -> Iterable[tuple[ControlPoint | None, list[RequestLine]]]:
    def area(line: RequestLine) -> tuple[int, int | None] | None:
        return (line.points[0].chapter_id, line.points[0].area_id) if line.points else None

    for _key, members in groupby(lines, key=area):
        group = list(members)
        yield (group[0].points[0] if group[0].points else None), group


def _points_needing(engagement: Engagement) -> dict[UUID, list[ControlPoint]]:
    """Return, per request, the control points whose procedures need it, in printed order."""
    points = ControlPoint.objects.filter(version=engagement.catalogue_id).select_related("chapter", "area")
    point_of = {point.pk: point for point in points}
    pairs = (
        Request.documents.through.objects.filter(request__engagement=engagement)
        .values_list("request_id", "expecteddocument__procedure__point")
        .order_by("expecteddocument__procedure__point__position")
    )
    needed: dict[UUID, list[ControlPoint]] = defaultdict(list)
    for request, point in dict.fromkeys(pairs):
        needed[request].append(point_of[point])
    return needed


def request_counts(engagement: Engagement) -> dict[str, int]:
    """Return how many requests there are by state, “all”, “settled”, “overdue” and “limitation” (one query)."""
    counted = {value: Count("pk", filter=Q(state=value)) for value in State.values}
    counts: dict[str, int] = Request.objects.filter(engagement=engagement).aggregate(
        all=Count("pk"),
        overdue=Count("pk", filter=_overdue()),
        limitation=Count("pk", filter=Request.LIMITING),
        **counted,
    )
    return counts | {"settled": sum(counts[state] for state in Request.SETTLED_STATES)}


# One request, for the team -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AskedFor:
    """What one procedure expects of a request, and what came of the procedure."""

    procedure: Procedure
    documents: list[ExpectedDocument]
    outcome: Outcome | None


def asked_for(request: Request) -> list[AskedFor]:
    """Return the procedures that need a request with the documents they expect, in printed order (two queries)."""
    documents = request.documents.select_related("procedure__point", "occurrence_of").order_by(
        "procedure__point__position", "procedure__no", "position"
    )
    results = ProcedureResult.objects.filter(workpaper__engagement=request.engagement_id).exclude(outcome="")
    outcomes = dict(results.filter(procedure__in=documents.values("procedure")).values_list("procedure", "outcome"))
    return [
        AskedFor(procedure, list(members), Outcome(outcomes[procedure.pk]) if procedure.pk in outcomes else None)
        for procedure, members in groupby(documents, key=lambda each: each.procedure)
    ]


def next_to_inspect(request: Request) -> Request | None:
    """Return the request that waits for inspection next after this one, going round."""
    waiting = Request.objects.filter(engagement=request.engagement_id, state=State.SUBMITTED).exclude(pk=request.pk)
    return waiting.annotate(passed=Q(number__lt=request.number)).order_by("passed", "number").first()


WORD_OF_EVENT: dict[str, str | Promise] = {
    "request.answered": _("Documents handed over"),
    "request.accepted": _("Accepted"),
    "request.returned": _("Returned for completion"),
    "request.disposed": _("Closed"),
}


def next_to_hand_over(request: Request, user: User) -> Request | None:
    """Return what the broker owes next in the same engagement, the most urgent first."""
    owed = Request.objects.visible_to(user).waiting_for_broker().filter(engagement=request.engagement_id)
    return owed.exclude(pk=request.pk).order_by("due_on", "number").first()


@dataclass(frozen=True, slots=True)
class Happening:
    """One event in the life of a request, or of a piece of evidence, and the words for such events."""

    event: Event
    words: Mapping[str, str | Promise]

    @property
    def word(self) -> str | Promise:
        return self.words[self.event.name]

    @property
    def actor(self) -> str:
        return str(self.event.content["actor"]["label"])

    @property
    def reason(self) -> str:
        return str(self.event.content["reason"])


def history(request: Request) -> list[Happening]:
    """Return what happened to a request, newest first, from the trail."""
    events = events_of(request.engagement.chain, about=(Request._meta.label, str(request.pk)))
    return [Happening(event, WORD_OF_EVENT) for event in events.filter(name__in=WORD_OF_EVENT)]


# The broker's side -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class BrokerSection:
    """Requests of a broker by who acts next: "broker", "auditor", or nobody ("settled")."""

    turn: str
    requests: list[Request]


TURN_OF_STATE = {
    State.REQUESTED: "broker",
    State.RETURNED: "broker",
    State.SUBMITTED: "auditor",
    State.ACCEPTED: "settled",
    State.DISPOSED: "settled",
}


def broker_requests(user: User) -> QuerySet[Request]:
    """Return what the broker's person may see, most urgent first; `.files` counts what its people handed over."""
    own = Q(evidence__file__stored_by__organization=user.organization_id)
    return Request.objects.visible_to(user).annotate(files=Count("evidence", filter=own)).order_by("due_on", "number")


def broker_sections(engagement: Engagement, user: User, *, text: str = "") -> list[BrokerSection]:
    """Return the broker's requests in one engagement by who acts next (one query)."""
    found = broker_requests(user).filter(engagement=engagement)
    sections: dict[str, list[Request]] = {"broker": [], "auditor": [], "settled": []}
    for request in found.filter(text_or_number(text, "R-")) if text else found:
        sections[TURN_OF_STATE[State(request.state)]].append(request)
    return [BrokerSection(turn, requests) for turn, requests in sections.items()]
