"""What most tests begin with: made once by the product's own verbs, then written again as the same rows.

Opening fieldwork decides about every procedure and document of the guideline, and nearly every test begins with it
open. The first test of a run makes the scene; what it wrote is remembered, statement by statement, and later tests
repeat only that. The rows come out the same because the product makes the keys itself (UUIDs), the cast keeps its own,
and the database counts on from where it counted on the first time: events name keys of both kinds. Files come back as
they were kept on disk.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Model


@dataclass(frozen=True)
class Scene:
    """What was written, to be written again."""

    model: type[Model]
    key: Any
    written: list[tuple[str, Any, bool]]
    numbered: list[Any]
    files: dict[Path, bytes]

    def repeat(self) -> None:
        _count_from(self.numbered)
        for sql, values, many in self.written:
            _repeat(sql, values, many=many)
        for place, content in self.files.items():
            kept = settings.EVIDENCE_ROOT / place
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_bytes(content)


_SCENES: dict[str, Scene] = {}


def scene(name: str, make: Callable[[], Any]) -> Any:
    """Return the object that `make` leaves in the database; it runs for the first test that asks for `name` only."""
    if name in _SCENES:
        _SCENES[name].repeat()
    else:
        _SCENES[name] = _made(make)
    return _SCENES[name].model._default_manager.get(pk=_SCENES[name].key)


def _made(make: Callable[[], Any]) -> Scene:
    written: list[tuple[str, Any, bool]] = []
    counted, kept = _counted(), _kept()
    with connection.execute_wrapper(_remembering(written)):
        made = make()
    files = {place: (settings.EVIDENCE_ROOT / place).read_bytes() for place in _kept() - kept}
    return Scene(type(made), made.pk, written, _numbered(written, counted), files)


def _kept() -> set[Path]:
    root = settings.EVIDENCE_ROOT
    return {place.relative_to(root) for place in root.rglob("*") if place.is_file()}


def _remembering(written: list[tuple[str, Any, bool]]) -> Callable[..., Any]:
    def note(execute: Callable[..., Any], sql: str, values: Any, many: bool, context: dict[str, Any]) -> Any:
        if sql.startswith(("INSERT", "UPDATE", "DELETE")):
            written.append((sql, values, many))
        return execute(sql, values, many, context)

    return note


def _repeat(sql: str, values: Any, *, many: bool) -> None:
    with connection.cursor() as cursor:
        (cursor.executemany if many else cursor.execute)(sql, values)


def _counted() -> dict[str, tuple[int, bool]]:
    """How far each table's sequence has counted, and whether it has begun. SQLite counts back with the transaction."""
    if connection.vendor != "postgresql":
        return {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT sequencename, coalesce(last_value, 1), last_value IS NOT NULL FROM pg_sequences")
        return {name.removesuffix("_id_seq"): (value, begun) for name, value, begun in cursor.fetchall()}


def _numbered(written: list[tuple[str, Any, bool]], counted: dict[str, tuple[int, bool]]) -> list[Any]:
    """What to set the sequences to of those tables that got rows. Nobody names an event by its key, and somebody may
    have signed in before the scene is repeated: those are left alone.
    """
    tables = {sql.split('"')[1] for sql, _values, _many in written if sql.startswith("INSERT")} - {"trail_event"}
    return [(f"{table}_id_seq", *counted[table]) for table in sorted(tables & counted.keys())]


def _count_from(numbered: list[Any]) -> None:
    """Let the sequences go on from there; what they numbered since is rolled back."""
    if numbered:
        with connection.cursor() as cursor:
            calls = ", ".join(["setval(%s, %s, %s)"] * len(numbered))
            cursor.execute(f"SELECT {calls}", [value for one in numbered for value in one])
