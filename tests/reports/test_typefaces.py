"""What the typefaces can't draw is found before anybody prints it."""

from dataclasses import replace

import pytest

from reports import readiness, typefaces
from reports.problems import Cause, Problem
from tests.reports.binders import annual, final, with_work


def test_the_whole_catalogue_and_the_report_s_own_words_can_be_drawn():
    assert typefaces.missing(annual()) == []


@pytest.mark.parametrize(("character", "name"), [
    ("😀", "U+1F600"), ("\u200b", "U+200B"), ("\x07", "U+0007"), ("\ue000", "U+E000"), ("\ud800", "U+D800"),
])  # fmt: skip
def test_a_character_without_a_glyph_is_listed_with_its_paper(character, name):
    assert typefaces.missing(with_work(f"已檢查{character}。{character}")) == [
        Problem(Cause.GLYPH_MISSING, name, "C-1.1")
    ]


@pytest.mark.parametrize("text", ["堃煊喆𠮷", "✓△○①", "ABC 123\n第二行\t表", "—…「」（）"])
def test_rare_names_marks_and_line_breaks_can_be_drawn(text):
    assert typefaces.missing(with_work(text)) == []


def test_a_draft_shows_the_code_point_in_its_place():
    printable = readiness.printable(with_work("完成😀"))
    assert printable.chapters[0].areas[0].points[0].procedures[0].work == "完成〔U+1F600〕"


def test_a_final_report_refuses_it():
    with pytest.raises(readiness.NotReady) as refusal:
        readiness.printable(with_work("完成😀", draft=False))
    assert refusal.value.problems == [Problem(Cause.GLYPH_MISSING, "U+1F600", "C-1.1")]


def test_a_typeface_that_is_not_installed_is_named_with_the_way_to_get_it(monkeypatch):
    typefaces.drawable.cache_clear()
    monkeypatch.setattr(typefaces, "FAMILIES", ("No Such Face",))
    with pytest.raises(typefaces.TypefaceMissing, match=r"No Such Face.*fonts-noto-cjk"):
        typefaces.drawable()


def test_a_machine_without_fontconfig_is_told_so(monkeypatch):
    typefaces.drawable.cache_clear()
    monkeypatch.setenv("PATH", "")
    with pytest.raises(typefaces.TypefaceMissing, match="fontconfig"):
        typefaces.drawable()


def test_a_complete_binder_is_ready():
    assert readiness.problems(final()) == []


def test_procedures_without_result_keep_a_report_from_being_final():
    binder = with_work("x")
    area = binder.chapters[0].areas[0]
    point = replace(area.points[0], procedures=(replace(area.points[0].procedures[0], result=None),))
    undone = replace(binder, chapters=(replace(binder.chapters[0], areas=(replace(area, points=(point,)),)),))
    assert readiness.problems(undone) == [Problem(Cause.RESULT_MISSING, "1")]


@pytest.mark.parametrize("draft", [True, False])
def test_a_text_beyond_all_measure_is_refused_even_in_a_draft(draft):
    with pytest.raises(readiness.NotReady) as refusal:
        readiness.printable(with_work("字" * 20_001, draft=draft))
    assert refusal.value.problems == [Problem(Cause.TEXT_TOO_LONG, "20001", "C-1.1")]
