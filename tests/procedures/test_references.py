"""Texts name papers of the file by their index: which places they mean, and which papers name this one."""

import pytest

from procedures.actions import Entry, save_conclusion, save_result
from procedures.models import Workpaper
from procedures.queries import paper_lines
from procedures.references import by_index, linked, named_by, references_in


@pytest.fixture
def papers(fieldwork):
    return by_index(paper_lines(fieldwork))


def labels(papers, *texts: str) -> list[str]:
    return [reference.label for reference in references_in(texts, papers)]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("詳C-3.8.2。", ["C-3.8.2"]),
        ("See C-3.8.2.", ["C-3.8.2"]),
        ("C-3.8.2/3、B-2", ["C-3.8.2/3", "B-2"]),
        ("C-3.7.4.1.B", ["C-3.7.4.1.B"]),
        ("C-3.8.2 及 C-3.8.2", ["C-3.8.2"]),
        ("C-3.8.23", []),
        ("AC-3.8.2", []),
        ("B-2.1 EB-2 B-2a", []),
        ("C-9.9 C-3.8", []),
        ("C-3.8.2/99", ["C-3.8.2"]),
        ("", []),
    ],
)
def test_which_places_a_text_names(papers, text, named):
    assert labels(papers, text) == named


def test_the_order_is_that_of_the_texts(papers):
    assert labels(papers, "B-1", "A-1、B-1") == ["B-1", "A-1"]


def test_a_named_place_becomes_a_link_in_what_is_read(papers):
    line = papers["C-3.8.2"]
    html = linked("詳 C-3.8.2/2。", papers)
    assert html == f'詳 <a class="refers" href="{line.url}#procedure-2" title="{line.title}">C-3.8.2/2</a>。'


def test_everything_else_is_escaped(papers):
    assert linked("<b>&C-3.8.2", papers).startswith('&lt;b&gt;&amp;<a class="refers"')
    assert linked("<script>", papers) == "&lt;script&gt;"


@pytest.fixture
def other(fieldwork) -> Workpaper:
    return Workpaper.objects.get(engagement=fieldwork, code="3.3")


def naming(paper) -> list[str]:
    return [line.index for line in named_by(paper, paper_lines(paper.engagement))]


@pytest.mark.parametrize("entry", [Entry(work="詳 C-3.8.2/1。"), Entry(reason="同C-3.8.2")])
def test_a_paper_is_named_by_results_of_others(paper, other, preparer, entry):
    result = other.results.first()
    save_result(result, entry, version=result.version, by=preparer)
    assert naming(paper) == ["C-3.3"]


def test_and_by_their_conclusions_and_memos(paper, other, fieldwork, preparer):
    save_conclusion(other, "另見 C-3.8.2。", version=other.version, by=preparer)
    memo = Workpaper.objects.get(engagement=fieldwork, code="B-1").results.get()
    save_result(memo, Entry(work="風險詳 C-3.8.2。"), version=memo.version, by=preparer)
    assert naming(paper) == ["B-1", "C-3.3"]


def test_but_not_by_itself_nor_by_a_longer_index(paper, other, preparer):
    save_conclusion(paper, "本底稿 C-3.8.2。", version=paper.version, by=preparer)
    save_conclusion(other, "見 C-3.8.21、C-3.10.1。", version=other.version, by=preparer)
    assert naming(paper) == []


def test_another_engagement_s_texts_name_nothing_here(paper, other, preparer):
    save_conclusion(other, "詳 C-3.8.2。", version=other.version, by=preparer)
    lines = paper_lines(paper.engagement)
    paper.engagement_id = other.pk  # of no engagement that there is
    assert named_by(paper, lines) == []
