"""The filing date: three months after the fiscal year, month end to month end."""

from datetime import date

import pytest

from engagements.deadlines import filing_deadline, is_full_year, is_short_first_year


@pytest.mark.parametrize(
    ("year_end", "deadline"),
    [
        (date(2026, 12, 31), date(2027, 3, 31)),
        (date(2026, 3, 31), date(2026, 6, 30)),
        (date(2026, 11, 30), date(2027, 2, 28)),
        (date(2027, 11, 30), date(2028, 2, 29)),
        (date(2026, 6, 15), date(2026, 9, 15)),
    ],
)
def test_the_report_is_due_three_months_after_the_fiscal_year(year_end, deadline):
    assert filing_deadline(year_end) == deadline


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (date(2026, 1, 1), date(2026, 12, 31)),
        (date(2026, 4, 1), date(2027, 3, 31)),
        (date(2023, 3, 1), date(2024, 2, 29)),
        (date(2024, 3, 1), date(2025, 2, 28)),
    ],
)
def test_a_fiscal_year_is_twelve_months_to_the_day(start, end):
    assert is_full_year(start, end)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (date(2026, 1, 1), date(2026, 11, 30)),
        (date(2026, 1, 1), date(2027, 1, 1)),
        (date(2026, 1, 2), date(2026, 12, 31)),
    ],
)
def test_eleven_months_or_a_day_too_many_are_no_fiscal_year(start, end):
    assert not is_full_year(start, end)


def test_a_business_that_began_inside_the_year_has_a_shorter_period():
    assert is_short_first_year(date(2026, 7, 1), date(2026, 12, 31))


def test_a_whole_year_is_no_short_first_year():
    assert not is_short_first_year(date(2026, 1, 1), date(2026, 12, 31))
