"""Reading the trail."""

from django.db.models import QuerySet

from foundation.trail.models import Event


def events_of(chain: str, *, event: str = "", actor: str = "", about: tuple[str, str] | None = None) -> QuerySet[Event]:
    """Return a chain's events, newest first, for a page; `Event.content` decodes one.

    `event` is a whole name ("workpaper.signed") or its noun ("workpaper"), `actor` a user's id,
    `about` an object's type and id ("procedures.Workpaper", "…").
    """
    events = Event.objects.filter(chain__key=chain).order_by("-seq")
    if event:
        events = by_kind(events, event)
    if actor:
        events = events.filter(actor=actor)
    if about is not None:
        events = events.filter(object_type=about[0], object_id=about[1])
    return events


def by_kind(events: QuerySet[Event], event: str) -> QuerySet[Event]:
    """Narrow to a whole name or to its noun."""
    return events.filter(name=event) if "." in event else events.filter(name__startswith=f"{event}.")


def events_by(actor: str) -> QuerySet[Event]:
    """Return what one person did in all chains, newest first."""
    return Event.objects.filter(actor=actor).order_by("-at", "-seq")


def event_names(events: QuerySet[Event]) -> list[str]:
    """Return the names that occur among events, for a filter, in alphabetical order."""
    return list(events.order_by("name").values_list("name", flat=True).distinct())
