"""A matrix of clauses in a binder, and as it is printed: a line for each item tested, a column for each clause.

The clauses stand in the prescribed procedure beside it, so that their numbers are enough.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from procedures.clauses import clause_label


class Mark(StrEnum):
    """What one item says on one clause."""

    YES = "yes"
    NO = "no"
    NOT_APPLICABLE = "na"


@dataclass(frozen=True, slots=True)
class ClauseMatrix:
    """The procedure's steps, tested on several items: `marks[step][item]`, None where nothing is said yet."""

    items: tuple[str, ...]
    marks: tuple[tuple[Mark | None, ...], ...]


SIGNS = {Mark.YES: "✓", Mark.NO: "×", Mark.NOT_APPLICABLE: "N/A", None: "—"}
LEGEND = "✓ 已具備　× 未具備　N/A 不適用　— 未查明"


def clause_numbers(steps: Sequence[str]) -> list[str]:
    """(1), (2), … as printed."""
    return [clause_label(steps, place) for place in range(len(steps))]


def tested_items(matrix: ClauseMatrix | None) -> Iterator[tuple[str, list[str]]]:
    """Each item with a sign for each clause; nothing without a matrix."""
    if matrix is None:
        return
    for place, item in enumerate(matrix.items):
        yield item, [SIGNS[row[place]] for row in matrix.marks]
