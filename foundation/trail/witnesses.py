"""Rows and events that vouch for one another: no row without its event, no event without its row, both saying the same.

The trail knows no other model: each app describes its rows as `Witness`es, and these functions compare.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from operator import attrgetter
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Field, Model, QuerySet
from django.db.models.constants import LOOKUP_SEP
from django.utils.translation import gettext as _

from foundation.trail.chains import CHUNK, Problem, event_place
from foundation.trail.hashing import canonical
from foundation.trail.models import Event

BATCH = 500
Values = tuple[str | None, ...]  # None: the event doesn't tell
Told = Mapping[str, Callable[[Any], object]]


@dataclass(frozen=True)
class Witness:
    """Rows of another app, of which each must have an event by one of the names `events`, and the other way round.

    The events are about the row itself, or about what its field `about` ("workpaper_id", "result__workpaper_id") points
    to; where one such object has many rows, `fact` names the fact that holds the row's primary key. `told` says what
    else event and row agree on: a place in the event's body ("facts.sha256", "actor.id", "reason"), or its "chain" →
    the row's value. What an event doesn't tell, being older than the fact, isn't compared. A row that was saved several
    times agrees with the last of its events. After an event by one of the names `ended` there is no row, until one of
    `events` tells of it again. Where `lone`, an event that is older than `fact` is about the one row that its object
    had then.
    """

    rows: QuerySet[Any]
    events: Collection[str]
    about: str = "pk"
    fact: str = ""
    told: Told = field(default_factory=dict)
    ended: Collection[str] = ()
    lone: bool = False

    @property
    def object_type(self) -> str:
        """The label of what the events are about, e.g. "procedures.Workpaper"."""
        model = self.rows.model if self.about == "pk" else self._field(self.about).related_model
        return str(model._meta.label)

    @property
    def key(self) -> str:
        """The row's column that an event names."""
        return "pk" if self.fact else self.about

    def _field(self, name: str) -> Any:
        *steps, last = name.split(LOOKUP_SEP)
        meta = self.rows.model._meta
        for step in steps:
            meta = meta.get_field(step).related_model._meta
        return meta.pk if last == "pk" else meta.get_field(last)

    def about_of_row(self, row: Model) -> str:
        return _text(attrgetter(self.about.replace(LOOKUP_SEP, "."))(row))

    def key_of_event(self, event: Event) -> str:
        if not self.fact:
            return event.object_id
        return in_body(event, f"facts.{self.fact}") or (self._lone_key(event.object_id) if self.lone else "")

    def _lone_key(self, about: str) -> str:
        """What stands for the one row of an object where the event doesn't name it."""
        return f"{self.about} {about}"

    def key_of_row(self, row: Model) -> str:
        return _text(getattr(row, self.key))

    def keys_of_row(self, row: Model) -> tuple[str, ...]:
        """The keys under which events may name a row, its own first."""
        own = self.key_of_row(row)
        return (own, self._lone_key(self.about_of_row(row))) if self.lone else (own,)

    def known_keys(self, keys: Collection[str]) -> set[str]:
        """Return those of the keys that rows have, whole with what they refer to (one query; another where an event
        doesn't name its row).
        """
        column = self._field(self.key)
        possible = {key for key in keys if _fits(column, key)}
        rows = self.rows.filter(**{f"{self.key}__in": possible})
        return {self.key_of_row(row) for row in rows} | self._known_alone(keys)

    def _known_alone(self, keys: Collection[str]) -> set[str]:
        before = self._lone_key("")
        about = {key.removeprefix(before) for key in keys if self.lone and key.startswith(before)}
        found = self.rows.filter(**{f"{self.about}__in": about}) if about else ()
        return {self._lone_key(self.about_of_row(row)) for row in found}

    def named_events(self, *more: str) -> QuerySet[Event]:
        named = Event.objects.filter(object_type=self.object_type, name__in=(*self.events, *more))
        return named.select_related("chain")


