"""What is overdue in each engagement: how much of each kind, and since when."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import TextChoices
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engagements.models import Engagement, Note
from evidence.models import Request
from findings.asking import awaited


class What(TextChoices):
    """What somebody was to do by a day that has passed; the order is the one in print."""

    FILING = "filing", _("Filing the report")
    REQUEST = "request", _("Requests to the broker")
    NOTE = "note", _("Review notes")
    RESPONSE = "response", _("Management responses")


Owed = tuple[UUID, date]  # the engagement, the day by which


@dataclass(frozen=True, slots=True)
class Line:
    """Everything of one kind that is overdue in one engagement. `width`: against the longest line ("40.00%")."""

    what: str
    label: str
    number: int
    days: int
    url: str
    width: str


@dataclass(frozen=True, slots=True)
class Overdue:
    """An engagement in which something is overdue."""

    engagement: Engagement
    lines: list[Line]


def overdue_in(engagements: Iterable[Engagement]) -> list[Overdue]:
    """Return what is overdue in those under way, the longest overdue first (three queries)."""
    open_ones = {engagement.pk: engagement for engagement in engagements if not engagement.is_closed}
    days: dict[UUID, dict[What, list[int]]] = defaultdict(lambda: defaultdict(list))
    today = timezone.localdate()
    for what, source in _SOURCES.items():
        for key, due_on in source(open_ones):
            if due_on < today:
                days[key][what].append((today - due_on).days)
    most = max((len(found) for kinds in days.values() for found in kinds.values()), default=1)
    rows = [Overdue(open_ones[key], _lines(open_ones[key], kinds, most)) for key, kinds in days.items()]
    return sorted(rows, key=lambda row: -max(line.days for line in row.lines))


def _lines(engagement: Engagement, kinds: dict[What, list[int]], most: int) -> list[Line]:
    return [
        Line(
            what=what,
            label=str(what.label),
            number=len(kinds[what]),
            days=max(kinds[what]),
            url=_PLACES[what](engagement),
            width=f"{100 * len(kinds[what]) / most:.2f}%",
        )
        for what in What
        if what in kinds
    ]


def _filings(engagements: dict[UUID, Engagement]) -> Iterable[Owed]:
    return ((key, engagement.deadline) for key, engagement in engagements.items() if engagement.is_awaited)


def _requests(engagements: dict[UUID, Engagement]) -> Iterable[Owed]:
    asked = Request.objects.filter(engagement__in=engagements, state__in=Request.OPEN_STATES).order_by()
    return asked.values_list("engagement", "due_on")


def _notes(engagements: dict[UUID, Engagement]) -> Iterable[Owed]:
    """Review notes with a day by which they are to be answered."""
    notes = Note.objects.open().filter(engagement__in=engagements).order_by().values_list("engagement", "due_on")
    return ((key, due_on) for key, due_on in notes if due_on)


def _responses(engagements: dict[UUID, Engagement]) -> Iterable[Owed]:
    """Findings that management was asked about and didn't answer."""
    return awaited(engagements)


_SOURCES: dict[What, Callable[[dict[UUID, Engagement]], Iterable[Owed]]] = {
    What.FILING: _filings,
    What.REQUEST: _requests,
    What.NOTE: _notes,
    What.RESPONSE: _responses,
}


def _at(name: str, query: str = "") -> Callable[[Engagement], str]:
    return lambda engagement: reverse(name, kwargs={"engagement": engagement.pk}) + query


_PLACES = {
    What.FILING: _at("engagement"),
    What.REQUEST: _at("request-list", "?state=overdue"),
    What.NOTE: _at("review"),
    What.RESPONSE: _at("finding-list"),
}
