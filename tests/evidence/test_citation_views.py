"""Citing evidence from a result, taking citations away, downloading."""

import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import gettext

from engagements.models import Engagement
from evidence.models import Citation, Evidence
from foundation.trail.models import Event
from procedures.models import ProcedureResult, Revision, Support, Workpaper
from tests.stages import annual
from tests.uploads import PDF, answer_request, attach, deposit, pdf, posted, text


@pytest.fixture
def citing(sign_in, result):
    """Send the dialog's form for the first procedure, as somebody."""

    def citing(user, *, of=None, file=None, **typed):
        url = reverse("citation-list", args=[(of or result).pk])
        files = posted([file], to=result.workpaper.engagement, by=user) if file else {}
        return sign_in(user).post(url, {"tickmark": "✓"} | files | typed)

    return citing


def errors(answer):
    assert answer.status_code == 422
    return answer.json()["errors"]


def test_a_new_file_becomes_evidence_and_is_cited_at_once(citing, paper, result, preparer):
    typed = {"covered_from": "115/04/20", "covered_to": "2026-05-18", "page": "12", "tickmark": "∧"}
    answer = citing(preparer, file=pdf(), **typed)

    assert answer.status_code == 204
    citation = Citation.objects.get(result=result)
    assert str(citation) == "E-001 弱點掃描報告.pdf p.12"
    assert (citation.tickmark, citation.evidence.covered_from.isoformat()) == ("∧", "2026-04-20")
    paper.refresh_from_db()
    facts = {"content_version": paper.content_version, "changes": 1}
    assert json.loads(answer.headers["HX-Trigger"]) == {"digao:changed": facts}


def test_evidence_that_is_there_is_cited_without_a_copy(citing, fieldwork, result, preparer):
    (piece,) = deposit(fieldwork, [pdf()], by=preparer)
    assert citing(preparer, evidence=piece.pk, page="3").status_code == 204
    assert (Evidence.objects.count(), Citation.objects.get(result=result).evidence) == (1, piece)


def test_the_dialog_offers_what_was_asked_for_the_procedure_first(sign_in, fieldwork, paper, preparer, broker):
    asked = fieldwork.requests.get(title="弱點掃描報告")
    answer_request(asked, [pdf("上半年.pdf")], by=broker)
    deposit(fieldwork, [text("無關.txt"), text("已引用.txt", b"2 item\n")], by=preparer)
    third = paper.results.get(position=3)
    attach(third, text("第三.txt", b"3 item\n"), by=preparer)
    html = sign_in(preparer).get(reverse("citation-list", args=[third.pk])).content.decode()
    assert html.index("上半年.pdf") < html.index("已引用.txt") < html.index("無關.txt")
    assert html.count("本程序所索取") == 1


def test_the_dialog_says_what_is_cited_already_and_what_is_in_quarantine(sign_in, fieldwork, result, preparer):
    attach(result, text("已引.txt", b"1 item\n"), by=preparer)
    deposit(fieldwork, [text("帳單.pdf", b"MZ\x90\x00" * 40), text("其他.txt", b"2 item\n")], by=preparer)
    html = sign_in(preparer).get(reverse("citation-list", args=[result.pk])).content.decode()
    word = gettext("Cited already")
    others, bill, cited = re.findall(r"<li>(.*?)</li>", html[html.index('class="picks"') :], re.DOTALL)
    assert ("disabled" in bill, "隔離中" in bill, word in bill, 'class="look"' in bill) == (True, True, False, False)
    assert ("disabled" in cited, word in cited, 'class="look"' in cited) == (False, True, True)
    assert ("disabled" in others, word in others) == (False, False)


