"""Reading a chain from its first event to its head, and saying in words where it is broken."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef
from django.utils.translation import gettext as _

from foundation.trail.hashing import link, utc_text
from foundation.trail.models import GENESIS, Chain, Event

CHUNK = 2000


@dataclass(frozen=True)
class Problem:
    """Something that isn't as it was recorded: where, and what, in the reader's language."""

    place: str
    text: str

    def __str__(self) -> str:
        return f"{self.place}: {self.text}"


def chain_problems(chain: Chain, events: Iterable[Event]) -> Iterator[Problem]:
    """Yield what is wrong with a chain, given its events in order up to the head.

    Each event is compared with what the one before it says, even if that one is itself
    wrong, so that one change gives one problem and not as many as there are later events.
    """
    seq, previous = 0, GENESIS
    for event in events:
        if text := _event_problem(chain, event, seq, previous):
            yield Problem(event_place(chain, event), text)
        seq, previous = event.seq, bytes(event.hash)
    if seq < chain.seq:
        yield Problem(
            _chain_place(chain), _("events %(first)s to %(last)s are missing at the end") % _span(seq, chain.seq + 1)
        )
    elif previous != bytes(chain.head):
        yield Problem(_chain_place(chain), _("the head is not the hash of the last event"))


def stray_events() -> Iterator[Problem]:
    """Yield events that hang beyond the head of their chain, or on none."""
    beyond = Event.objects.filter(seq__gt=F("chain__seq")).select_related("chain").order_by("chain", "seq")
    for event in beyond.iterator(CHUNK):
        yield Problem(event_place(event.chain, event), _("it stands after the head of its chain"))
    orphans = Event.objects.exclude(Exists(Chain.objects.filter(pk=OuterRef("chain_id"))))
    for chain_id in orphans.values_list("chain_id", flat=True).distinct().order_by("chain_id"):
        yield Problem(_("Chain %(chain)s") % {"chain": chain_id}, _("its head was deleted, its events remain"))


def _event_problem(chain: Chain, event: Event, seq: int, previous: bytes) -> str:
    """Return what is wrong with an event that should follow `seq`, or nothing."""
    digest = bytes(event.digest)
    if hashlib.sha256(event.body).digest() != digest:
        return _("its content was changed after it was recorded")
    if link(chain.pk, event.seq, bytes(event.previous), digest) != bytes(event.hash):
        return _("its hash does not fit its content and its place in the chain")
    if event.seq != seq + 1:
        return _("events %(first)s to %(last)s are missing before it") % _span(seq, event.seq)
    if bytes(event.previous) != previous:
        return _("it does not follow the event before it")
    return "" if _columns_agree(event) else _("what pages filter by differs from its content")


def _columns_agree(event: Event) -> bool:
    columns = (event.name, utc_text(event.at), event.actor, event.object_type, event.object_id)
    try:
        told = event.content
        return columns == (
            told["event"],
            told["time"],
            told["actor"]["id"],
            told["object"]["type"],
            told["object"]["id"],
        )
    except (ValueError, LookupError, TypeError):  # a forged body need not even be JSON
        return False


def _span(before: int, after: int) -> dict[str, int]:
    return {"first": before + 1, "last": after - 1}


def _chain_place(chain: Chain) -> str:
    return _("Chain %(chain)s") % {"chain": chain.key}


def event_place(chain: Chain, event: Event) -> str:
    """Return the words for an event's place."""
    return _("Chain %(chain)s, event %(seq)s (%(name)s)") % {"chain": chain.key, "seq": event.seq, "name": event.name}
