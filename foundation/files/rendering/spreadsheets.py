"""Tables: comma-separated texts and workbooks, by their values; formulas, pictures and merged cells are left out."""

import csv
import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from itertools import islice
from pathlib import Path
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from foundation.files.rendering.archives import check_size
from foundation.files.rendering.outcomes import CannotShow, Reason
from foundation.files.rendering.texts import read_text
from foundation.files.rendering.typesetting import Composed

ROWS = 500
COLUMNS = 30
CELLS = 6_000  # of a file: what is typeset in a quarter of a minute
LETTERS = 500  # of a cell
SHEETS = 20
_WIDE, _WIDER = 6, 12  # columns that a sheet of A4 takes upright, and on its side


@dataclass(frozen=True, slots=True)
class Sheet:
    """A named table, as far as it is shown."""

    name: str
    rows: list[list[object]]
    cut: bool


def sheets_of_csv(source: Path) -> Iterator[Sheet]:
    """Yield the only sheet of a text; what separates its cells is told from its first line."""
    text, cut = read_text(source)
    first = text.split("\n", 1)[0]
    separator = max(",\t;", key=first.count)
    csv.field_size_limit(len(text) + 1)
    yield _sheet("", csv.reader(text.splitlines(), delimiter=separator), cut=cut)


def sheets_of_xlsx(source: Path) -> Iterator[Sheet]:
    """Yield a workbook's sheets; what is hidden is shown: nobody may overlook it. Raises CannotShow."""
    check_size(source)
    try:
        with source.open("rb") as file:
            book = load_workbook(file, read_only=True, data_only=True)
            for number, sheet in enumerate(book.worksheets[:SHEETS]):
                sheet.reset_dimensions()  # what the file says of its own size may be wrong
                more = number == SHEETS - 1 and len(book.worksheets) > SHEETS
                yield _sheet(sheet.title, sheet.iter_rows(values_only=True), cut=more)
    except (InvalidFileException, BadZipFile, KeyError, ValueError, TypeError, SyntaxError, AttributeError) as error:
        raise CannotShow(Reason.DAMAGED) from error


def _sheet(name: str, rows: Iterable[Iterable[object]], *, cut: bool) -> Sheet:
    taken = [list(islice(row, COLUMNS + 1)) for row in islice(rows, ROWS + 1)]
    shown = [row[:COLUMNS] for row in taken[:ROWS]]
    return Sheet(name, _trimmed(shown), cut or len(taken) > ROWS or any(len(row) > COLUMNS for row in taken))


def _trimmed(rows: list[list[object]]) -> list[list[object]]:
    """Leave out the empty rows and columns at the end."""
    while rows and not any(_filled(cell) for cell in rows[-1]):
        rows.pop()
    width = max((number for row in rows for number, cell in enumerate(row, 1) if _filled(cell)), default=0)
    return [[*row[:width], *[None] * (width - len(row))] for row in rows]


def _filled(cell: object) -> bool:
    return cell not in {None, ""}


def tables_html(sheets: Iterable[Sheet]) -> Composed:
    """Compose sheets one after another, each under its name, as far as `CELLS` reach."""
    parts, left, widest, cut = [], CELLS, 0, False
    for sheet in sheets:
        width = len(sheet.rows[0]) if sheet.rows else 0
        rows = sheet.rows[: left // width] if width else []
        parts.append(f"<section>{_heading(sheet.name)}{_table(rows)}</section>")
        left -= len(rows) * width
        widest = max(widest, width)
        cut = cut or sheet.cut or len(rows) < len(sheet.rows) or any(_too_long(cell) for row in rows for cell in row)
    return Composed("".join(parts), _paper(widest), cut=cut)


def _paper(columns: int) -> str:
    return "A4" if columns <= _WIDE else "A4 landscape" if columns <= _WIDER else "A3 landscape"


def _heading(name: str) -> str:
    return f"<h2>{escape(name)}</h2>" if name else ""


def _table(rows: list[list[object]]) -> str:
    lines = ("".join(map(_cell, row)) for row in rows)
    return f"<table>{''.join(f'<tr>{line}</tr>' for line in lines)}</table>"


def _cell(value: object) -> str:
    number = ' class="n"' if isinstance(value, int | float) and not isinstance(value, bool) else ""
    return f"<td{number}>{escape(_shown(value))}</td>"


def _shown(value: object) -> str:
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        value = value.date()
    return "" if value is None else str(value)[:LETTERS]


def _too_long(value: object) -> bool:
    return isinstance(value, str) and len(value) > LETTERS
