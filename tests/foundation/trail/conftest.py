"""A trail with something in it, and the means of an attacker who owns the database."""

from collections.abc import Callable

import pytest
from django.db import connection, transaction

from foundation.trail.actions import record
from foundation.trail.guards import drop_sql
from foundation.trail.models import Event


@pytest.fixture
def trail() -> list[Event]:
    """Two chains: five events on `engagement:1`, returned, and one on `security`. The test says in which database."""
    with transaction.atomic():
        record("login.failed", chain="security", by=None, about=None)
        papers = [
            record("paper.signed", chain="engagement:1", by=None, about=None, facts={"no": n}) for n in range(1, 6)
        ]
        connection.check_constraints()  # PostgreSQL alters no table with deferred checks on it
    return papers


@pytest.fixture
def sql() -> Callable[..., None]:
    """Run a statement past Django."""

    def run(statement: str, *parameters: object) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, parameters or None)

    return run


@pytest.fixture
def unguarded(trail: list[Event], sql: Callable[..., None]) -> None:
    """The attacker has dropped the guards."""
    for table in ("trail_event", "trail_chain"):
        for statement in drop_sql(table, connection.vendor):
            sql(statement)
