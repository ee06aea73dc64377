"""What the side of a workpaper computes: the passage that changed, the stretches of a period."""

from datetime import date

import pytest

from desk.workpaper_changes import changed_span
from desk.workpaper_coverage import Period


def span(old, new):
    change = changed_span("", old, new)
    return change.head, change.removed, change.added, change.tail


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", "取得程序書", ("", "", "取得程序書", "")),
        ("取得程序書", "", ("", "取得程序書", "", "")),
        ("取得甲書並核對", "取得乙書並核對", ("取得", "甲", "乙", "書並核對")),
        ("核對", "核對相符", ("核對", "", "相符", "")),
        ("核對相符", "相符", ("", "核對", "", "相符")),
        ("aa", "aaa", ("aa", "", "a", "")),
        ("aaa", "aa", ("aa", "a", "", "")),
        ("同", "同", ("同", "", "", "")),
    ],
)
def test_the_changed_passage_stands_between_what_stayed(old, new, expected):
    assert span(old, new) == expected


def test_what_stayed_is_shortened():
    head, removed, added, tail = span("前" * 100 + "甲" + "後" * 100, "前" * 100 + "乙" + "後" * 100)
    assert (head, removed, added, tail) == ("…" + "前" * 24, "甲", "乙", "後" * 24 + "…")


@pytest.mark.parametrize(("months", "ends"), [(12, [12]), (6, [6, 12]), (3, [3, 6, 9, 12])])
def test_a_year_falls_into_equal_parts(months, ends):
    year = Period(date(2026, 1, 1), date(2026, 12, 31))
    assert [part.end.month for part in year.parts(months)] == ends


def test_a_year_that_began_late_has_a_short_last_part():
    parts = list(Period(date(2026, 4, 1), date(2026, 12, 31)).parts(6))
    assert [(part.start, part.end) for part in parts] == [
        (date(2026, 4, 1), date(2026, 9, 30)),
        (date(2026, 10, 1), date(2026, 12, 31)),
    ]


def test_days_outside_the_period_are_drawn_at_its_edge():
    year = Period(date(2026, 1, 1), date(2026, 12, 31))
    assert [year.at(date(2025, 1, 1)), year.at(date(2026, 1, 1)), year.at(date(2027, 5, 1))] == [0, 0, 100]
