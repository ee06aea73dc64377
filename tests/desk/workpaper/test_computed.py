"""What the side of a workpaper computes: the passage that changed, where a day is drawn."""

from datetime import date

import pytest

from desk.workpaper_changes import changed_span
from desk.workpaper_coverage import Ruler
from procedures.stretches import Span


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


def test_days_outside_the_period_are_drawn_at_its_edge():
    year = Ruler(Span(date(2026, 1, 1), date(2026, 12, 31)))
    assert [year.at(date(2025, 1, 1)), year.at(date(2026, 1, 1)), year.at(date(2027, 5, 1))] == [0, 0, 100]
