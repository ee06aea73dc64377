"""Checkpoints: where every chain stood at one moment, as a file for a place that the database's owner can't change.

    {"event": {"chain": "checkpoints", "hash": …, "seq": 12}, "format": "digao/checkpoint/1",
     "heads": [{"chain": "engagement:…", "hash": …, "seq": 153}, …], "made": "2026-11-28T07:11:01.123456Z", "root": …}

`root` is the Merkle root over the heads; the event that tells of the checkpoint holds it too.
"""

import json
import os
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Self

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.trail import merkle
from foundation.trail.actions import record
from foundation.trail.anchors import Anchor
from foundation.trail.hashing import JSON, canonical, utc_text
from foundation.trail.models import Chain, Event
from foundation.trail.witnesses import in_body

FORMAT = "digao/checkpoint/1"
CHAIN = "checkpoints"
PATTERN = "checkpoint-*.json"


class Malformed(ValueError):
    """The bytes are no checkpoint; the text says why, in the reader's language."""


@dataclass(frozen=True)
class Head:
    """A chain's last event at that moment."""

    chain: str
    seq: int
    hash: bytes

    def as_json(self) -> dict[str, JSON]:
        return {"chain": self.chain, "seq": self.seq, "hash": self.hash.hex()}

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> Self:
        return cls(str(told["chain"]), int(told["seq"]), bytes.fromhex(told["hash"]))


@dataclass(frozen=True)
class Checkpoint:
    """The heads of all chains in the order of their keys, and the event that tells of them."""

    made: datetime
    heads: tuple[Head, ...]
    event: Head

    @property
    def root(self) -> str:
        return root_of(self.heads)

    @property
    def day(self) -> date:
        return timezone.localdate(self.made)

    def __str__(self) -> str:
        return _("the checkpoint of %(day)s") % {"day": self.day.isoformat()}

    def anchors(self) -> Iterator[Anchor]:
        source = str(self)
        for head in self.heads:
            yield Anchor(head.chain, head.seq, head.hash, source)

    def to_bytes(self) -> bytes:
        """Return the file's content (RFC 8785)."""
        heads = [head.as_json() for head in self.heads]
        known = {"format": FORMAT, "made": utc_text(self.made), "heads": heads, "event": self.event.as_json()}
        return canonical(known | {"root": self.root})

    @classmethod
    def from_bytes(cls, content: bytes) -> Self:
        """Read what `to_bytes` wrote; raises Malformed for anything else, also where heads and root disagree."""
        try:
            told = json.loads(content)
            made = datetime.fromisoformat(told["made"]).astimezone(UTC)
            found = cls(made, tuple(map(Head.from_json, told["heads"])), Head.from_json(told["event"]))
            known = told["format"] == FORMAT
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
            raise Malformed(_("it is no checkpoint, or not a whole one")) from error
        if not known:
            raise Malformed(_("it is not in the format %(format)s") % {"format": FORMAT})
        if told.get("root") != found.root:
            raise Malformed(_("its root does not fit its heads"))
        return found


def root_of(heads: Iterable[Head]) -> str:
    """Return the Merkle root over the heads, in hex."""
    return merkle.root([canonical(head.as_json()) for head in heads]).hex()


@transaction.atomic
def make_checkpoint() -> Checkpoint:
    """Take the heads of all chains and record that this was done. The file is written once that is committed."""
    rows = Chain.objects.filter(seq__gt=0).order_by("key").values_list("key", "seq", "head")
    heads = tuple(Head(key, seq, bytes(head)) for key, seq, head in rows)
    facts: dict[str, JSON] = {"chains": len(heads), "root": root_of(heads)}
    event = record("checkpoint.made", chain=CHAIN, by=None, about=None, facts=facts)
    return Checkpoint(event.at, heads, Head(CHAIN, event.seq, bytes(event.hash)))


def write_checkpoint(checkpoint: Checkpoint, path: Path) -> None:
    """Write the file so that it is there whole or not at all, also after a loss of power; nobody may write it again."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as temporary:
        try:
            temporary.write(checkpoint.to_bytes())
            temporary.flush()
            os.fchmod(temporary.fileno(), 0o444)
            os.fsync(temporary.fileno())
            Path(temporary.name).replace(path)
        except BaseException:
            Path(temporary.name).unlink(missing_ok=True)
            raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # the name, too
    finally:
        os.close(folder)


def told_root(checkpoint: Checkpoint) -> str | None:
    """Return the root that the checkpoint's own event tells, or None if this database has not made the checkpoint."""
    events = Event.objects.filter(chain__key=CHAIN, seq=checkpoint.event.seq, hash=checkpoint.event.hash)
    event = events.first()
    return in_body(event, "facts.root") if event else None
