"""The trail page: what happened, newest first, and the proof that nothing of it was changed."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from foundation.trail.actions import record
from foundation.trail.models import Chain, Event
from tests.tampering import unguarded


def page_of(client, engagement, **query: str) -> str:
    answer = client.get(f"/engagements/{engagement.pk}/trail/", query)
    assert answer.status_code == 200
    return answer.content.decode()


def numbers_on(page: str) -> list[int]:
    return [int(seq) for seq in re.findall(r'class="seq code">(\d+)<', page)]


# Page ----------------------------------------------------------------------------------------


def test_events_stand_newest_first(sign_in, planned, partner):
    numbers = numbers_on(page_of(sign_in(partner), planned))
    assert numbers == sorted(numbers, reverse=True)
    assert numbers[-1] == 1


def test_fifty_events_make_a_page(sign_in, fieldwork, partner, preparer):
    for _ in range(60):
        record("note.written", chain=fieldwork.chain, by=preparer, about=fieldwork)
    client = sign_in(partner)
    total = Event.objects.filter(chain__key=fieldwork.chain).count()
    assert len(numbers_on(page_of(client, fieldwork))) == 50
    assert len(numbers_on(page_of(client, fieldwork, page="2"))) == total - 50


@pytest.mark.parametrize("page", ["-1", "0", "99999", "x"])
def test_a_page_that_does_not_exist_shows_one_that_does(sign_in, engagement, partner, page):
    assert numbers_on(page_of(sign_in(partner), engagement, page=page))


def test_events_are_filtered_by_what_they_are_about(sign_in, planned, partner):
    page = page_of(sign_in(partner), planned, event="member")
    assert len(numbers_on(page)) == 4


def test_events_are_filtered_by_person(sign_in, planned, partner, preparer):
    record("note.written", chain=planned.chain, by=preparer, about=planned)
    assert len(numbers_on(page_of(sign_in(partner), planned, person=str(preparer.pk)))) == 2  # and the declaration


@pytest.mark.parametrize("query", [{"event": "nothing"}, {"person": "nobody"}, {"person": "\x00"}, {"event": "' OR 1"}])
def test_a_filter_that_is_not_offered_filters_nothing(sign_in, planned, partner, query):
    assert (
        len(numbers_on(page_of(sign_in(partner), planned, **query)))
        == Event.objects.filter(chain__key=planned.chain).count()
    )


def test_the_page_shows_head_and_raw_facts(sign_in, planned, partner):
    page = page_of(sign_in(partner), planned)
    assert bytes(Chain.objects.get(key=planned.chain).head).hex() in page
    assert "engagement.moved" in page


@pytest.mark.parametrize(
    ("who", "status"),
    [("reviewer", 200), ("quality_reviewer", 200), ("preparer", 403), ("broker", 403), ("other_firm", 404)],
)
def test_seniors_read_the_trail(sign_in, fieldwork, who, status, request):
    client = sign_in(request.getfixturevalue(who))
    assert client.get(f"/engagements/{fieldwork.pk}/trail/").status_code == status


def test_reasons_with_markup_are_text(sign_in, engagement, partner):
    record("note.written", chain=engagement.chain, by=partner, about=engagement, reason="<script>alert(1)</script>")
    assert "<script>alert" not in page_of(sign_in(partner), engagement)


def test_ten_times_the_events_cost_the_same_queries(sign_in, engagement, partner):
    client = sign_in(partner)
    page_of(client, engagement)
    with CaptureQueriesContext(connection) as few:
        page_of(client, engagement)
    for _ in range(40):
        record("note.written", chain=engagement.chain, by=partner, about=engagement)
    with CaptureQueriesContext(connection) as many:
        page_of(client, engagement)
    assert len(many) == len(few)


# Verify --------------------------------------------------------------------------------------


def verified(client, engagement, **headers: str) -> str:
    return client.get(f"/engagements/{engagement.pk}/trail/verification/", headers=headers).content.decode()


def test_a_whole_chain_is_said_to_be_whole(sign_in, engagement, partner):
    assert "完整：已驗證 5 筆紀錄" in verified(sign_in(partner), engagement, HX_Request="true")


def test_htmx_gets_the_verdict_alone_and_others_the_page(sign_in, engagement, partner):
    client = sign_in(partner)
    assert "<html" not in verified(client, engagement, HX_Request="true")
    assert "<html" in verified(client, engagement)


def test_a_changed_event_is_found_and_named(sign_in, engagement, partner):
    with unguarded("trail_event"):
        event = Event.objects.get(chain__key=engagement.chain, seq=3)
        Event.objects.filter(pk=event.pk).update(body=bytes(event.body).replace(b"manager", b"partner"))
    page = verified(sign_in(partner), engagement, HX_Request="true")
    assert "軌跡已遭破壞" in page
    assert "3" in page