def test_the_dialog_costs_the_same_for_one_piece_and_for_many(
    sign_in, fieldwork, result, preparer, django_assert_num_queries
):
    client, url = sign_in(preparer), reverse("citation-list", args=[result.pk])
    deposit(fieldwork, [text()], by=preparer)
    with CaptureQueriesContext(connection) as captured:
        client.get(url)
    deposit(fieldwork, [text(f"{n}.txt", b"%d item" % n) for n in range(5)], by=preparer)
    with django_assert_num_queries(len(captured)):
        client.get(url)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({}, "uploads"),
        ({"page": "0"}, "page"),
        ({"page": "x"}, "page"),
        ({"covered_from": "115/02/29"}, "covered_from"),
        ({"tickmark": "！"}, "tickmark"),
        ({"evidence": "00000000-0000-4000-8000-000000000000"}, "evidence"),
        ({"evidence": "x"}, "evidence"),
    ],
)
def test_wrong_input_is_told_at_its_field(citing, preparer, typed, field):
    assert list(errors(citing(preparer, **typed))) == [field]
    assert not Citation.objects.exists()


def test_both_a_file_and_a_piece_is_one_too_many(citing, fieldwork, preparer):
    (piece,) = deposit(fieldwork, [pdf()], by=preparer)
    assert list(errors(citing(preparer, file=text(), evidence=piece.pk))) == ["uploads"]


@pytest.mark.parametrize("uploads", ["x", "00000000-0000-4000-8000-000000000000"])
def test_what_was_never_uploaded_is_refused(citing, preparer, uploads):
    assert list(errors(citing(preparer, uploads=uploads))) == ["uploads"]
    assert not Citation.objects.exists()


def test_a_file_that_a_colleague_sent_is_not_there_for_oneself(citing, fieldwork, preparer, reviewer):
    ids = posted([pdf()], to=fieldwork, by=reviewer)
    assert list(errors(citing(preparer, **ids))) == ["uploads"]


def test_a_file_sent_for_another_engagement_is_not_there_for_this_one(
    citing, fieldwork, preparer, partner, exchange_company
):
    other = annual(fieldwork.auditee, exchange_company, by=partner, year=2025)
    assert list(errors(citing(preparer, **posted([pdf()], to=other, by=preparer)))) == ["uploads"]


def test_two_files_are_one_too_many(citing, fieldwork, preparer):
    answer = citing(preparer, **posted([pdf(), text()], to=fieldwork, by=preparer))
    assert list(errors(answer)) == ["uploads"]


@pytest.mark.parametrize(
    ("days", "field"),
    [(("115/05/18", "115/04/20"), "covered_to"), (("", ""), "covered_from"), (("", "115/04/20"), "covered_from")],
)
def test_a_file_says_what_time_it_speaks_about(citing, preparer, days, field):
    first, last = days
    kind = "span" if last else "occurrence"
    answer = citing(preparer, file=pdf(), nature=kind, covered_from=first, covered_to=last)
    assert list(errors(answer)) == [field]
    assert not Evidence.objects.exists()


def test_an_area_of_a_page_is_cited(citing, fieldwork, result, preparer):
    (piece,) = deposit(fieldwork, [pdf()], by=preparer)
    area = {"left": "1200", "top": "800", "right": "6400", "bottom": "1500"}
    assert citing(preparer, evidence=piece.pk, page="3", **area).status_code == 204
    citation = Citation.objects.get(result=result)
    assert (citation.page, citation.area) == (3, (1200, 800, 6400, 1500))


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"left": "6400"}, "page"),
        ({"bottom": "10001"}, "bottom"),
        ({"top": "-1"}, "top"),
        ({"page": ""}, "page"),
        ({"right": ""}, "page"),
    ],
)
def test_an_area_that_can_not_be_is_told(citing, fieldwork, preparer, wrong, field):
    (piece,) = deposit(fieldwork, [pdf()], by=preparer)
    area = {"page": "3", "left": "1200", "top": "800", "right": "6400", "bottom": "1500"}
    assert list(errors(citing(preparer, evidence=piece.pk, **area | wrong))) == [field]
    assert not Citation.objects.exists()


def test_evidence_of_another_engagement_can_not_be_chosen(citing, fieldwork, preparer, partner, exchange_company):
    other = Engagement.objects.create(
        firm=fieldwork.firm,
        auditee=fieldwork.auditee,
        filed_with=exchange_company,
        kind="establishment",
        as_of="2026-06-30",
        deadline="2026-12-31",
        catalogue=fieldwork.catalogue,
        stage="fieldwork",
    )
    (piece,) = deposit(other, [pdf()], by=partner)
    assert list(errors(citing(preparer, evidence=piece.pk))) == ["evidence"]


