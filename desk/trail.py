"""The trail page of an engagement: what happened, newest first, and the proof that nothing of it was changed."""

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from desk.engagement import engagement_with_team, stages
from desk.sentences import NOUNS, noun_of, sentences
from engagements.models import Engagement
from foundation.accounts.http import PersonRequest
from foundation.accounts.models import User
from foundation.trail.models import Chain, Event
from foundation.trail.queries import event_names, events_of
from foundation.trail.verification import verify_chain
from foundation.web.guards import guarded

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of a filter."""

    value: str
    label: str


@guarded("trail.view", engagement_with_team)
@require_GET
def trail(request: PersonRequest, engagement: Engagement) -> HttpResponse:
    """Show the events of an engagement, filtered by what they are about and by person."""
    return render(request, "desk/trail.html", _context(request, engagement))


@guarded("trail.view", engagement_with_team)
@require_GET
def verification(request: PersonRequest, engagement: Engagement) -> HttpResponse:
    """Recompute the chain of an engagement and say what was found."""
    found = verify_chain(engagement.chain)
    if request.htmx:
        return render(request, "desk/trail.html#verification", {"engagement": engagement, "found": found})
    return render(request, "desk/trail.html", {**_context(request, engagement), "found": found})


def _context(request: PersonRequest, engagement: Engagement) -> dict[str, object]:
    kinds, people = _kinds(engagement.chain), _people(engagement.chain)
    kind, person = _chosen(request, "event", kinds), _chosen(request, "person", people)
    events = events_of(engagement.chain, event=kind, actor=person)
    chain = Chain.objects.filter(key=engagement.chain).first()
    page = Paginator(events, PER_PAGE).get_page(request.GET.get("page"))
    return {
        "engagement": engagement,
        "stages": stages(engagement),
        "page": page,
        "sentences": sentences(page),
        "kinds": kinds,
        "people": people,
        "kind": kind,
        "person": person,
        "chain": chain,
        "head": bytes(chain.head).hex() if chain else "",
    }


def _kinds(chain: str) -> list[Choice]:
    """Return what the chain's events are about, in words."""
    nouns = dict.fromkeys(noun_of(name) for name in event_names(chain))
    return [Choice(noun, str(NOUNS.get(noun, noun))) for noun in nouns]


def _people(chain: str) -> list[Choice]:
    """Return who acted in the chain, by name."""
    acted = Event.objects.filter(chain__key=chain).exclude(actor="").order_by("actor")
    ids = list(acted.values_list("actor", flat=True).distinct())
    return [Choice(str(user.pk), user.name) for user in User.objects.filter(pk__in=ids).order_by("name")]


def _chosen(request: PersonRequest, name: str, choices: list[Choice]) -> str:
    """Return a filter's value if the filter offers it, else nothing: no filter."""
    value = request.GET.get(name, "")
    return value if any(choice.value == value for choice in choices) else ""
