"""Proving the trail: guards, chains, witnesses, what was signed and stored, anchors; each as it was recorded."""

import hashlib
import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import IO

from django.core.files import File
from django.utils.translation import gettext as _

from foundation.trail.anchors import Anchor, anchor_problems
from foundation.trail.chains import CHUNK, Problem, chain_problems, stray_events
from foundation.trail.checkpoints import Checkpoint, Malformed, told_root
from foundation.trail.models import Chain, Event
from foundation.trail.witnesses import Witness, lost_rows, unheard_rows

READ_SIZE = 1024 * 1024


@dataclass(frozen=True)
class FileWitness:
    """Stored bytes and the SHA-256 (hex) they had; `label` says whose they are."""

    label: str
    open: Callable[[], "IO[bytes] | File[bytes]"]
    sha256: str


@dataclass(frozen=True)
class Seal:
    """The hash that somebody signed, and the hash of the same content as it is now; `label` says whose they are.
    `otherwise` says what is wrong when they differ, where it is something else than a signed content.
    """

    label: str
    signed: str
    found: str
    otherwise: str = ""


@dataclass
class Verification:
    """What was looked at and what was found; `unread` are files that couldn't be read at all."""

    chains: int = 0
    events: int = 0
    rows: int = 0
    seals: int = 0
    files: int = 0
    checkpoints: int = 0
    problems: list[Problem] = field(default_factory=list)
    unread: list[Problem] = field(default_factory=list)

    @property
    def exit_status(self) -> int:
        """0: all is as recorded; 1: something was changed; 2: not everything could be looked at."""
        return 1 if self.problems else 2 if self.unread else 0


def verify(
    witnesses: Iterable[Witness] = (),
    *,
    seals: Iterable[Seal] = (),
    files: Iterable[FileWitness] = (),
    anchors: Iterable[Anchor] = (),
    checkpoints: Iterable[Path] = (),
    unguarded: Iterable[str] = (),
) -> Verification:
    """Verify everything, streaming: memory doesn't grow with the trail. What is recorded meanwhile does no harm."""
    found = Verification()
    found.problems.extend(Problem(table, _("its guards against change were taken away")) for table in unguarded)
    for chain in Chain.objects.order_by("key").iterator():
        _verify_chain(chain, found)
    found.problems.extend(stray_events())
    for witness in witnesses:
        _hear(witness, found)
    for seal in seals:
        _compare(seal, found)
    for file in files:
        _rehash(file, found)
    # A list: what is wrong with a checkpoint itself is found while its anchors are read, and stands before them.
    contradicted = list(anchor_problems(itertools.chain(anchors, _checkpoint_anchors(checkpoints, found))))
    found.problems.extend(contradicted)
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
    """Compare rows with their events, in both directions."""
    for problems in unheard_rows(witness):
        found.rows += 1
        found.problems.extend(problems)
    found.problems.extend(lost_rows(witness))


def _compare(seal: Seal, found: Verification) -> None:
    found.seals += 1
    if seal.signed != seal.found:
        found.problems.append(Problem(seal.label, seal.otherwise or _("the content is not the one that was signed")))


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


def _checkpoint_anchors(paths: Iterable[Path], found: Verification) -> Iterator[Anchor]:
    """Yield what the files anchor; of those that this database has not made only the first is told."""
    unmade: list[Checkpoint] = []
    for path in paths:
        if (checkpoint := _read(path, found)) is None:
            continue
        found.checkpoints += 1
        told = told_root(checkpoint)
        if told is None:
            unmade.append(checkpoint)
        elif told != checkpoint.root:
            found.problems.append(Problem(_place(checkpoint), _("its heads are not those of which the trail tells")))
        yield from checkpoint.anchors()
    if unmade:
        first = min(unmade, key=lambda checkpoint: checkpoint.made)
        text = _("this database has not made it: an older copy was put back, or the trail's end was cut off")
        found.problems.append(Problem(_place(first), text))


def _place(checkpoint: Checkpoint) -> str:
    return _("Checkpoint of %(day)s") % {"day": checkpoint.day.isoformat()}


def _read(path: Path, found: Verification) -> Checkpoint | None:
    try:
        return Checkpoint.from_bytes(path.read_bytes())
    except Malformed as error:
        found.unread.append(Problem(str(path), str(error)))
    except OSError as error:
        found.unread.append(Problem(str(path), _("the file can't be read: %(error)s") % {"error": error}))
    return None
