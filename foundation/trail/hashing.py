"""How an event becomes bytes and a hash. A stranger can recompute both from this file alone."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TypeAlias
from uuid import UUID

import rfc8785

JSON: TypeAlias = "str | int | bool | Sequence[JSON] | Mapping[str, JSON] | None"

PREFIX = b"digao/1\0"


def canonical(body: Mapping[str, object]) -> bytes:
    """Return the RFC 8785 bytes of a body.

    Raises TypeError for a float (its text differs between languages), ValueError for what JSON
    can't say (an integer beyond 2**53, a lone surrogate, a foreign type).
    """
    refuse_floats(body)
    return rfc8785.dumps(body)  # type: ignore[arg-type]


def refuse_floats(value: object) -> None:
    """Raise TypeError if there is a float anywhere in the value."""
    if isinstance(value, float):
        raise TypeError(f"{value!r}: facts of the trail hold no floats")
    if isinstance(value, Mapping):
        refuse_floats(list(value.values()))
    elif isinstance(value, list | tuple):
        for item in value:
            refuse_floats(item)


def utc_text(moment: datetime) -> str:
    """Return a time as bodies hold it: UTC with microseconds, `2026-11-23T07:48:09.123456Z`."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def link(chain: UUID, seq: int, previous: bytes, digest: bytes) -> bytes:
    """Return the hash of an event: 32 bytes over its chain, its place, its predecessor and its body's SHA-256."""
    return hashlib.sha256(PREFIX + chain.bytes + seq.to_bytes(8, "big") + previous + digest).digest()
