"""What somebody asked for and didn't get, for the trail: recorded once nothing else is under way.

Whoever isn't signed in is sent to the door and leaves nothing here; failed sign-ins are recorded by the accounts.
"""

import time
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest

from foundation.trail.actions import record

LONGEST_PATH = 300
PER_MINUTE = 60  # and one event more that says so: nobody fills the trail by asking at random


def note_denial(request: HttpRequest, event: str, *, by: Any = None) -> None:
    """Record `access.denied` (visible, not allowed) or `access.hidden` (not there for this person).

    `by` is the person where the request doesn't know them (a token of the API). The event stands in the chain of
    their organization, in a transaction of its own.
    """
    person: Any = by or request.user
    if not person.is_authenticated:
        return
    denied = _count(person)
    if denied > PER_MINUTE:
        event = "access.flooded"
    if denied > PER_MINUTE + 1:
        return
    facts = {"method": request.method or "", "path": request.path[:LONGEST_PATH]}
    with transaction.atomic():
        record(event, chain=person.organization.chain, by=person, about=person.organization, facts=facts)


def _count(person: Any) -> int:
    """Count this denial; return how many the person had in this minute."""
    key = f"denials:{person.pk}:{int(time.time() // 60)}"
    cache.add(key, 0, timeout=120)
    return cache.incr(key)
