"""Beside a paper: small pictures of the cited pages, and what became of the pieces since."""

import pytest
from django.urls import reverse

from evidence.actions import Incoming, file_evidence
from evidence.citing import Place, cite
from tests.desk.workpaper.reading import words
from tests.foundation.files.specimens import paged
from tests.uploads import A_DAY, deposit, text, uploaded

AREA = (1000, 2000, 5000, 3000)


@pytest.fixture
def piece(fieldwork, preparer):
    return deposit(fieldwork, [paged("Alpha", "Beta")], by=preparer)[0]


@pytest.fixture
def side(page, preparer):
    return lambda: page(preparer, part="side", side="evidence")


def test_each_cited_page_is_shown_once_with_its_areas_and_leads_to_the_viewer(side, piece, result, preparer):
    first = cite(result, piece, at=Place(2, AREA), by=preparer)
    cite(result, piece, at=Place(2, (0, 0, 1000, 1000)), by=preparer)
    html = side()
    assert html.count(f'src="{reverse("evidence-page", args=[piece.pk, 2])}?small"') == 1
    assert html.count("<rect x=") == 2
    assert '<rect x="10%" y="20%" width="40%" height="10%">' in html
    assert f'href="{piece.get_absolute_url()}?citation={first.pk}"' in html


def test_a_piece_cited_as_a_whole_shows_its_first_page_unmarked(side, piece, result, preparer):
    cite(result, piece, by=preparer)
    html = side()
    assert f'src="{reverse("evidence-page", args=[piece.pk, 1])}?small"' in html
    assert "<rect x=" not in html


def test_what_has_no_pages_shows_none(side, fieldwork, result, preparer):
    html_file = deposit(fieldwork, [text("頁面.html", b"<!doctype html><p>x")], by=preparer)[0]
    cite(result, html_file, by=preparer)
    assert "data-picture" not in side()


def test_a_newer_version_is_named_and_offered(side, piece, fieldwork, result, preparer):
    citation = cite(result, piece, by=preparer)
    renewal = reverse("citation-renewal", args=[citation.pk])
    assert renewal not in side()
    upload = uploaded(paged("Gamma"), to=fieldwork, by=preparer)
    file_evidence(fieldwork, [Incoming(upload, A_DAY, piece)], by=preparer)
    html = side()
    assert renewal in html
    assert "E-001 v2" in words(html)
