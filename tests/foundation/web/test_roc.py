"""民國 dates in and out."""

from datetime import UTC, date, datetime

import pytest
from django import forms
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from foundation.web import roc
from foundation.web.fields import RocDateField

DAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    "typed",
    [
        "115/11/23",
        "115.11.23",
        "115-11-23",
        "1151123",
        "2026-11-23",
        "2026/11/23",
        " 115/11/23 ",
        "１１５／１１／２３",
        "115年11月23日",
    ],
)
def test_a_day_is_read_however_it_is_typed(typed):
    assert roc.parse(typed) == DAY


@pytest.mark.parametrize(
    "typed",
    [
        "115/02/29",
        "115/13/01",
        "115/00/10",
        "115/11",
        "11/23",
        "20261123",
        "昨天",
        "",
        "115/11/23x",
        "26-11-23x",
        "0/1/1",
    ],
)
def test_what_is_no_day_is_refused(typed):
    with pytest.raises(ValueError, match=r".*"):
        roc.parse(typed)


@pytest.mark.parametrize("typed", ["9999-12-31", "2111-01-01", "1911-12-31", "0001-01-01", "200/01/01", "999/12/31"])
def test_years_that_nobody_means_are_refused_as_such(typed):
    with pytest.raises(roc.OtherYear):
        roc.parse(typed)
    assert "199" in Sheet({"day": typed}).errors["day"][0]


@pytest.mark.parametrize("typed", ["1912-01-01", "01/01/01", "199/12/31", "2110-12-31"])
def test_the_first_and_the_last_day_are_days(typed):
    assert Sheet({"day": typed}).is_valid()


def test_a_leap_day_is_a_day_in_its_year():
    assert roc.parse("117/02/29") == date(2028, 2, 29)


def test_the_ways_of_writing():
    assert roc.short(DAY) == "115/11/23"
    assert roc.long(DAY) == "115年11月23日"
    assert roc.in_words(DAY) == "中華民國一一五年十一月二十三日"
    assert roc.in_words(date(2021, 10, 30)) == "中華民國一一〇年十月三十日"


@pytest.mark.parametrize(("number", "words"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (99, "九十九")])
def test_numbers_in_words(number, words):
    assert roc.number_in_words(number) == words


@given(st.dates(min_value=date(1922, 1, 1), max_value=date(2110, 12, 31)))
def test_what_is_written_is_read_back(day):
    assert roc.parse(roc.short(day)) == day
    assert roc.parse(roc.long(day)) == day
    assert roc.parse(day.isoformat()) == day


class Sheet(forms.Form):
    day = RocDateField(required=False)


def test_a_field_keeps_what_was_typed_and_says_what_is_wrong():
    form = Sheet({"day": "115/02/29"})

    assert not form.is_valid()
    assert "115/02/29" in form.errors["day"][0]
    assert 'value="115/02/29"' in str(form["day"])


def test_a_field_shows_its_day_in_roc_years():
    assert 'value="115/11/23"' in str(Sheet(initial={"day": DAY})["day"])


def test_an_empty_field_is_no_day():
    form = Sheet({"day": ""})
    assert form.is_valid()
    assert form.cleaned_data["day"] is None


@pytest.mark.parametrize(
    ("typed", "changed"), [("115/11/23", False), ("2026-11-23", False), ("115/11/24", True), ("x", True)]
)
def test_a_field_has_changed_only_when_the_day_has(typed, changed):
    assert RocDateField().has_changed(DAY, typed) is changed


def test_an_attribute_holds_the_date_without_markup():
    assert Template("{{ day|roc_text }}{{ none|roc_text }}").render(Context({"day": DAY, "none": None})) == "115/11/23"


def test_templates_show_roc_years_with_the_iso_date_on_hover():
    shown = Template("{{ day|roc }} {{ none|roc }}{{ day|roc_long }} {{ moment|roc_time }} {{ 18|cjk_number }}").render(
        Context({"day": DAY, "none": None, "moment": datetime(2026, 11, 22, 16, 5, tzinfo=UTC)})
    )
    assert shown == (
        '<time datetime="2026-11-23" title="2026-11-23">115/11/23</time> 115年11月23日 '
        '<time datetime="2026-11-23T00:05:00+08:00" title="2026-11-23T00:05:00+08:00">115/11/23 00:05</time> 十八'
    )
