"""A piece of evidence is looked at in the browser: as pictures, by those who may, and never unrecorded."""

import re
import uuid
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from evidence.citing import Place, cite
from evidence.decisions import release, withdraw
from evidence.models import Evidence, Viewing
from foundation.files.tasks import preview
from foundation.jobs.models import Job
from foundation.trail.models import Event
from foundation.web.refusals import Refused
from procedures.models import ProcedureResult
from tests.foundation.files.specimens import paged
from tests.uploads import answer_request, deposit, pdf, text

AREA = (1000, 2000, 5000, 3000)


@pytest.fixture
def piece(fieldwork, preparer) -> Evidence:
    """A report of three pages, in the library."""
    return deposit(fieldwork, [paged("Alpha", "Beta", "Gamma")], by=preparer)[0]


def draw(piece: Evidence, first: int = 1) -> None:
    preview(None, file=str(piece.file_id), first=str(first))


@pytest.fixture
def drawn(piece) -> Evidence:
    draw(piece)
    return piece


@pytest.fixture
def look(sign_in):
    """Fetch an address of a piece as somebody."""

    def look(user, piece, name="evidence-page", *, at=None, **query):
        given = {"evidence": piece.pk} | ({"page": at} if at else {})
        return sign_in(user).get(reverse(name, kwargs=given), query)

    return look


def words(answer) -> str:
    return " ".join(answer.content.decode().split())


# Pictures -----------------------------------------------------------------------------------


def test_a_page_is_a_picture_that_no_cache_keeps(look, drawn, preparer):
    answer = look(preparer, drawn, at=2)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/webp")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.content[8:12] == b"WEBP"
    assert len(look(preparer, drawn, at=2, small="").content) < len(answer.content)


def test_a_page_that_isn_t_drawn_yet_is_asked_for_and_waited_for(look, piece, preparer):
    answer = look(preparer, piece, at=2)
    assert (answer.status_code, answer.content, answer.headers["Retry-After"]) == (202, b"", "1")
    assert Job.objects.get(task="files.preview").ids == {"file": str(piece.file_id), "first": "1"}
    assert not Viewing.objects.exists()


def test_waiting_costs_nothing_but_who_has_too_much_drawn_must_wait(look, fieldwork, piece, preparer, settings):
    settings.ACCOUNT_RATE_LIMITS = {"preview": "1/h/user"}
    assert [look(preparer, piece, at=page).status_code for page in (1, 1, 2)] == [202, 202, 202]
    (other,) = deposit(fieldwork, [paged("Delta")], by=preparer)
    assert look(preparer, other, at=1).status_code == 429
    assert not Job.objects.filter(ids__file=str(other.file_id)).exists()


def test_beyond_the_last_page_there_is_nothing(look, drawn, preparer):
    assert [look(preparer, drawn, at=page).status_code for page in (3, 4, 9_999_999)] == [200, 404, 404]


def test_what_has_no_preview_has_no_pages_but_says_why(look, fieldwork, preparer):
    piece = deposit(fieldwork, [text("頁面.html", b"<!doctype html><script>alert(1)</script>")], by=preparer)[0]
    assert look(preparer, piece, at=1).status_code == 404
    assert reverse("evidence-download", args=[piece.pk]) in words(look(preparer, piece, "evidence"))
    assert not Job.objects.filter(task="files.preview").exists()


def test_a_bad_file_is_a_reason_on_the_page_and_never_an_error(look, fieldwork, preparer):
    piece = deposit(fieldwork, [pdf()], by=preparer)[0]
    draw(piece)
    answer = look(preparer, piece, "evidence")
    assert answer.status_code == 200
    assert answer.context["viewer"].preview.why in unescape(answer.content.decode())
    assert look(preparer, piece, at=1).status_code == 404


def test_a_page_s_text_is_escaped(look, fieldwork, preparer):
    piece = deposit(fieldwork, [text("紀錄.txt", b"1: if a < b then <b>x</b> & y")], by=preparer)[0]
    draw(piece)
    assert "<pre>1: if a &lt; b then &lt;b&gt;x&lt;/b&gt; &amp; y</pre>" in words(
        look(preparer, piece, "evidence-text", at=1)
    )


