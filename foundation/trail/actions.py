"""Writing to the trail: one function, called last in the transaction of the act that it tells of."""

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Protocol, TypedDict

from django.conf import settings
from django.db import models, transaction
from django.db.models.functions import Now

from foundation.trail.hashing import JSON, canonical, link, utc_text
from foundation.trail.models import Chain, Event

EVENT_NAME = re.compile(r"[a-z][a-z0-9-]*\.[a-z][a-z0-9-]*")


class Actor(Protocol):
    """Whoever acts: anything with a primary key and a name as its str()."""

    @property
    def pk(self) -> object: ...


class Act(TypedDict):
    """What is said of an act: the part of an event's body that the caller knows."""

    event: str
    actor: Mapping[str, str]
    object: Mapping[str, str]
    facts: Mapping[str, JSON]
    reason: str


def record(
    event: str,
    *,
    chain: str,
    by: Actor | None,
    about: models.Model | None,
    facts: Mapping[str, JSON] | None = None,
    reason: str = "",
    role: str | None = None,
) -> Event:
    """Append an event to a chain, creating the chain on first use.

    Call it as the last statement of the caller's transaction: it locks the chain's head until the
    commit, and the act and its event stand or fall together. `by=None` is the system. `role` is
    what the actor is to the object; unless given it is asked of `about.roles_of(by)`, else `by.roles`.

    Raises TransactionManagementError outside a transaction, ValueError for a name that isn't
    `noun.verb`, TypeError or ValueError for facts that aren't JSON or hold floats.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("An event is recorded in the transaction of its act")
    if not EVENT_NAME.fullmatch(event):
        raise ValueError(f"{event!r} is not a noun.verb name")
    actor = _actor(by, _roles(by, about) if role is None else role)
    act = Act(event=event, actor=actor, object=_object(about), facts=facts or {}, reason=reason)
    head, now = _locked_head(chain)
    return _append(head, now, act)


def _actor(by: Actor | None, role: str) -> dict[str, str]:
    if by is None:
        return {"id": "", "label": "system", "role": ""}
    return {"id": str(by.pk or ""), "label": str(by), "role": role}


def _roles(by: Actor | None, about: models.Model | None) -> str:
    """Return what the actor is to the object, else to their organization; comma-separated."""
    roles_of = getattr(about, "roles_of", None)
    roles = roles_of(by) if by is not None and roles_of is not None else getattr(by, "roles", ())
    return ",".join(sorted(str(role) for role in roles))


def _object(about: models.Model | None) -> dict[str, str]:
    if about is None:
        return {"type": "", "id": "", "label": ""}
    return {"type": about._meta.label, "id": str(about.pk), "label": str(about)}


def _locked_head(key: str) -> tuple[Chain, datetime]:
    """Return the chain, locked, and the database's time, which all web servers share."""
    heads = Chain.objects.select_for_update().annotate(now=Now()).filter(key=key)
    head = heads.first()
    if head is None:
        # Two first events at once: the second waits for the first's commit and inserts nothing.
        Chain.objects.bulk_create([Chain(key=key)], ignore_conflicts=True)
        head = heads.get()
    return head, head.now


def _append(head: Chain, now: datetime, act: Act) -> Event:
    """Write the event and move the head onto it. The caller holds the head's lock."""
    body = canonical({**act, "time": utc_text(now), "version": settings.VERSION})
    digest = hashlib.sha256(body).digest()
    seq, previous = head.seq + 1, bytes(head.head)
    event = Event.objects.create(
        chain=head,
        seq=seq,
        at=now,
        name=act["event"],
        actor=act["actor"]["id"],
        object_type=act["object"]["type"],
        object_id=act["object"]["id"],
        body=body,
        digest=digest,
        previous=previous,
        hash=link(head.pk, seq, previous, digest),
    )
    Chain.objects.filter(pk=head.pk).update(seq=seq, head=event.hash)
    return event
