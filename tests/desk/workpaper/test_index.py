"""The index beside a paper: sections of papers, each row as it is now."""

from dataclasses import replace

from django.utils import translation

from desk.workpaper_index import sections_of
from procedures.queries import paper_lines


def test_what_has_no_papers_has_no_section(fieldwork):
    lines = paper_lines(fieldwork)
    assert {"A", "B", "D"} <= {section.letter for section in sections_of(lines)}
    assert {section.letter for section in sections_of([line for line in lines if not line.is_general])} == {""}


def index_of(line) -> str:
    (section,) = sections_of([line])
    return section.html


def test_a_section_that_was_drawn_before_is_drawn_anew_when_a_paper_says_something_else(fieldwork):
    line = paper_lines(fieldwork)[0]
    drawn, exceptional = index_of(line), index_of(replace(line, exceptions=2))
    assert "!2" in exceptional
    assert "!2" not in drawn
    assert index_of(line) == drawn


def test_a_section_is_drawn_for_each_language(fieldwork):
    line = replace(paper_lines(fieldwork)[0], evidence=3)
    with translation.override("en"):
        assert "Pieces of evidence" in index_of(line)
    with translation.override("zh-hant"):
        assert "Pieces of evidence" not in index_of(line)


def test_only_who_may_add_a_paper_is_offered_to(fieldwork):
    lines = paper_lines(fieldwork)
    for adds_to, offers in ((None, 0), (fieldwork.pk, 3)):
        drawn = [section.html for section in sections_of(lines, adds_to=adds_to)]
        assert sum("?section=" in html for html in drawn) == offers
