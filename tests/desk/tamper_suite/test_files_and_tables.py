"""Replace a file's bytes, truncate a table, INSERT OR REPLACE: refused, and found."""

import hashlib
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from desk.checkpoints import checkpoint_now
from evidence.models import Evidence
from foundation.files.models import StoredFile
from foundation.trail.hashing import link
from foundation.trail.models import Chain, Event
from procedures.models import SignOff
from tests.tampering import (
    DIFFERS,
    day_of,
    each_guarded_table,
    foreign_connection,
    found,
    missing,
    place_of,
    refused,
    take_guards_away,
    unguarded,
)

# Replace a file's bytes --------------------------------------------------------------------


OTHER = b"%PDF-1.7\nsomething else"


def replace_bytes(file: StoredFile) -> None:
    (Path(settings.EVIDENCE_ROOT) / file.key).write_bytes(OTHER)


@pytest.mark.parametrize("column", ["sha256 = 'ab'", "size = 1", "key = 'elsewhere'", "name = 'other.pdf'"])
def test_bringing_a_file_s_row_in_line_with_other_bytes_is_refused(file, column):
    assert refused(f"UPDATE files_storedfile SET {column}")


def test_replaced_bytes_are_found(piece):
    replace_bytes(piece.file)
    name = f"files.StoredFile {piece.file.pk} ({piece.file.name})"
    assert found() == [f"{name}: the file's bytes are not the ones that were stored"]


def test_replaced_bytes_are_found_by_the_event_where_the_row_says_the_same(piece):
    replace_bytes(piece.file)
    with unguarded("files_storedfile"):
        StoredFile.objects.filter(pk=piece.file_id).update(sha256=hashlib.sha256(OTHER).hexdigest(), size=len(OTHER))
    assert found() == [f"evidence.Evidence {piece.pk}: {DIFFERS} evidence.described / evidence.received: sha256, size"]


# Take the guards away ----------------------------------------------------------------------


@each_guarded_table
def test_a_table_that_lost_its_guards_is_found_though_nothing_in_it_was_changed(file, model):
    take_guards_away(model._meta.db_table)
    assert found() == [f"{model._meta.db_table}: its guards against change were taken away"]


# Truncate ----------------------------------------------------------------------------------


def truncate(table: str) -> str:
    """SQLite has no TRUNCATE; there DELETE without WHERE is one."""
    return f"TRUNCATE {table} CASCADE" if connection.vendor == "postgresql" else f"DELETE FROM {table}"


@each_guarded_table
def test_truncating_is_refused(file, model):
    assert refused(truncate(model._meta.db_table))


def test_a_truncated_table_is_found_row_by_row(file):
    signoff = SignOff.objects.get()
    with unguarded("procedures_signoff"):
        run(truncate("procedures_signoff"))
    assert missing(f"procedures.SignOff {signoff.pk}", "workpaper.prepared") == found()
    assert len(found()) == 1


def test_a_truncated_trail_is_found_by_every_row_and_against_a_checkpoint(file):
    checkpoint = checkpoint_now()
    heads = dict(Chain.objects.order_by("key").values_list("key", "seq"))
    with unguarded("trail_event"), unguarded("trail_chain"):
        run(truncate("trail_event"))
        run(truncate("trail_chain"))
    said = found(checkpoint)
    assert f"procedures.SignOff {SignOff.objects.get().pk}: the trail has no event workpaper.prepared about it" in said
    named = {key: seq - 1 if key == "checkpoints" else seq for key, seq in heads.items()}
    assert [line for line in said if "the whole chain is missing" in line] == [
        f"Chain {key}: the whole chain is missing; the checkpoint of {day_of(checkpoint)} names its event {seq}"
        for key, seq in named.items()
        if seq
    ]


# Insert or replace -------------------------------------------------------------------------


def replacement(table: str, columns: dict[str, str], where: str = "true") -> str:
    """Put rows in the place of those that stand there, with other values (SQL) in some columns."""
    names = columns_of(table)
    values = ", ".join(columns.get(name, f'"{name}"') for name in names)
    listed = ", ".join(f'"{name}"' for name in names)
    rows = f"({listed}) SELECT {values} FROM {table} WHERE {where}"
    if connection.vendor == "sqlite":
        return f"INSERT OR REPLACE INTO {table} {rows}"
    renewed = ", ".join(f'"{name}" = EXCLUDED."{name}"' for name in names)
    return f"INSERT INTO {table} {rows} ON CONFLICT (id) DO UPDATE SET {renewed}"


def columns_of(table: str) -> list[str]:
    with connection.cursor() as cursor:
        return [column.name for column in connection.introspection.get_table_description(cursor, table)]


@each_guarded_table
def test_replacing_rows_is_refused_even_on_a_foreign_connection(file, model):
    other = {"number": "7"} if model is Evidence else {}  # whose title may change: the same row again is no change
    with foreign_connection():
        assert refused(replacement(model._meta.db_table, other))


def test_a_replaced_event_is_found_by_the_one_after_it(file, last):
    """Its hashes are right, its content is another: only what follows gives it away."""
    event = Event.objects.get(chain=last.chain, seq=last.seq - 1)
    body = bytes(event.body).replace("王怡君".encode(), "林怡君".encode())
    digest = hashlib.sha256(body).digest()
    forged = {"body": body, "digest": digest, "hash": link(event.chain_id, event.seq, bytes(event.previous), digest)}
    with unguarded("trail_event"), foreign_connection():
        run(
            replacement(
                "trail_event", {name: literal(value) for name, value in forged.items()}, where=f"id = {event.pk}"
            )
        )
    assert found() == [f"{place_of(last)}: it does not follow the event before it"]


def literal(value: bytes) -> str:
    return f"'\\x{value.hex()}'" if connection.vendor == "postgresql" else f"x'{value.hex()}'"


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