def test_the_broker_knows_its_file_by_its_name_and_the_team_by_its_number(look, asked, broker, preparer):
    (piece,) = answer_request(asked, [paged("Alpha")], by=broker)
    draw(piece)
    pages = [look(who, piece, "evidence-viewer").content.decode() for who in (broker, preparer)]
    assert ["E-001" in page for page in pages] == [False, True]


def test_a_page_that_the_piece_does_not_have_is_not_cited(drawn, result, preparer):
    with pytest.raises(Refused, match="E-001"):
        cite(result, drawn, at=Place(99), by=preparer)


# Who, and whether -----------------------------------------------------------------------------


def test_each_look_is_an_event_once_a_session(look, drawn, preparer, reviewer):
    for page in (1, 2, 2):
        look(preparer, drawn, at=page)
    look(reviewer, drawn, at=1)
    look(reviewer, drawn, "evidence-text", at=1)
    events = Event.objects.filter(name="evidence.viewed").order_by("seq")
    assert [event.content["actor"]["label"] for event in events] == [str(preparer), str(reviewer)]
    assert {event.object_id for event in events} == {str(drawn.pk)}


@pytest.mark.parametrize("name", ["evidence-page", "evidence-text"])
def test_what_was_withdrawn_isn_t_shown_though_its_pictures_are_there(look, drawn, preparer, partner, name):
    assert look(preparer, drawn, name, at=1).status_code == 200
    withdraw(drawn, reason="誤傳他案文件。", by=partner)
    assert look(preparer, drawn, name, at=1).status_code == 404
    assert reverse("evidence-page", args=[drawn.pk, 1]) not in words(look(preparer, drawn, "evidence"))


def test_quarantine_is_neither_drawn_nor_shown_until_it_is_released(look, fieldwork, preparer, partner):
    """A text that calls itself a PDF."""
    piece = deposit(fieldwork, [text("掃描報告.pdf")], by=preparer)[0]
    assert look(preparer, piece, at=1).status_code == 404
    look(preparer, piece, "evidence")
    assert not Job.objects.filter(task="files.preview").exists()
    release(Evidence.objects.get(pk=piece.pk), reason="誤判，已以另一引擎確認。", by=partner)
    assert look(preparer, piece, at=1).status_code == 202


@pytest.fixture
def handed_over(asked, broker) -> Evidence:
    """What the broker handed over itself, drawn."""
    piece = answer_request(asked, [paged("Alpha", "Beta", name="組織圖.pdf")], by=broker)[0]
    draw(piece)
    return piece


def test_a_broker_sees_its_own_pages_without_the_team_s_work(look, handed_over, result, broker, preparer):
    cite(result, handed_over, at=Place(1, AREA, "∧"), by=preparer)
    assert look(broker, handed_over, at=1).status_code == 200
    page = words(look(broker, handed_over, "evidence"))
    assert reverse("evidence-page", args=[handed_over.pk, 2]) in page
    hidden = [result.workpaper.index, "∧", "data-tool", "citation", reverse("evidence-masks", args=[handed_over.pk])]
    assert [word for word in hidden if word in page] == []


def test_a_broker_doesn_t_see_the_team_s_pages(look, drawn, broker):
    assert [
        look(broker, drawn, name, at=at).status_code for name, at in (("evidence-page", 1), ("evidence", None))
    ] == [
        *(404, 404),
    ]


# The viewer -----------------------------------------------------------------------------------


def test_while_pages_are_drawn_the_viewer_asks_again_with_all_that_was_asked(look, piece, preparer):
    page = words(look(preparer, piece, "evidence", page="2", result="x"))
    assert f'hx-get="{reverse("evidence-viewer", args=[piece.pk])}?page=2&amp;result=x"' in page


def test_the_viewer_has_every_page_once_they_are_drawn(look, drawn, preparer):
    page = words(look(preparer, drawn, "evidence-viewer"))
    assert [f'id="page-{number}"' in page for number in (1, 2, 3, 4)] == [True, True, True, False]
    assert "hx-trigger" not in page.split("viewer-bar")[0]


