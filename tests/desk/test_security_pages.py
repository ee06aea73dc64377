"""Who came in and who was refused: read by the administrator for the own organization, by the operator for all."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from foundation.accounts.actions import SECURITY, note_refusal
from foundation.trail.models import Event
from tests.foundation.accounts.conftest import colleague
from tests.tampering import unguarded


@pytest.fixture
def operator(exchange_company):
    return colleague("operator@exchange.example", exchange_company, "operator", "鄭平台")


def url(organization, tail=""):
    return f"/organizations/{organization.pk}/trail/{tail}"


def numbers(answer):
    assert answer.status_code == 200
    return [int(seq) for seq in re.findall(r'class="seq code">(\d+)<', answer.content.decode())]


def count(chain):
    return Event.objects.filter(chain__key=chain).count()


# Who reads what ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "status"),
    [("admin", 200), ("operator", 200), ("partner", 403), ("reviewer", 403), ("preparer", 403)],
)
def test_the_administrator_and_the_operator_read_a_firms_events(sign_in, request, firm, who, status):
    client = sign_in(request.getfixturevalue(who))
    assert client.get(url(firm)).status_code == status
    assert client.get(url(firm, "verification/")).status_code == status


@pytest.mark.parametrize("who", ["broker", "exchange", "other_firm"])
def test_for_others_they_are_not_there(sign_in, request, firm, who):
    client = sign_in(request.getfixturevalue(who))
    assert (client.get(url(firm)).status_code, client.get(url(firm, "verification/")).status_code) == (404, 404)


def test_the_administrator_reads_no_other_organizations(sign_in, admin, other_broker):
    assert sign_in(admin).get(url(other_broker.organization)).status_code == 404


def test_a_page_shows_its_own_chain_only(sign_in, admin, firm, broker):
    page = sign_in(admin).get(url(firm))
    assert len(numbers(page)) == count(firm.chain)
    assert broker.name not in page.content.decode()


@pytest.mark.parametrize(("who", "status"), [("operator", 200), ("admin", 403), ("exchange", 403), ("partner", 403)])
def test_the_platforms_events_are_the_operators(sign_in, request, who, status):
    client = sign_in(request.getfixturevalue(who))
    assert client.get("/trail/").status_code == status
    assert client.get("/trail/verification/").status_code == status


def test_they_tell_of_addresses_that_nobody_has(sign_in, operator):
    note_refusal("person.refused", "guess@nowhere.example")
    page = sign_in(operator).get("/trail/")
    assert (len(numbers(page)), "guess@nowhere.example" in page.content.decode()) == (1, True)


def test_before_anything_happened_the_platforms_page_is_empty(sign_in, operator):
    assert numbers(sign_in(operator).get("/trail/")) == []


def test_an_address_with_markup_is_text(sign_in, operator):
    note_refusal("person.refused", "<script>alert(1)</script>@x.example")
    assert "<script>alert" not in sign_in(operator).get("/trail/").content.decode()


# Filters ----------------------------------------------------------------------------------------


def test_events_are_filtered_by_kind(sign_in, admin, firm, preparer):
    client = sign_in(admin)
    found = numbers(client.get(url(firm), {"event": "person"}))
    assert len(found) == Event.objects.filter(chain__key=firm.chain, name__startswith="person.").count()
    assert len(found) < count(firm.chain)


def test_events_are_filtered_by_person(sign_in, admin, firm, client, preparer):
    client.force_login(preparer)
    found = numbers(sign_in(admin).get(url(firm), {"person": str(preparer.pk)}))
    assert len(found) == Event.objects.filter(chain__key=firm.chain, actor=str(preparer.pk)).count() > 0


def day(offset):
    on = timezone.localdate() + timedelta(days=offset)
    return f"{on.year - 1911}/{on:%m/%d}"


@pytest.mark.parametrize(
    ("since", "until", "everything"),
    [(0, 0, True), (1, None, False), (None, -1, False), (-1, 1, True), (1, -1, False)],
)
def test_events_are_filtered_by_day(sign_in, admin, firm, since, until, everything):
    days = {"since": since, "until": until}
    query = {name: day(offset) for name, offset in days.items() if offset is not None}
    assert len(numbers(sign_in(admin).get(url(firm), query))) == (count(firm.chain) if everything else 0)


@pytest.mark.parametrize("wrong", ["115/02/30", "yesterday", "\0", "9" * 500, "<b>"])
def test_a_day_that_is_none_is_said_to_be_none_and_filters_nothing(sign_in, admin, firm, wrong):
    page = sign_in(admin).get(url(firm), {"since": wrong})
    assert len(numbers(page)) == count(firm.chain)
    assert 'aria-invalid="true"' in page.content.decode()
    assert "<b>" not in page.content.decode().split('name="since"')[1][:200]


@pytest.mark.parametrize("query", [{"event": "x"}, {"person": "\0"}, {"page": "-1"}, {"page": "x"}])
def test_other_nonsense_filters_nothing(sign_in, admin, firm, query):
    assert len(numbers(sign_in(admin).get(url(firm), query))) == count(firm.chain)


# Proof ------------------------------------------------------------------------------------------


def test_the_page_offers_to_verify_its_chain(sign_in, admin, operator, firm):
    assert url(firm, "verification/") in sign_in(admin).get(url(firm)).content.decode()
    note_refusal("person.refused", "x@y.example")
    assert "/trail/verification/" in sign_in(operator).get("/trail/").content.decode()


def test_a_whole_chain_is_said_to_be_whole(sign_in, admin, firm):
    client = sign_in(admin)
    page = client.get(url(firm, "verification/"), headers={"HX-Request": "true"}).content.decode()
    assert f"完整：已驗證 {count(firm.chain)} 筆紀錄" in page


def test_a_changed_event_is_found(sign_in, operator):
    note_refusal("person.refused", "x@y.example")
    with unguarded("trail_event"):
        event = Event.objects.get(chain__key=SECURITY)
        Event.objects.filter(pk=event.pk).update(body=bytes(event.body).replace(b"x@y", b"z@y"))
    page = sign_in(operator).get("/trail/verification/", headers={"HX-Request": "true"}).content.decode()
    assert "軌跡已遭破壞" in page


# What one did oneself ---------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["preparer", "partner", "broker", "exchange", "admin"])
def test_everybody_reads_what_they_did_and_nothing_else(sign_in, request, fieldwork, who):
    user = request.getfixturevalue(who)
    page = sign_in(user).get("/acts/")
    assert page.status_code == 200
    shown = {event.event.actor for event in page.context["sentences"]}
    assert shown == {str(user.pk)}
    assert page.context["page"].paginator.count == Event.objects.filter(actor=str(user.pk)).count()


def test_nobody_reads_what_another_did_by_asking_for_them(sign_in, preparer, partner, engagement):
    page = sign_in(preparer).get("/acts/", {"person": str(partner.pk)})
    assert {event.event.actor for event in page.context["sentences"]} == {str(preparer.pk)}
