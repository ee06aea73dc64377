"""Refuse to run when a table that the migrations made append-only has lost its guards.

The check has Django's database tag: `manage.py check --database default` and `migrate` run it, and
so do the commands that start the web server and the worker.
"""

from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, Warning  # noqa: A004  Django's own name
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Model

from foundation.trail.guards import TRIGGERS, GuardTable, guard_sql

Guards = dict[type[Model], GuardTable]


def check_guards(databases: Sequence[str] | None = None, **_kwargs: Any) -> list[CheckMessage]:
    """Return one error per table without its guards (a warning while migrations wait, which may bring them)."""
    return [message for alias in databases or () for message in _messages(connections[alias])]


def unguarded(database: BaseDatabaseWrapper) -> list[str]:
    """Return the tables that should be guarded and aren't, by name."""
    guards, _waiting = applied_guards(database)
    present = _present_triggers(database)
    expected = TRIGGERS[database.vendor] if guards else ()
    tables = sorted(model._meta.db_table for model in guards)
    return [table for table in tables if not present.issuperset(f"{table}_{name}" for name in expected)]


def guard_all(database: BaseDatabaseWrapper) -> list[str]:
    """Put every guard in place again, after a restore or a lost trigger; return the tables."""
    guards, _waiting = applied_guards(database)
    with database.schema_editor() as editor:
        for model, guard in guards.items():
            for statement in guard_sql(model, guard.update_if, database.vendor):
                editor.execute(statement, params=None)
    return sorted(model._meta.db_table for model in guards)


def applied_guards(database: BaseDatabaseWrapper) -> tuple[Guards, bool]:
    """Return the guards that the applied migrations put in place, the last per model, and whether others wait."""
    executor = MigrationExecutor(database)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes(), clean_start=True)
    applied = [step for step, _back in plan if (step.app_label, step.name) in executor.loader.applied_migrations]
    operations = [(step.app_label, operation) for step in applied for operation in step.operations]
    found = {(app, guard.name.lower()): guard for app, guard in operations if isinstance(guard, GuardTable)}
    known = {(model._meta.app_label, model._meta.model_name): model for model in apps.get_models()}
    return {known[key]: guard for key, guard in found.items() if key in known}, len(applied) < len(plan)


def _messages(database: BaseDatabaseWrapper) -> list[CheckMessage]:
    _guards, waiting = applied_guards(database)
    hint = "Run manage.py guard_tables, and repeat GuardTable in the migration that changed the table."
    level = Warning if waiting else Error
    text = "{} has lost the triggers that make it append-only"
    return [level(text.format(table), hint=hint, id="trail.E001") for table in unguarded(database)]


def _present_triggers(database: BaseDatabaseWrapper) -> set[str]:
    query = (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'A'"
        if database.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with database.cursor() as cursor:
        cursor.execute(query)
        return {name for (name,) in cursor.fetchall()}