def test_a_long_file_is_shown_a_hundred_pages_at_a_time(look, fieldwork, preparer):
    piece = deposit(fieldwork, [paged(*map(str, range(250)))], by=preparer)[0]
    draw(piece)
    viewer = look(preparer, piece, "evidence", page="150").context["viewer"]
    assert (viewer.at, viewer.first, viewer.last, viewer.before, viewer.after) == (150, 101, 200, 100, 201)


@pytest.mark.parametrize("page", ["0", "-1", "99999999999", "二", "x", "²"])
def test_an_odd_page_number_arrives_somewhere(look, drawn, preparer, page):
    assert look(preparer, drawn, "evidence", page=page).status_code == 200


def test_citations_are_drawn_where_they_are_and_lead_to_their_procedure(look, drawn, result, preparer):
    cite(result, drawn, at=Place(2, AREA, "∧"), by=preparer)
    page = words(look(preparer, drawn, "evidence"))
    assert '<rect x="10%" y="20%" width="40%" height="10%"></rect>' in page
    assert f"∧ {result.workpaper.index}.1" in page
    assert f'{result.workpaper.get_absolute_url()}#result-{result.pk}"' in page


def test_arriving_from_a_citation_shows_its_page_and_marks_it(look, drawn, result, preparer):
    cite(result, drawn, at=Place(1, AREA), by=preparer)
    wanted = cite(result, drawn, at=Place(3, AREA), by=preparer)
    viewer = look(preparer, drawn, "evidence", citation=str(wanted.pk)).context["viewer"]
    assert viewer.at == 3
    assert [mark.citation for mark in viewer.marks if mark.is_target] == [wanted]


def test_arriving_from_a_procedure_one_cites_for_it(look, drawn, result, preparer):
    viewer = look(preparer, drawn, "evidence", result=str(result.pk)).context["viewer"]
    assert (viewer.result, viewer.results) == (result, [result])


def test_a_procedure_of_another_engagement_is_none(look, drawn, preparer):
    assert look(preparer, drawn, "evidence", result=str(uuid.uuid4())).context["viewer"].result is None


def test_else_one_chooses_among_those_that_asked_for_it_and_those_that_cite_it(
    look, fieldwork, paper, result, broker, preparer
):
    request = fieldwork.requests.get(title="弱點掃描報告")
    piece = answer_request(request, [paged("Alpha")], by=broker)[0]
    draw(piece)
    cite(result, piece, by=preparer)
    asking = ProcedureResult.objects.filter(
        workpaper__engagement=fieldwork, procedure__in=request.documents.values("procedure")
    )
    expected = {result.pk, *asking.values_list("pk", flat=True)}
    assert {each.pk for each in look(preparer, piece, "evidence").context["viewer"].results} == expected


def test_who_only_reads_has_no_tools(look, drawn, quality_reviewer):
    page = words(look(quality_reviewer, drawn, "evidence"))
    assert ("data-tool" in page, 'id="citing"' in page) == (False, False)


def test_much_cited_costs_as_many_queries_as_little(look, drawn, fieldwork, paper, preparer):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert look(preparer, drawn, "evidence").status_code == 200
        return len(captured)

    first, *others = ProcedureResult.objects.filter(workpaper__engagement=fieldwork)[:12]
    cite(first, drawn, at=Place(1, AREA), by=preparer)
    look(preparer, drawn, "evidence")
    few = queries()
    for result in others:
        cite(result, drawn, at=Place(2, AREA), by=preparer)
    assert queries() == few


def test_what_cites_a_piece_can_be_fetched_anew_where_nothing_did_before(look, drawn, preparer):
    """The page's script puts these parts in place after a citation: they are there with and without one."""
    page = words(look(preparer, drawn, "evidence"))
    parts = {f"{part}-{number}" for part in ("marks", "whole") for number in (1, 2, 3)} | {"cited-by"}
    assert set(re.findall(r'id="([a-z]+-[a-z0-9]+)" data-cites', page)) == parts
    assert f'data-address="{reverse("evidence-viewer", args=[drawn.pk])}?' in page
