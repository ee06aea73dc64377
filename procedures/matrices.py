"""Saving the matrix of a procedure that lists clauses."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.models import User
from foundation.trail.actions import record
from foundation.trail.hashing import canonical
from foundation.web.refusals import Refused
from procedures.actions import conflict, locked_result, standing
from procedures.clauses import lists_clauses
from procedures.models import Matrix, ProcedureResult
from procedures.revisions import bump, revise, revised

MOST = 30  # items of one matrix
LONGEST = 40  # characters of an item's name


@dataclass(frozen=True, slots=True)
class Column:
    """One item with its mark for each clause, in the order of the procedure's steps."""

    item: str
    marks: tuple[str, ...]

    @property
    def is_blank(self) -> bool:
        return not self.item.strip() and not any(self.marks)


def matrix_of(result: ProcedureResult) -> Matrix:
    """The result's matrix (a query, unless it was loaded along); one without items, unsaved, where it has none."""
    kept: Matrix | None = getattr(result, "matrix", None)
    return kept or Matrix(result=result, marks=[[] for _step in result.steps])


def columns_of(matrix: Matrix) -> list[Column]:
    """The matrix by its items."""
    return [Column(item, tuple(row[place] for row in matrix.marks)) for place, item in enumerate(matrix.items)]


@transaction.atomic
def save_matrix(
    result: ProcedureResult, columns: Sequence[Column], *, version: int, by: User, reopening: bool = True
) -> Matrix:
    """Save what is marked, if nobody saved since `version`; else Conflict with their cells, named as the form names
    them. Blank columns are left out. `reopening` as for a result; saving what already stands writes nothing.
    """
    current = locked_result(result.pk, by=by)
    paper, matrix = current.workpaper, matrix_of(current)
    kept = [Column(column.item.strip(), column.marks) for column in columns if not column.is_blank]
    if kept == columns_of(matrix):
        return matrix
    if matrix.version != version:
        raise _in_the_way(matrix, shown=len(columns))
    _check(current, kept)
    matrix.items = [column.item for column in kept]
    matrix.marks = [[column.marks[place] for column in kept] for place in range(len(current.steps))]
    matrix.version = version + 1
    matrix.save()
    bump(paper, reopening=reopening)
    revision = revise(paper, current, standing(current), by=by, reopening=reopening)
    facts: dict[str, Any] = {"result": str(current.pk), "hash": matrix_hash(matrix), **revised(revision)}
    record("matrix.saved", chain=paper.engagement.chain, by=by, about=paper, facts=facts)
    return matrix


def _in_the_way(matrix: Matrix, *, shown: int) -> Refused:
    """Somebody else's matrix: cell by cell, unless the form has too few columns to show it."""
    if len(matrix.items) > shown:
        return Refused(_("Somebody else added items to this matrix. Load the page again; what you marked is kept."))
    return conflict(matrix.version, cells_of(matrix))


def cells_of(matrix: Matrix) -> dict[str, str]:
    """The matrix as the fields of its form: item-<column>, mark-<clause>-<column>."""
    items = {f"item-{place}": item for place, item in enumerate(matrix.items)}
    marks = {
        f"mark-{clause}-{place}": mark for clause, row in enumerate(matrix.marks) for place, mark in enumerate(row)
    }
    return items | marks


def _check(result: ProcedureResult, columns: Sequence[Column]) -> None:
    names = [column.item for column in columns]
    marks = {mark for column in columns for mark in column.marks}
    problems = [
        (_("This procedure lists no clauses."), not lists_clauses(result)),
        (_("Name each item that was tested."), "" in names),
        (_("Two items have the same name."), len(set(names)) < len(names)),
        (_("An item's name is too long."), any(len(name) > LONGEST for name in names)),
        (_("A matrix has no more than %(n)d items.") % {"n": MOST}, len(names) > MOST),
        (_("Each clause has one mark per item."), any(len(column.marks) != len(result.steps) for column in columns)),
        (_("A mark is ✓, ✗ or N/A."), not marks <= {"", *Matrix.Mark.values}),
    ]
    if reasons := [text for text, applies in problems if applies]:
        raise Refused(*reasons)


def matrix_hash(matrix: Matrix) -> str:
    """SHA-256 (hex) of items and marks."""
    return hashlib.sha256(canonical({"items": matrix.items, "marks": matrix.marks})).hexdigest()
