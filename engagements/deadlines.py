"""The statutory filing date: within three months after the fiscal year (TPEx rules, article 22)."""

from calendar import monthrange
from datetime import date

MONTHS = 3


def _month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def filing_deadline(fiscal_year_end: date) -> date:
    """Three months on, month end to month end: 31 December → 31 March, 30 November → the last day of February."""
    year, month = divmod(fiscal_year_end.year * 12 + fiscal_year_end.month - 1 + MONTHS, 12)
    last = _month_end(year, month + 1)
    if fiscal_year_end == _month_end(fiscal_year_end.year, fiscal_year_end.month):
        return last
    return last.replace(day=min(fiscal_year_end.day, last.day))


def is_full_year(start: date, end: date) -> bool:
    """Whether the period is twelve months to the day."""
    following = date.fromordinal(end.toordinal() + 1)
    return (following.year - start.year, following.month, following.day) == (1, start.month, start.day)


def is_short_first_year(start: date, end: date) -> bool:
    """Whether the period is shorter than twelve months: a broker that began its business inside the year."""
    return start < end and not is_full_year(start, end) and (end - start).days < 365
