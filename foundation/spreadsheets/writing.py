"""Rows to xlsx. What is typed stays text: nothing becomes a formula, nothing is cut, nothing is dropped.

openpyxl would turn text that begins with = into a formula and shorten cells of more than 32,767
characters without a word; both are settled here, once.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

# Without a name a spreadsheet program falls back to whatever serif it has, and some then don't fit rows to their text.
TYPEFACE = "Microsoft JhengHei"
CELL_LIMIT = 32_767  # characters, of the file format

# Excel alone fits rows to wrapped text when it opens a file; elsewhere a row shows one line unless it says otherwise.
_LINE_HEIGHT, _TALLEST_ROW = 13.5, 409.0  # points; the second is the file format's limit
_WIDE = re.compile("[\u1100-\uffff]")  # characters that take two columns' worth
_A4_COLUMNS = 220  # characters that are legible across a landscape A4

_SURROGATE = re.compile("[\ud800-\udfff]")
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")

Value = str | int | date | None
Page = Any  # openpyxl's write-only sheet, whose types lack what it can do


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
    contents = [(sheet, [tuple(row) for row in sheet.rows]) for sheet in sheets]
    for sheet, rows in contents:
        _check(sheet.title, rows)
    workbook = Workbook(write_only=True)
    workbook.properties.title = title
    for style in (_head, _body, _day):
        workbook.add_named_style(style())
    for sheet, rows in contents:
        _add(workbook.create_sheet(sheet.title), sheet.columns, rows)
    stream = BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def _check(title: str, rows: list[tuple[Value, ...]]) -> None:
    for number, row in enumerate(rows, start=2):
        for position, value in enumerate(row, start=1):
            if isinstance(value, str) and (fault := _fault(value)):
                raise BadCell(f"{title}!{get_column_letter(position)}{number}: {fault}")


def _fault(text: str) -> str:
    """What is wrong with a text as a cell's content; nothing for nearly all."""
    if len(text) > CELL_LIMIT:
        return f"{len(text)} characters, a cell holds {CELL_LIMIT}"
    if found := ILLEGAL_CHARACTERS_RE.search(text):
        return f"control character U+{ord(found[0]):04X}"
    return "half of a character (lone surrogate)" if _SURROGATE.search(text) else ""


def _add(page: Page, columns: Sequence[Column], rows: list[tuple[Value, ...]]) -> None:
    for number, column in enumerate(columns, start=1):
        page.column_dimensions[get_column_letter(number)].width = column.width
    _set_up_print(page, sum(column.width for column in columns))
    page.freeze_panes = "A2"
    page.append([_cell(page, column.title, "head") for column in columns])
    for number, row in enumerate(rows, start=2):
        page.row_dimensions[number].height = _height(row, columns)
        page.append([_cell(page, None if value == "" else value, "body") for value in row])
    page.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{len(rows) + 1}"


def _height(row: Sequence[Value], columns: Sequence[Column]) -> float:
    """Of the row's longest text, wrapped into its column."""
    most = max((_lines(value, column.width) for value, column in zip(row, columns, strict=False)), default=1)
    return min(most * _LINE_HEIGHT + 2, _TALLEST_ROW)


def _lines(value: Value, width: int) -> int:
    if not isinstance(value, str):
        return 1
    return sum(-(-(len(line) + len(_WIDE.findall(line)) or 1) // (width - 1)) for line in value.split("\n"))


def _set_up_print(page: Page, width: int) -> None:
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = Worksheet.PAPERSIZE_A4 if width <= _A4_COLUMNS else Worksheet.PAPERSIZE_A3
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.print_title_rows = "1:1"


def _cell(page: Page, value: Any, style: str) -> Cell:
    cell = WriteOnlyCell(page, value)
    cell.style = "day" if isinstance(value, date) else style
    if isinstance(value, str):
        cell.data_type = "s"  # never "f", whatever the text begins with
        if value.startswith(_FORMULA_SIGNS):
            cell.quotePrefix = True  # stays text when somebody edits the cell, too
    return cell


_LINE = Side(style="thin", color="D5DBE2")


def _head() -> NamedStyle:
    return NamedStyle(
        "head",
        font=Font(name=TYPEFACE, size=10, bold=True, color="17375E"),
        fill=PatternFill("solid", fgColor="EEF2F6"),
        alignment=Alignment(wrap_text=True, vertical="center"),
        border=Border(bottom=Side(style="medium", color="5A6673")),
    )


def _body() -> NamedStyle:
    return NamedStyle(
        "body",
        font=Font(name=TYPEFACE, size=10),
        alignment=Alignment(wrap_text=True, vertical="top"),
        border=Border(bottom=_LINE),
    )


def _day() -> NamedStyle:
    style = _body()
    style.name, style.number_format = "day", "yyyy-mm-dd"
    return style
