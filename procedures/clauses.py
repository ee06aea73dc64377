"""Procedures that list clauses, tested on several items: which they are, and what their matrix still lacks."""

import re
from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from controls.models import Procedure
from procedures.models import Matrix, Outcome, ProcedureResult

NUMBER = re.compile(r"^\(\d+\)")
SIGN = {"": "·", **dict(Matrix.Mark.choices)}
Cell = tuple[int, str, str]  # the clause's place, the item, the mark


def lists_clauses(result: ProcedureResult) -> bool:
    """Whether the procedure's printed steps can be tested one by one."""
    return len(result.steps) > 1


def is_about_clauses(result: ProcedureResult) -> bool:
    """Whether it asks for nothing else than that the listed clauses are there."""
    if not lists_clauses(result):
        return False
    procedure = result.prescribed
    return Procedure.Method.ATTRIBUTE_TEST in {*procedure.methods, *procedure.implied_methods}


def clause_label(steps: Sequence[str], place: int) -> str:
    """The clause's number as it is printed, or its place in the list: (3)."""
    printed = NUMBER.match(steps[place])
    return printed.group() if printed else f"({place + 1})"


def as_text(matrix: Matrix) -> str:
    """The matrix as a paper's history shows it: one line per item, a sign per clause."""
    columns = zip(*matrix.marks, strict=True) if matrix.marks else [()] * len(matrix.items)
    return "\n".join(
        f"{item} {' '.join(SIGN[mark] for mark in marks)}" for item, marks in zip(matrix.items, columns, strict=True)
    )


def matrix_gaps(result: ProcedureResult) -> list[tuple[str, str]]:
    """Return (kind, text) of what keeps a result on clauses from being complete: empty cells; where no exception is
    reported, a clause that is missing, or nothing that was tested though the procedure is about nothing else.
    """
    cells = list(_cells(result))
    if not cells and result.outcome == Outcome.NO_EXCEPTION and is_about_clauses(result):
        text = _("no exception, but nothing is in the matrix: name what was tested and mark each clause")
        return [("matrix.missing", text)]
    empty = [cell for cell in cells if not cell[2]]
    missing = [cell for cell in cells if cell[2] == Matrix.Mark.NO]
    found = []
    if empty and result.outcome not in {Outcome.NOT_APPLICABLE, Outcome.NO_OCCURRENCE}:
        told = {"n": len(empty), "first": _named(result, empty[0])}
        found.append(("matrix.unfilled", _("the matrix has %(n)d empty cells, first %(first)s") % told))
    if missing and result.outcome == Outcome.NO_EXCEPTION:
        told = {"cells": "、".join(_named(result, cell) for cell in missing)}
        found.append(("matrix.contradicts", _("no exception, but the matrix has ✗: %(cells)s") % told))
    return found


def _cells(result: ProcedureResult) -> Iterator[Cell]:
    matrix: Matrix | None = getattr(result, "matrix", None)
    if matrix is None:
        return
    for place, row in enumerate(matrix.marks):
        for item, mark in zip(matrix.items, row, strict=True):
            yield place, item, mark


def _named(result: ProcedureResult, cell: Cell) -> str:
    """(3) 合約甲."""
    place, item, _mark = cell
    return f"{clause_label(result.steps, place)} {item}"
