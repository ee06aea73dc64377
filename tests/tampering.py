"""What somebody with the file or the owner's rights can do to the database, and what the verification says then."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from django.db import connection
from django.db.models import Model

from desk.witnesses import verify_everything
from engagements.models import Engagement, ProfileAnswer
from foundation.accounts.models import User
from foundation.trail.actions import record

DIFFERS = "it says something else than its event"


@contextmanager
def unguarded(table: str) -> Iterator[None]:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Foreign keys are checked at the end of the transaction; none may be pending when a table is altered.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table])
            for (name,) in cursor.fetchall():
                cursor.execute(f'DROP TRIGGER "{name}"')
    yield
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def answers_told(engagement: Engagement, *, by: User) -> Engagement:
    """The engagement with the events of its profile's answers, as the verb leaves them: tests write these in bulk."""
    for answer in ProfileAnswer.objects.filter(engagement=engagement).select_related("condition"):
        facts = {"answer": answer.pk, "condition": answer.condition.key, "applies": answer.applies}
        record("profile.answered", chain=engagement.chain, by=by, about=engagement, facts=facts, reason=answer.reason)
    return engagement


def found() -> list[str]:
    """Return what is wrong with the trail, in words."""
    return [str(problem) for problem in verify_everything().problems]


def tamper(model: type[Model], **changes: object) -> None:
    """Change every row of a table."""
    with unguarded(model._meta.db_table):
        model._base_manager.update(**changes)


def remove(*rows: Model) -> None:
    with ExitStack() as guards:
        for table in {row._meta.db_table for row in rows}:
            guards.enter_context(unguarded(table))
        for row in rows:
            type(row)._base_manager.filter(pk=row.pk)._raw_delete(using="default")


def missing(row: str, name: str) -> list[str]:
    return [
        problem
        for problem in found()
        if f"({name})" in problem and problem.endswith(f"{row}, of which it tells, is missing")
    ]
