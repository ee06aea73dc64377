"""Rows to xlsx. What is typed stays text: nothing becomes a formula, nothing is cut, nothing is dropped.

openpyxl would turn text that begins with = into a formula and shorten cells of more than 32,767
characters without a word; both are settled here, once.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from openpyxl.worksheet.worksheet import Worksheet

CELL_LIMIT = 32_767  # characters, of the file format

_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")

Value = str | int | date | None


class BadCell(ValueError):
    """A value that a cell can't hold; the message names the sheet and the cell."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column's head and its width in characters."""

    title: str
    width: int = 16


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet with a frozen, filterable head."""

    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Value]]


def write(sheets: Iterable[Sheet], *, title: str = "") -> bytes:
    """The workbook's bytes. Raises BadCell before anything is written."""
    workbook = Workbook(write_only=True)
    workbook.properties.title = title
    for style in (_head, _body, _day):
        workbook.add_named_style(style())
    for sheet in sheets:
        _add(workbook, sheet)
    stream = BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def _add(workbook: Workbook, sheet: Sheet) -> None:
    page = workbook.create_sheet(sheet.title)
    for number, column in enumerate(sheet.columns, start=1):
        page.column_dimensions[get_column_letter(number)].width = column.width
    _set_up_print(page)
    page.freeze_panes = "A2"
    page.append([_cell(page, column.title, "head") for column in sheet.columns])
    last = 1
    for last, row in enumerate(sheet.rows, start=2):
        page.append([_checked(page, value, sheet.title, last, number) for number, value in enumerate(row, start=1)])
    page.auto_filter.ref = f"A1:{get_column_letter(len(sheet.columns))}{last}"


def _set_up_print(page: WriteOnlyWorksheet) -> None:
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = Worksheet.PAPERSIZE_A4
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.print_title_rows = "1:1"


def _checked(page: WriteOnlyWorksheet, value: Value, sheet: str, row: int, column: int) -> Cell | None:
    if value is None or value == "":
        return None
    if isinstance(value, str):
        _check(value, f"{sheet}!{get_column_letter(column)}{row}")
    return _cell(page, value, "day" if isinstance(value, date) else "body")


def _check(text: str, place: str) -> None:
    if len(text) > CELL_LIMIT:
        raise BadCell(f"{place}: {len(text)} characters, a cell holds {CELL_LIMIT}")
    if found := ILLEGAL_CHARACTERS_RE.search(text):
        raise BadCell(f"{place}: control character U+{ord(found[0]):04X}")
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise BadCell(f"{place}: half of a character (lone surrogate)")


def _cell(page: WriteOnlyWorksheet, value: str | int | date, style: str) -> Cell:
    cell = WriteOnlyCell(page, value)
    if isinstance(value, str):
        cell.data_type = "s"  # never "f", whatever the text begins with
    cell.style = style
    if isinstance(value, str) and value.startswith(_FORMULA_SIGNS):
        cell.quotePrefix = True  # stays text when somebody edits the cell, too
    return cell


_LINE = Side(style="thin", color="D5DBE2")


def _head() -> NamedStyle:
    return NamedStyle(
        "head",
        font=Font(bold=True, color="17375E"),
        fill=PatternFill("solid", fgColor="EEF2F6"),
        alignment=Alignment(wrap_text=True, vertical="center"),
        border=Border(bottom=Side(style="medium", color="5A6673")),
    )


def _body() -> NamedStyle:
    return NamedStyle("body", alignment=Alignment(wrap_text=True, vertical="top"), border=Border(bottom=_LINE))


def _day() -> NamedStyle:
    style = _body()
    style.name, style.number_format = "day", "yyyy-mm-dd"
    return style
