"""A matrix as tables show it: a row for each clause, a column for each item."""

from dataclasses import dataclass

from procedures.clauses import clause_label, is_about_clauses, lists_clauses
from procedures.matrices import LONGEST, MOST, Column, columns_of, matrix_of
from procedures.models import Matrix, ProcedureResult


@dataclass(frozen=True, slots=True)
class Row:
    """One clause: its number, its text, and (name of the field, item, mark) of each cell."""

    label: str
    text: str
    cells: list[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class Table:
    """A matrix as it is shown; where it is typed in (`is_open`), an empty column is ready for one more item."""

    matrix: Matrix
    is_open: bool

    marks = Matrix.Mark.choices
    longest = LONGEST

    @property
    def result(self) -> ProcedureResult:
        return self.matrix.result

    @property
    def columns(self) -> list[Column]:
        columns = columns_of(self.matrix)
        spare = Column("", ("",) * len(self.result.steps))
        return [*columns, spare] if self.is_open and len(columns) < MOST else columns

    @property
    def is_the_point(self) -> bool:
        """Whether the procedure is about nothing else: then the table stands for its list of steps."""
        return is_about_clauses(self.result)

    @property
    def rows(self) -> list[Row]:
        return [self._row(place, step) for place, step in enumerate(self.result.steps)]

    def _row(self, clause: int, step: str) -> Row:
        label = clause_label(self.result.steps, clause)
        cells = [
            (f"mark-{clause}-{place}", column.item, column.marks[clause]) for place, column in enumerate(self.columns)
        ]
        return Row(label, step, cells)


def table_of(result: ProcedureResult, *, is_open: bool) -> Table | None:
    """The result's table: to be typed in, or to be read where it has items. None where no clauses are listed."""
    if not lists_clauses(result):
        return None
    table = Table(matrix_of(result), is_open)
    return table if is_open or table.matrix.items else None