def test_an_issued_engagement_takes_no_evidence(citing, fieldwork, preparer):
    Engagement.objects.filter(pk=fieldwork.pk).update(stage="issued")
    assert list(errors(citing(preparer, file=pdf()))) == ["__all__"]


def test_a_citation_is_taken_away_and_the_evidence_stays(sign_in, paper, result, preparer):
    citation = attach(result, pdf(), by=preparer)
    answer = sign_in(preparer).delete(reverse("citation", args=[citation.pk]))
    assert answer.status_code == 204
    assert (Citation.objects.count(), Support.objects.count(), Evidence.objects.count()) == (0, 0, 1)
    written = Revision.objects.filter(workpaper=paper).order_by("id").values_list("content", flat=True)
    assert list(written) == [{"support": "+ E-001 弱點掃描報告.pdf"}, {"support": "- E-001 弱點掃描報告.pdf"}]


def test_taking_away_is_no_matter_of_fetching_or_posting(sign_in, result, preparer):
    citation = attach(result, pdf(), by=preparer)
    client = sign_in(preparer)
    url = reverse("citation", args=[citation.pk])
    assert [client.get(url).status_code, client.post(url).status_code] == [405, 405]


def test_a_download_has_the_bytes_the_number_and_an_event(sign_in, result, preparer, quality_reviewer):
    citation = attach(result, pdf(), by=preparer)
    answer = sign_in(quality_reviewer).get(reverse("evidence-download", args=[citation.evidence_id]))
    assert b"".join(answer.streaming_content) == PDF
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.headers["Content-Type"] == "application/octet-stream"
    event = Event.objects.get(name="evidence.downloaded")
    assert (event.actor, event.object_id) == (str(quality_reviewer.pk), str(citation.evidence_id))


@pytest.mark.parametrize(
    ("who", "cites", "downloads"),
    [("quality_reviewer", 403, 200), ("other_firm", 404, 404), ("other_broker", 404, 404), ("exchange", 404, 404)],
)
def test_who_may_cite_and_who_may_download(citing, sign_in, result, preparer, request, who, cites, downloads):
    citation = attach(result, pdf(), by=preparer)
    user = request.getfixturevalue(who)
    assert citing(user, file=text()).status_code == cites
    client = sign_in(user)
    assert client.get(reverse("citation-list", args=[result.pk])).status_code == cites
    assert client.delete(reverse("citation", args=[citation.pk])).status_code == cites
    answer = client.get(reverse("evidence-download", args=[citation.evidence_id]))
    answer.close()
    assert answer.status_code == downloads


def test_the_broker_learns_nothing_of_papers(citing, sign_in, result, preparer, broker):
    citation = attach(result, pdf(), by=preparer)
    assert citing(broker, file=text()).status_code == 404
    client = sign_in(broker)
    assert client.delete(reverse("citation", args=[citation.pk])).status_code == 404
    assert client.get(citation.evidence.get_absolute_url()).status_code == 404


def test_the_same_place_is_not_cited_twice(citing, result, preparer):
    citation = attach(result, pdf(), by=preparer)
    assert list(errors(citing(preparer, evidence=citation.evidence_id))) == ["__all__"]
    assert Workpaper.objects.get(pk=result.workpaper_id).content_version == 2
    assert ProcedureResult.objects.get(pk=result.pk).version == 1


def test_the_broker_takes_back_a_copy_of_what_it_handed_over_itself(sign_in, fieldwork, broker, other_broker):
    request = fieldwork.requests.first()
    [piece] = answer_request(request, [pdf()], by=broker)
    own = sign_in(broker).get(reverse("evidence-download", args=[piece.pk]))
    assert b"".join(own.streaming_content) == PDF
    assert sign_in(other_broker).get(piece.get_absolute_url()).status_code == 404