def unheard_rows(witness: Witness) -> Iterator[list[Problem]]:
    """Yield what is wrong with each row: an empty list if nothing. Two queries for each batch of rows.

    The rows are read before their events, so that a row made meanwhile can't seem to lack its event; one that was saved
    meanwhile, and so is older than its last event, is left out.
    """
    rows = witness.rows.order_by(witness.about, "pk").iterator(BATCH)
    while batch := list(islice(rows, BATCH)):
        told = _told_about(witness, {witness.about_of_row(row) for row in batch})
        for row in batch:
            yield _row_problems(witness, row, next(filter(None, map(told.get, witness.keys_of_row(row))), []))


def _told_about(witness: Witness, about: Collection[str]) -> dict[str, list[Values]]:
    """Return what the events about these objects tell, by row; nothing of a row that was ended since."""
    told: dict[str, list[Values]] = defaultdict(list)
    for event in witness.named_events(*witness.ended).filter(object_id__in=about).order_by("seq").iterator(CHUNK):
        if event.name in witness.ended:
            told[witness.key_of_event(event)].clear()
        else:
            told[witness.key_of_event(event)].append(tuple(told_at(event, place) for place in witness.told))
    return told


def _row_problems(witness: Witness, row: Model, told: list[Values]) -> list[Problem]:
    names = {"names": " / ".join(sorted(witness.events))}
    label = f"{row._meta.label} {row.pk}"
    if not told:
        if witness.ended and not witness.rows.filter(pk=row.pk).exists():
            return []
        return [Problem(label, _("the trail has no event %(names)s about it") % names)]
    says = _said_by(witness, row)
    differences = _differences(witness, says, told[-1])
    if not differences or says != _said_by(witness, witness.rows.filter(pk=row.pk).first()):
        return []
    facts = ", ".join(differences)
    return [Problem(label, _("it says something else than its event %(names)s: %(facts)s") % {**names, "facts": facts})]


def _said_by(witness: Witness, row: Model | None) -> Values:
    """Return what the row says; nothing of one that is gone."""
    return () if row is None else tuple(_text(value(row)) for value in witness.told.values())


def _differences(witness: Witness, says: Values, told: Values) -> list[str]:
    """Return the names of the facts in which the row differs from its event, of those that the event tells."""
    places = [place.rpartition(".")[2] for place in witness.told]
    return [place for place, here, there in zip(places, says, told, strict=True) if there not in {None, here}]


def lost_rows(witness: Witness) -> Iterator[Problem]:
    """Yield the rows that events name and that aren't there: each once. Here the events are read first."""
    events = witness.named_events().order_by("chain", "seq").iterator(CHUNK)
    lost: set[str] = set()
    while batch := list(islice(events, BATCH)):
        known = witness.known_keys({witness.key_of_event(event) for event in batch})
        known |= _ended_keys(witness, [event for event in batch if witness.key_of_event(event) not in known])
        for event in batch:
            key = witness.key_of_event(event)
            if key not in known and key not in lost:
                lost.add(key)
                row = f"{witness.rows.model._meta.label} {key}"
                yield Problem(
                    event_place(event.chain, event), _("%(row)s, of which it tells, is missing") % {"row": row}
                )


def _ended_keys(witness: Witness, events: list[Event]) -> set[str]:
    """Return the keys of those rows that the trail itself says were ended (one query, if any can be)."""
    if not witness.ended:
        return set()
    told = _told_about(witness, {event.object_id for event in events})
    return {key for key, values in told.items() if not values}


def in_body(event: Event, place: str) -> str:
    """Return the text at a place of the body; nothing for a forged one, of which the chain's verification tells."""
    return told_at(event, place) or ""


def told_at(event: Event, place: str) -> str | None:
    """Return the same, or the key of the event's chain at the place "chain"; None where nothing is told there."""
    if place == "chain":
        return event.chain.key
    value: Any = event.content_or_nothing
    for name in place.split("."):
        if not isinstance(value, dict) or name not in value:
            return None
        value = value[name]
    return _text(value)


def _text(value: object) -> str:
    if isinstance(value, dict | list):  # whose keys a database may keep in another order
        return canonical({"": value}).decode()
    return "" if value is None else str(value)


def _fits(column: "Field[Any, Any]", key: str) -> bool:
    try:
        column.to_python(key)
    except ValidationError:
        return False
    return key != ""
