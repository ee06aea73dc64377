"""Proving the trail: every chain unbroken, every witness heard, every file as it was, every anchor held."""

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import IO

from django.core.files import File
from django.utils.translation import gettext as _

from foundation.trail.chains import CHUNK, Problem, chain_problems, stray_events
from foundation.trail.models import Chain, Event

BATCH = 500
READ_SIZE = 1024 * 1024


@dataclass(frozen=True)
class Witness:
    """Rows of another app that can't be there without an event.

    `object_type` is the model's label ("signoff.Signature"), `ids` its rows' primary keys, `events`
    the names of which each row must have one. Where the event is about another object, `facts` names
    the facts that tell of the row, and an id is their values with spaces between: a row that was
    changed to say something else than its event is found as well.
    """

    object_type: str
    ids: Iterable[object]
    events: Collection[str]
    facts: Sequence[str] = ()


@dataclass(frozen=True)
class FileWitness:
    """Stored bytes and the SHA-256 (hex) they had; `label` says whose they are."""

    label: str
    open: Callable[[], "IO[bytes] | File[bytes]"]
    sha256: str


@dataclass(frozen=True)
class Anchor:
    """The place and hash of an event as printed, mailed or kept elsewhere.

    Only an anchor proves that a tail was not cut off together with its head.
    """

    chain: str
    seq: int
    hash: bytes


@dataclass
class Verification:
    """What was looked at and what was found; `unread` are files that couldn't be read at all."""

    chains: int = 0
    events: int = 0
    rows: int = 0
    files: int = 0
    problems: list[Problem] = field(default_factory=list)
    unread: list[Problem] = field(default_factory=list)

    @property
    def exit_status(self) -> int:
        """0: all is as recorded; 1: something was changed; 2: not everything could be looked at."""
        return 1 if self.problems else 2 if self.unread else 0


def verify(
    witnesses: Iterable[Witness] = (), *, files: Iterable[FileWitness] = (), anchors: Iterable[Anchor] = ()
) -> Verification:
    """Verify everything, streaming: memory doesn't grow with the trail. Events recorded meanwhile do no harm."""
    found = Verification()
    for chain in Chain.objects.order_by("key").iterator():
        _verify_chain(chain, found)
    found.problems.extend(stray_events())
    for witness in witnesses:
        _hear(witness, found)
    for file in files:
        _rehash(file, found)
    found.problems.extend(problem for anchor in anchors for problem in _anchor_problems(anchor))
    return found


def verify_chain(key: str) -> Verification:
    """Verify one chain, e.g. for a page about one engagement; a chain that doesn't exist has nothing wrong."""
    found = Verification()
    for chain in Chain.objects.filter(key=key):
        _verify_chain(chain, found)
    return found


def _verify_chain(chain: Chain, found: Verification) -> None:
    events = chain.events.filter(seq__lte=chain.seq).order_by("seq").iterator(CHUNK)
    found.problems.extend(chain_problems(chain, _counted(events, found)))
    found.chains += 1


def _counted(events: Iterable[Event], found: Verification) -> Iterator[Event]:
    for event in events:
        found.events += 1
        yield event


def _hear(witness: Witness, found: Verification) -> None:
    """Look for an event of every row, a batch of rows at a time."""
    heard_of = _told_by_facts(witness) if witness.facts else partial(_told_by_object, witness)
    ids = map(str, witness.ids)
    while batch := list(islice(ids, BATCH)):
        heard = heard_of(batch)
        found.rows += len(batch)
        text = _("the trail has no event %(names)s about it") % {"names": " / ".join(sorted(witness.events))}
        found.problems.extend(Problem(f"{witness.object_type} {pk}", text) for pk in batch if pk not in heard)


def _told_by_object(witness: Witness, batch: list[str]) -> set[str]:
    """Return those of the ids that an event is about (one query)."""
    told = Event.objects.filter(object_type=witness.object_type, name__in=witness.events, object_id__in=batch)
    return set(told.values_list("object_id", flat=True))


def _told_by_facts(witness: Witness) -> Callable[[list[str]], set[str]]:
    """Read the events' facts once; return what looks ids up among them."""
    events = Event.objects.filter(name__in=witness.events).only("body").iterator(CHUNK)
    told = {_spelled(event, witness.facts) for event in events}
    return told.intersection


def _spelled(event: Event, names: Sequence[str]) -> str:
    try:
        facts = event.content["facts"]
        return " ".join(str(facts.get(name)) for name in names)
    except (ValueError, LookupError, TypeError, AttributeError):  # forged; the chain's verification tells of it
        return ""


def _rehash(file: FileWitness, found: Verification) -> None:
    found.files += 1
    digest = hashlib.sha256()
    try:
        with file.open() as stream:
            for chunk in iter(partial(stream.read, READ_SIZE), b""):
                digest.update(chunk)
    except FileNotFoundError:
        found.problems.append(Problem(file.label, _("the file is missing")))
    except OSError as error:
        found.unread.append(Problem(file.label, _("the file can't be read: %(error)s") % {"error": error}))
    else:
        if digest.hexdigest() != file.sha256:
            found.problems.append(Problem(file.label, _("the file's bytes are not the ones that were stored")))


def _anchor_problems(anchor: Anchor) -> Iterator[Problem]:
    place = _("Chain %(chain)s") % {"chain": anchor.chain}
    stored = Event.objects.filter(chain__key=anchor.chain, seq=anchor.seq).values_list("hash", flat=True).first()
    if stored is None:
        yield Problem(place, _("event %(seq)s, which an anchor names, is missing") % {"seq": anchor.seq})
    elif bytes(stored) != anchor.hash:
        yield Problem(place, _("event %(seq)s is not the one that an anchor names") % {"seq": anchor.seq})
