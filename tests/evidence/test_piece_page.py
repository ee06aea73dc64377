"""The page of one piece of evidence, for the team and for the broker who handed it in."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from evidence.citing import Place, cite
from evidence.decisions import withdraw
from evidence.models import Evidence
from foundation.trail.models import Event
from tests.uploads import answer_request, deposit, filed, pdf, posted, replacing, text


@pytest.fixture
def piece(fieldwork, asked, broker) -> Evidence:
    return answer_request(asked, [pdf("組織圖.pdf")], by=broker)[0]


@pytest.fixture
def page(sign_in):
    def page(user, piece: Evidence) -> str:
        answer = sign_in(user).get(piece.get_absolute_url())
        assert answer.status_code == 200
        return answer.content.decode()

    return page


def send(client, name: str, piece: Evidence, **typed):
    return client.post(reverse(f"evidence-{name}", args=[piece.pk]), typed)


def custody_of(html: str) -> list[str]:
    part = html.partition('class="lines small custody"')[2].partition("</ol>")[0]
    return [re.sub(r"\s+", " ", re.sub("<.*?>", " ", line)).strip() for line in re.findall("<li>.*?</li>", part)]


def test_it_tells_what_the_piece_is(page, piece, preparer):
    html = page(preparer, piece)
    for shown in ("E-001", "組織圖.pdf", piece.file.sha256, "林資安", "R-001", "115/03/31"):
        assert shown in html


def test_a_look_is_an_event_once_per_session(sign_in, piece, preparer, reviewer):
    client = sign_in(preparer)
    for _ in range(3):
        client.get(piece.get_absolute_url())
    sign_in(reviewer).get(piece.get_absolute_url())
    seen = Event.objects.filter(name="evidence.viewed").order_by("seq")
    assert [event.actor for event in seen] == [str(preparer.pk), str(reviewer.pk)]
    assert {event.object_id for event in seen} == {str(piece.pk)}


def test_another_session_of_the_same_person_is_another_look(piece, preparer):
    for _ in range(2):
        client = Client()
        client.force_login(preparer)
        client.get(piece.get_absolute_url())
    assert Event.objects.filter(name="evidence.viewed").count() == 2


def test_custody_tells_who_did_what_newest_first(page, sign_in, result, piece, preparer):
    cite(result, piece, at=Place(2), by=preparer)
    assert b"".join(sign_in(preparer).get(reverse("evidence-download", args=[piece.pk])).streaming_content)
    told = [line.rsplit(" ", 2)[0] for line in custody_of(page(preparer, piece))]
    assert told == ["調閱 陳柏翰", "下載 陳柏翰", "引用 陳柏翰 C-3.8.2", "收到 林資安"]


def test_custody_tells_nothing_of_other_pieces(page, fieldwork, result, piece, preparer):
    cite(result, filed(fieldwork, text(), by=preparer), by=preparer)
    assert not any("引用" in line for line in custody_of(page(preparer, piece)))


def test_the_broker_sees_its_own_piece_without_what_the_team_made_of_it(page, result, piece, preparer, broker):
    cite(result, piece, by=preparer)
    html = page(broker, piece)
    assert piece.file.sha256 in html
    for hidden in ("C-3.8.2", "陳柏翰", "E-001", "保管", "/description/"):
        assert hidden not in html
    assert "陳柏翰" in page(preparer, piece), "it is there to be hidden"


def test_the_broker_does_not_see_what_the_team_collected(sign_in, fieldwork, preparer, broker):
    own = filed(fieldwork, text("內部分析.txt"), by=preparer)
    assert sign_in(broker).get(own.get_absolute_url()).status_code == 404


def test_a_newer_version_is_pointed_out(page, piece, preparer):
    newer = replacing(piece, pdf(extra=b"2"), by=preparer)
    assert f'href="{newer.get_absolute_url()}">已有新版本：E-001 v2' in page(preparer, piece)


def test_title_and_time_are_corrected_on_the_page(sign_in, piece, preparer):
    typed = {"title": "公司組織圖", "nature": "span", "covered_from": "115/01/01", "covered_to": "115/12/31"}
    assert send(sign_in(preparer), "description", piece, **typed).status_code == 302
    piece.refresh_from_db()
    assert (piece.title, str(piece.covered_from), str(piece.covered_to)) == ("公司組織圖", "2026-01-01", "2026-12-31")


@pytest.mark.parametrize(
    "typed",
    [
        {"title": ""},
        {"nature": ""},
        {"covered_from": ""},
        {"covered_to": ""},
        {"covered_from": "115/02/29"},
        {"covered_to": "114/01/01"},
        {"title": "長" * 201},
    ],
)
def test_a_wrong_description_is_told_and_kept(sign_in, piece, preparer, typed):
    right = {"title": "公司組織圖", "nature": "span", "covered_from": "115/01/01", "covered_to": "115/06/30"}
    answer = send(sign_in(preparer), "description", piece, **right | typed)
    assert answer.status_code == 422
    assert 'class="errorlist' in answer.content.decode()
    assert Evidence.objects.get(pk=piece.pk).title == "組織圖.pdf"


def test_a_new_version_keeps_the_title(sign_in, piece, preparer):
    Evidence.objects.filter(pk=piece.pk).update(title="第三季對帳單")
    newer = replacing(Evidence.objects.get(pk=piece.pk), pdf("final2.pdf", b"2"), by=preparer)
    assert newer.title == "第三季對帳單"


def test_a_second_new_version_of_the_same_is_told_and_no_error(sign_in, piece, preparer):
    replacing(piece, pdf(extra=b"2"), by=preparer)
    typed = posted([pdf(extra=b"3")], to=piece.engagement, by=preparer)
    answer = send(sign_in(preparer), "versions", piece, **typed)
    assert answer.status_code == 422
    assert "已有較新版本" in answer.content.decode()


def test_the_broker_s_copy_has_the_name_that_the_broker_gave_it(sign_in, piece, broker, preparer):
    url = reverse("evidence-download", args=[piece.pk])
    names = []
    for who in (broker, preparer):
        answer = sign_in(who).get(url)
        names.append(answer.headers["Content-Disposition"])
        assert b"".join(answer.streaming_content)
    assert ["E-001" in name for name in names] == [False, True]


def test_with_htmx_a_wrong_day_of_a_new_version_is_told_at_its_field(sign_in, piece, preparer):
    typed = posted([pdf("新.pdf", b"2")], to=piece.engagement, by=preparer) | {"covered_from": "115/02/29"}
    url = reverse("evidence-versions", args=[piece.pk])
    answer = sign_in(preparer).post(url, typed, headers={"HX-Request": "true"})
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["covered_from"])


def test_a_new_version_is_filed_from_the_page(sign_in, piece, preparer):
    typed = posted([pdf("新.pdf", b"2")], to=piece.engagement, by=preparer)
    answer = send(sign_in(preparer), "versions", piece, **typed)
    newer = Evidence.objects.get(version=2)
    assert (answer.status_code, answer.url) == (302, newer.get_absolute_url())
    assert newer.replaces == piece


def test_two_files_are_no_new_version(sign_in, piece, preparer):
    typed = posted([pdf(extra=b"2"), pdf(extra=b"3")], to=piece.engagement, by=preparer)
    assert send(sign_in(preparer), "versions", piece, **typed).status_code == 422
    assert Evidence.objects.count() == 1


def test_what_is_withdrawn_shows_the_reason_and_nothing_to_take(sign_in, page, piece, reviewer):
    assert send(sign_in(reviewer), "withdrawal", piece, **{"withdraw-reason": "他公司文件"}).status_code == 302
    html = page(reviewer, piece)
    assert "他公司文件" in html
    assert reverse("evidence-download", args=[piece.pk]) not in html
    assert not Event.objects.filter(name="evidence.viewed").exists()


def test_a_withdrawal_without_a_reason_is_told(sign_in, piece, reviewer):
    assert send(sign_in(reviewer), "withdrawal", piece, **{"withdraw-reason": " "}).status_code == 422


def test_a_download_of_what_is_withdrawn_leads_to_its_page(sign_in, piece, reviewer):
    withdraw(piece, reason="誤傳", by=reviewer)
    answer = sign_in(reviewer).get(reverse("evidence-download", args=[piece.pk]))
    assert (answer.status_code, answer.url) == (302, piece.get_absolute_url())
    assert not Event.objects.filter(name="evidence.downloaded").exists()


@pytest.fixture
def suspect(fieldwork, preparer) -> Evidence:
    return filed(fieldwork, text("帳單.pdf", b"MZ\x90\x00" * 40), by=preparer)


def test_quarantine_offers_nothing_but_a_release_to_whoever_may(page, suspect, preparer, reviewer):
    release = reverse("evidence-release", args=[suspect.pk])
    assert release in page(reviewer, suspect)
    html = page(preparer, suspect)
    assert "隔離" in html
    assert release not in html
    assert reverse("evidence-download", args=[suspect.pk]) not in html


def test_a_manager_releases_with_a_reason(sign_in, page, suspect, reviewer):
    assert send(sign_in(reviewer), "release", suspect, **{"release-reason": "已請受查者當面開啟"}).status_code == 302
    html = page(reviewer, suspect)
    assert "已請受查者當面開啟" in html
    assert reverse("evidence-download", args=[suspect.pk]) in html


@pytest.mark.parametrize(("who", "status"), [("preparer", 403), ("quality_reviewer", 403), ("broker", 404)])
def test_nobody_below_a_manager_releases(request, sign_in, suspect, who, status):
    client = sign_in(request.getfixturevalue(who))
    assert send(client, "release", suspect, **{"release-reason": "x"}).status_code == status


def test_it_costs_few_queries(sign_in, piece, preparer):
    client = sign_in(preparer)
    client.get(piece.get_absolute_url())
    with CaptureQueriesContext(connection) as captured:
        client.get(piece.get_absolute_url())
    assert len(captured) <= 25


def test_it_costs_the_same_for_a_piece_cited_often(sign_in, fieldwork, paper, piece, preparer):
    client = sign_in(preparer)

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(piece.get_absolute_url()).status_code == 200
        return len(captured)

    cost()
    bare = cost()
    for result in paper.results.all():
        for number in range(3):
            cite(result, piece, at=Place(number + 1), by=preparer)
    deposit(fieldwork, [pdf(extra=bytes([n])) for n in range(3)], by=preparer)
    assert cost() == bare
