"""The index beside a paper: sections of papers, each row as it is now."""

from dataclasses import replace

from django.utils import translation

from desk.workpaper_index import row, sections_of
from procedures.queries import paper_lines


def test_what_has_no_papers_has_no_section(fieldwork):
    lines = paper_lines(fieldwork)
    assert {"A", "B", "D"} <= {section.letter for section in sections_of(lines)}
    assert {section.letter for section in sections_of([line for line in lines if not line.is_general])} == {""}


def test_a_row_that_was_drawn_before_is_drawn_anew_when_it_says_something_else(fieldwork):
    line = paper_lines(fieldwork)[0]
    drawn, exceptional = row(line).html, row(replace(line, exceptions=2)).html
    assert "!2" in exceptional
    assert "!2" not in drawn
    assert row(line).html == drawn


def test_a_row_is_drawn_for_each_language(fieldwork):
    line = replace(paper_lines(fieldwork)[0], evidence=3)
    with translation.override("en"):
        assert "Pieces of evidence" in row(line).html
    with translation.override("zh-hant"):
        assert "Pieces of evidence" not in row(line).html
