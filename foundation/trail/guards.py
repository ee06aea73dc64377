# ruff: noqa: ARG002  the signatures of Operation are Django's
"""Append-only tables, enforced by the database: triggers refuse UPDATE, DELETE, TRUNCATE and REPLACE.

`GuardTable` is a migration operation. Repeat it in every later migration that changes the table:
on SQLite Django remakes a changed table and its triggers are lost. Guards refuse a flush too, so
tests on guarded tables run inside a transaction, or on a database of their own.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import NotSupportedError
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models import Model

TRIGGERS = {
    "postgresql": ("refuse_update", "refuse_delete", "refuse_truncate"),
    "sqlite": ("refuse_update", "refuse_delete", "refuse_replace"),
}


class GuardTable(Operation):
    """Make a model's table append-only.

    `update_if` is an SQL condition on OLD and NEW (no subqueries, columns quoted) under which an
    UPDATE is let through, for a row that may move in one direction only.

    A unique constraint with a condition isn't guarded against SQLite's INSERT OR REPLACE from
    a foreign connection; ours set `recursive_triggers`, so that the delete trigger sees it.
    """

    reversible = True
    reduces_to_sql = True

    def __init__(self, name: str, update_if: str = "") -> None:
        self.name = name
        self.update_if = update_if

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        return type(self).__name__, [], {"name": self.name} | ({"update_if": self.update_if} if self.update_if else {})

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Triggers aren't part of Django's picture of the schema."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        model = to_state.apps.get_model(app_label, self.name)
        for statement in guard_sql(model, self.update_if, schema_editor.connection.vendor):
            schema_editor.execute(statement, params=None)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        model = from_state.apps.get_model(app_label, self.name)
        for statement in drop_sql(model._meta.db_table, schema_editor.connection.vendor):
            schema_editor.execute(statement, params=None)

    def describe(self) -> str:
        return f"Make {self.name} append-only"


def guard_sql(model: type[Model], update_if: str, vendor: str) -> list[str]:
    """Return the statements that guard a model's table, whether or not it is guarded already."""
    if vendor not in TRIGGERS:
        raise NotSupportedError(f"Append-only tables are not supported on {vendor}")
    build = _postgresql_guards if vendor == "postgresql" else _sqlite_guards
    return [*drop_sql(model._meta.db_table, vendor), *build(model, f"NOT ({update_if})" if update_if else "")]


def drop_sql(table: str, vendor: str) -> list[str]:
    """Return the statements that take a table's guards away."""
    if vendor == "postgresql":
        return [f'DROP FUNCTION IF EXISTS "{table}_refuse"() CASCADE']
    return [f'DROP TRIGGER IF EXISTS "{table}_{name}"' for name in TRIGGERS[vendor]]


def _postgresql_guards(model: type[Model], refuse_update_when: str) -> Iterator[str]:
    table = model._meta.db_table
    # 23001 (restrict_violation) reaches Python as IntegrityError, as SQLite's RAISE does.
    yield (
        f'CREATE FUNCTION "{table}_refuse"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN '
        f"RAISE EXCEPTION '{table} is append-only: % refused', TG_OP USING ERRCODE = '23001'; END $$"
    )
    when = f"WHEN ({refuse_update_when}) " if refuse_update_when else ""
    for name, moment in (
        ("refuse_update", f'UPDATE ON "{table}" FOR EACH ROW {when}'),
        ("refuse_delete", f'DELETE ON "{table}" FOR EACH ROW '),
        ("refuse_truncate", f'TRUNCATE ON "{table}" FOR EACH STATEMENT '),
    ):
        yield f'CREATE TRIGGER "{table}_{name}" BEFORE {moment}EXECUTE FUNCTION "{table}_refuse"()'
        # ALWAYS: session_replication_role = replica doesn't switch it off.
        yield f'ALTER TABLE "{table}" ENABLE ALWAYS TRIGGER "{table}_{name}"'


def _sqlite_guards(model: type[Model], refuse_update_when: str) -> Iterator[str]:
    table = model._meta.db_table
    replaces = " OR ".join(
        f'EXISTS (SELECT 1 FROM "{table}" WHERE {_same_in_new(columns)})' for columns in _unique_columns(model)
    )
    for name, moment, when in (
        ("refuse_update", "UPDATE", refuse_update_when),
        ("refuse_delete", "DELETE", ""),
        # INSERT OR REPLACE deletes without telling the delete trigger.
        ("refuse_replace", "INSERT", replaces),
    ):
        condition = f"WHEN {when} " if when else ""
        refuse = f"SELECT RAISE(ABORT, '{table} is append-only: {name.removeprefix('refuse_').upper()} refused')"
        yield f'CREATE TRIGGER "{table}_{name}" BEFORE {moment} ON "{table}" {condition}BEGIN {refuse}; END'


def _same_in_new(columns: list[str]) -> str:
    return " AND ".join(f'"{column}" = NEW."{column}"' for column in columns)


def _unique_columns(model: type[Model]) -> list[list[str]]:
    """Return each set of columns whose values a second row may not repeat."""
    meta = model._meta
    columns = {field.name: str(field.column) for field in meta.local_concrete_fields}
    together = [*meta.unique_together, *(constraint.fields for constraint in meta.total_unique_constraints)]
    alone = [(field.name,) for field in meta.local_concrete_fields if field.unique]
    return [[columns[name] for name in names] for names in [*alone, *together]]
