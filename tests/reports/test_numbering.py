"""Hanging numbers follow the printed text, not one fixed order."""

import pytest

from reports.numbering import Line, lines
from tests.reports.binders import annual


def test_levels_follow_the_order_in_which_numberings_appear():
    text = "2. 公司應提供\n(1). 帳號\n(2). 密碼\nA. 應設計\nB. 公司若\n(3). 其他"
    assert [(line.level, line.number) for line in lines(text)] == [
        (0, "2. "), (1, "(1). "), (1, "(2). "), (2, "A. "), (2, "B. "), (1, "(3). "),
    ]  # fmt: skip


def test_a_bracket_with_a_stop_is_another_level_than_one_without():
    assert [line.level for line in lines("(1) 甲\n1. 乙\n(1). 丙")] == [0, 1, 2]


@pytest.mark.parametrize(
    ("text", "number"), [("一、甲", "一、"), ("（二）乙", "（二）"), ("3.丙", "3."), ("A.丁", "A.")]
)
def test_each_manner_of_numbering_is_recognised(text, number):
    assert next(lines(text)).number == number


@pytest.mark.parametrize("text", ["1.5 小時內完成", "TLS 1.2", "公司應", "2025 年"])
def test_figures_and_words_are_no_numbering(text):
    assert list(lines(text)) == [Line(0, "", text)]


def test_a_chinese_bracket_hangs_wider_than_a_latin_one():
    assert next(lines("（一）甲")).hang > next(lines("(1) 甲")).hang


def test_no_character_of_the_regulation_is_lost():
    for point in annual().points():
        printed = "".join(line.number + line.text for line in lines(point.text))
        assert "".join(printed.split()) == "".join(point.text.split())
