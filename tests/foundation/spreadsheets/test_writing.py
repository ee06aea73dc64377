"""Rows to xlsx: typed text stays text, and what can't be held is refused by name."""

import io
from datetime import date

import openpyxl
import pytest

from foundation.spreadsheets.writing import CELL_LIMIT, BadCell, Column, Sheet, write

COLUMNS = (Column("甲", 10), Column("乙", 30))


def written(*rows):
    return openpyxl.load_workbook(io.BytesIO(write([Sheet("表", COLUMNS, rows)], title="試")))["表"]


@pytest.mark.parametrize("text", ["=1+1", "+886", "-5", "@SUM(A1)", "=cmd|'/c calc'!A0", "\t=1", "'=1", "#N/A", "TRUE"])
def test_text_is_never_a_formula_a_number_or_an_error(text):
    cell = written((text,))["A2"]
    assert (cell.value, cell.data_type) == (text, "s")


@pytest.mark.parametrize("text", ["=1+1", "+886", "-5", "@SUM(A1)"])
def test_formula_signs_stay_text_when_somebody_edits_the_cell(text):
    assert written((text,))["A2"].quotePrefix
    assert not written(("普通",))["A2"].quotePrefix


def test_numbers_and_dates_are_numbers_and_dates():
    sheet = written((3, date(2026, 2, 28)))
    assert (sheet["A2"].value, sheet["B2"].value.date()) == (3, date(2026, 2, 28))
    assert sheet["B2"].number_format == "yyyy-mm-dd"


def test_nothing_is_an_empty_cell():
    assert [cell.value for cell in written((None, "x"), ("", "y"))["A"]] == ["甲", None, None]


def test_the_longest_text_a_cell_holds_is_kept_whole():
    assert written(("字" * CELL_LIMIT,))["A2"].value == "字" * CELL_LIMIT


@pytest.mark.parametrize(("text", "reason"), [
    ("字" * (CELL_LIMIT + 1), "表!B3: 32768 characters, a cell holds 32767"),
    ("a\x00b", r"表!B3: control character U\+0000"),
    ("a\x1bb", r"表!B3: control character U\+001B"),
    ("a\ud800b", "表!B3: half of a character"),
])  # fmt: skip
def test_what_a_cell_cannot_hold_is_refused_by_name(text, reason):
    with pytest.raises(BadCell, match=reason):
        written(("a", "b"), ("c", text))


def test_the_head_is_frozen_and_filterable_and_repeats_in_print():
    sheet = written(("a", "b"), ("c", "d"))
    assert (sheet.freeze_panes, sheet.auto_filter.ref, sheet.print_title_rows) == ("A2", "A1:B3", "$1:$1")


def test_columns_have_their_widths_and_texts_wrap():
    sheet = written(("a", "b"))
    assert [sheet.column_dimensions[letter].width for letter in "AB"] == [10, 30]
    assert sheet["A2"].alignment.wrap_text


def test_line_breaks_and_rare_characters_survive():
    assert written(("一\n二 😀 𠮷",))["A2"].value == "一\n二 😀 𠮷"


def test_a_sheet_without_rows_has_its_head():
    assert written().auto_filter.ref == "A1:B1"


def height(*row):
    return written(row).row_dimensions[2].height


def test_a_row_is_as_high_as_its_longest_text_needs_in_its_column():
    assert height("長" * 18, "短") == height("a\nb\nc\nd", 7)
    assert height("短", "短") < height("短", "長" * 18) < height("長" * 18, "短")


def test_no_row_is_higher_than_the_format_allows():
    assert height("長" * 5_000) == 409


def test_a_wide_sheet_is_printed_on_larger_paper():
    sheets = [Sheet(str(width), (Column("甲", width),), []) for width in (80, 400)]
    book = openpyxl.load_workbook(io.BytesIO(write(sheets)))
    assert [int(sheet.page_setup.paperSize) for sheet in book] == [9, 8]
