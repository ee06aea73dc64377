"""Frozen records: plain dataclasses to canonical bytes and back, and a walk over every text in them.

A record holds text, whole numbers, booleans, dates, string enums, other records and tuples of these;
never a float (two machines would print it differently) and never a model instance.
"""

from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import MISSING, fields, is_dataclass, replace
from datetime import date
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

import rfc8785

Record = TypeVar("Record")


class Malformed(ValueError):
    """The bytes are no record of the expected type; the message names the place."""


def dump(record: Any, *, without: AbstractSet[str] = frozenset()) -> bytes:
    """RFC 8785 bytes of the record: the same record gives the same bytes on every machine. `without` names fields, of
    the record or of one inside, that the form in which it was written didn't have yet.
    """
    return rfc8785.dumps(_plain(record, without))


def load(kind: type[Record], document: Any) -> Record:
    """The record that `dump` wrote, from its parsed JSON. Malformed: fields unknown, or missing without a default."""
    record: Record = _build(kind, document, kind.__name__)
    return record


def texts(record: Any, where: str = "") -> Iterator[tuple[str, str]]:
    """(place, text) of every text inside; the place is the nearest index or number of a record around it."""
    if isinstance(record, str) and not isinstance(record, StrEnum):
        yield where, record
    elif isinstance(record, tuple):
        for item in record:
            yield from texts(item, where)
    elif is_dataclass(record):
        for field in fields(record):
            yield from texts(getattr(record, field.name), _place(record) or where)


def map_texts(record: Any, change: Callable[[str], str]) -> Any:
    """The same record with `change` applied to every text inside."""
    if isinstance(record, StrEnum):
        return record
    if isinstance(record, str):
        return change(record)
    if isinstance(record, tuple):
        return tuple(map_texts(item, change) for item in record)
    if is_dataclass(record) and not isinstance(record, type):
        return replace(record, **{f.name: map_texts(getattr(record, f.name), change) for f in fields(record)})
    return record


def _plain(value: Any, without: AbstractSet[str]) -> Any:
    if is_dataclass(value):
        named = (field.name for field in fields(value) if field.name not in without)
        return {name: _plain(getattr(value, name), without) for name in named}
    if isinstance(value, tuple):
        return [_plain(item, without) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, StrEnum):
        return value.value
    if value is None or isinstance(value, str | bool | int):
        return value
    raise TypeError(f"{type(value).__name__} can't be frozen: {value!r}")


def _place(record: Any) -> str:
    """Its workpaper index or its number; the whole numbers of chapters and procedures name no place."""
    names = (getattr(record, name, "") for name in ("index", "number"))
    return next((name for name in names if name and isinstance(name, str)), "")


_hints = cache(get_type_hints)


def _build(kind: Any, value: Any, where: str) -> Any:
    origin = get_origin(kind)
    if origin in {Union, UnionType}:
        return None if value is None else _build(_other_than_none(kind), value, where)
    if origin is tuple:
        _expect(isinstance(value, list), where)
        return tuple(_build(get_args(kind)[0], item, f"{where}[{n}]") for n, item in enumerate(value))
    if is_dataclass(kind):
        return _build_record(kind, value, where)
    if kind is date or issubclass(kind, StrEnum):
        return _parse(kind, value, where)
    _expect(type(value) is kind, where)
    return value


def _build_record(kind: Any, value: Any, where: str) -> Any:
    hints = _hints(kind)
    _expect(isinstance(value, dict) and _required(kind) <= value.keys() <= hints.keys(), where)
    return kind(**{name: _build(hints[name], item, f"{where}.{name}") for name, item in value.items()})


@cache
def _required(kind: Any) -> frozenset[str]:
    """The fields that a record always had: whatever is added later has a default."""
    return frozenset(field.name for field in fields(kind) if field.default is MISSING)


def _parse(kind: Any, value: Any, where: str) -> Any:
    _expect(isinstance(value, str), where)
    try:
        return date.fromisoformat(value) if kind is date else kind(value)
    except ValueError as error:
        raise Malformed(f"{where}: {error}") from error


def _other_than_none(kind: Any) -> Any:
    return next(option for option in get_args(kind) if option is not NoneType)


def _expect(holds: object, where: str) -> None:
    if not holds:
        raise Malformed(f"{where} has another shape than expected")
