"""The trail's pages: of an engagement, of an organization's security, of the platform, and of what a person did.

Each shows events newest first, filtered by what they are about, by person and by day; where it shows one whole chain,
it can also prove that nothing of it was changed.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django import forms
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from desk.engagement import stages
from desk.loading import engagement_with_team
from desk.sentences import NOUNS, noun_of, sentences
from engagements.models import Engagement
from foundation.accounts.actions import SECURITY
from foundation.accounts.http import PersonRequest
from foundation.accounts.models import Organization, User
from foundation.trail.models import Chain, Event
from foundation.trail.queries import by_kind, event_names, events_by, events_of
from foundation.trail.verification import verify_chain
from foundation.web.fields import RocDateField
from foundation.web.guards import guarded, visible

PER_PAGE = 50
an_organization = visible(Organization, pk="organization")


@dataclass(frozen=True, slots=True)
class Log:
    """What one page shows: its events, and their chain where they are all of one."""

    template: str
    events: QuerySet[Event]
    chain: str = ""
    context: dict[str, Any] = field(default_factory=dict)


def of_engagement(engagement: Engagement) -> Log:
    shown = {"engagement": engagement, "stages": stages(engagement)}
    return Log("desk/trail.html", events_of(engagement.chain), engagement.chain, shown)


def of_organization(organization: Organization) -> Log:
    shown = {"organization": organization}
    return Log("desk/security.html", events_of(organization.chain), organization.chain, shown)


def of_platform() -> Log:
    return Log("desk/security.html", events_of(SECURITY), SECURITY)


@guarded("trail.view", engagement_with_team)
@require_GET
def trail(request: PersonRequest, engagement: Engagement) -> HttpResponse:
    """Show the events of an engagement."""
    return _page(request, of_engagement(engagement))


@guarded("trail.view", engagement_with_team)
@require_GET
def verification(request: PersonRequest, engagement: Engagement) -> HttpResponse:
    """Recompute the chain of an engagement and say what was found."""
    return _verified(request, of_engagement(engagement))


@guarded("security.view", an_organization)
@require_GET
def security(request: PersonRequest, organization: Organization) -> HttpResponse:
    """Show who came in, who was refused and what was changed about an organization's people."""
    return _page(request, of_organization(organization))


@guarded("security.view", an_organization)
@require_GET
def security_verification(request: PersonRequest, organization: Organization) -> HttpResponse:
    """Recompute the chain of an organization."""
    return _verified(request, of_organization(organization))


@guarded("platform.view")
@require_GET
def platform(request: PersonRequest) -> HttpResponse:
    """Show what belongs to no organization: sign-ins with addresses that nobody has."""
    return _page(request, of_platform())


@guarded("platform.view")
@require_GET
def platform_verification(request: PersonRequest) -> HttpResponse:
    """Recompute the platform's own chain."""
    return _verified(request, of_platform())


@guarded("acts.view")
@require_GET
def acts(request: PersonRequest) -> HttpResponse:
    """Show everybody what they did themselves, wherever it was."""
    return _page(request, Log("desk/acts.html", events_by(str(request.user.pk))))


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of a filter."""

    value: str
    label: str


class Filter(forms.Form):
    """What of a log to show. A choice that isn't offered filters nothing; a day that is none is said to be none."""

    event = forms.CharField(required=False)
    person = forms.CharField(required=False)
    since = RocDateField(label=_("From"), required=False)
    until = RocDateField(label=_("To"), required=False)

    def of(self, events: QuerySet[Event], kinds: list[Choice], people: list[Choice]) -> QuerySet[Event]:
        """Return the events that pass."""
        if kind := self.chosen("event", kinds):
            events = by_kind(events, kind)
        if person := self.chosen("person", people):
            events = events.filter(actor=person)
        if since := self.cleaned_data.get("since"):
            events = events.filter(at__gte=_moment(since, time.min))
        if until := self.cleaned_data.get("until"):
            events = events.filter(at__lte=_moment(until, time.max))
        return events

    @property
    def days(self) -> list[forms.BoundField]:
        """The two days as boxes."""
        return [self["since"], self["until"]]

    def chosen(self, name: str, choices: list[Choice]) -> str:
        """Return a filter's value if it is offered, else nothing."""
        value = self.cleaned_data.get(name, "")
        return value if any(choice.value == value for choice in choices) else ""


def _moment(day: date, at: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, at))


def _verified(request: PersonRequest, log: Log) -> HttpResponse:
    found = verify_chain(log.chain)
    if request.htmx:
        return render(request, "desk/_proof.html", {"found": found})
    return _page(request, log, found=found)


def _page(request: PersonRequest, log: Log, **more: Any) -> HttpResponse:
    kinds, people = _kinds(log.events), _people(log.events) if log.chain else []
    form = Filter(request.GET)
    form.is_valid()
    page = Paginator(form.of(log.events, kinds, people), PER_PAGE).get_page(request.GET.get("page"))
    places = {} if log.chain else _places(page.object_list)
    chain = Chain.objects.filter(key=log.chain).first()
    context = {
        **log.context,
        "page": page,
        "sentences": sentences(page, places),
        "form": form,
        "kinds": kinds,
        "people": people,
        "kind": form.chosen("event", kinds),
        "person": form.chosen("person", people),
        "chain": chain,
        "head": bytes(chain.head).hex() if chain else "",
        **more,
    }
    return render(request, log.template, context)


def _places(events: Iterable[Event]) -> dict[UUID, str]:
    """Return the engagements in which events happened, by chain (two queries); what concerns accounts has none."""
    chains = Chain.objects.filter(pk__in={event.chain_id for event in events}, key__startswith="engagement:")
    by_engagement = {UUID(chain.key.partition(":")[2]): chain.pk for chain in chains}
    engagements = Engagement.objects.filter(pk__in=by_engagement).select_related("auditee")
    return {by_engagement[engagement.pk]: str(engagement) for engagement in engagements}


def _kinds(events: QuerySet[Event]) -> list[Choice]:
    """Return what the events are about, in words."""
    nouns = dict.fromkeys(map(noun_of, event_names(events)))
    return [Choice(noun, str(NOUNS.get(noun, noun))) for noun in nouns]


def _people(events: QuerySet[Event]) -> list[Choice]:
    """Return who acted, by name."""
    ids = list(events.exclude(actor="").order_by("actor").values_list("actor", flat=True).distinct())
    return [Choice(str(user.pk), user.name) for user in User.objects.filter(pk__in=ids).order_by("name")]
