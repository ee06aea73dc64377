"""What somebody with the file or the owner's rights can do to the database, and what the verification says then."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Model

from desk.witnesses import verify_everything
from engagements.models import Acceptance, Declaration, Engagement, EngagementLetter, PlanApproval, ProfileAnswer
from evidence.models import Evidence, EvidenceDecision
from findings.models import FindingRelease, ManagementResponse
from foundation.accounts.models import User
from foundation.files.models import StoredFile
from foundation.trail.actions import record
from foundation.trail.checkpoints import Checkpoint
from foundation.trail.models import Chain, Event
from procedures.models import SignOff
from signoff.models import EngagementSignOff, ReportVersion, Signature

DIFFERS = "it says something else than its event"
# What may never change, and a change that somebody may wish for.
GUARDED: dict[type[Model], dict[str, object]] = {
    Event: {"name": "paper.loved"},
    Chain: {"head": b"x" * 32},
    SignOff: {"content_hash": "ab" * 32},
    EngagementSignOff: {"fingerprint": "ab" * 32},
    FindingRelease: {"due_on": "2030-01-01"},
    ManagementResponse: {"text": "同意一切。"},
    Evidence: {"derivation": {"pages": [7]}},
    EvidenceDecision: {"reason": "x"},
    StoredFile: {"sha256": "ab" * 32},
    Declaration: {"threats": ""},
    EngagementLetter: {"has_clause": True},
    Acceptance: {"form": "direct"},
    PlanApproval: {"fingerprint": "ab" * 32},
    ReportVersion: {"report_number": "116-002"},
    Signature: {"pdf_sha256": "ab" * 32},
}
each_guarded_table = pytest.mark.parametrize("model", GUARDED, ids=lambda model: model.__name__)


@contextmanager
def unguarded(table: str) -> Iterator[None]:
    """Take a table's guards away and put them back as they were, so that what is found is the change itself."""
    restore = take_guards_away(table)
    yield
    with connection.cursor() as cursor:
        for statement in restore:
            cursor.execute(statement)


def take_guards_away(table: str) -> list[str]:
    """Return the statements that put them back."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Foreign keys are checked at the end of the transaction; none may be pending when a table is altered.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(
                "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal AND tgenabled = 'A'",
                [table],
            )
            names = [name for (name,) in cursor.fetchall()]
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            return [f'ALTER TABLE {table} ENABLE ALWAYS TRIGGER "{name}"' for name in names]
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table])
        triggers = cursor.fetchall()
        for name, _sql in triggers:
            cursor.execute(f'DROP TRIGGER "{name}"')
        return [sql for _name, sql in triggers]


@contextmanager
def foreign_connection() -> Iterator[None]:
    """As any other program connects: on SQLite the delete triggers aren't told of rows that are replaced."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA recursive_triggers = OFF")
        try:
            yield
        finally:
            if connection.vendor == "sqlite":
                cursor.execute("PRAGMA recursive_triggers = ON")


def answers_told(engagement: Engagement, *, by: User) -> Engagement:
    """The engagement with the events of its profile's answers, as the verb leaves them: tests write these in bulk."""
    for answer in ProfileAnswer.objects.filter(engagement=engagement).select_related("condition"):
        facts = {"answer": answer.pk, "condition": answer.condition.key, "applies": answer.applies}
        record("profile.answered", chain=engagement.chain, by=by, about=engagement, facts=facts, reason=answer.reason)
    return engagement


def found(*checkpoints: Path) -> list[str]:
    """Return what is wrong with the trail, in words."""
    return [str(problem) for problem in verify_everything(checkpoints=checkpoints).problems]


RESTS = "what the result rests on isn't what its evidence says"


def found_beside_supports() -> list[str]:
    """The same without what the supports tell: a changed citation is found twice."""
    return [line for line in found() if RESTS not in line]


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


def refused(statement: str) -> bool:
    """Whether the database refuses because the table is append-only; raises whatever else is wrong."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except IntegrityError as error:
        return "append-only" in str(error)
    return False


def place_of(event: Event) -> str:
    return f"Chain {event.chain.key}, event {event.seq} ({event.name})"


def day_of(checkpoint: Path) -> str:
    return Checkpoint.from_bytes(checkpoint.read_bytes()).day.isoformat()
