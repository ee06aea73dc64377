"""What somebody asked for and didn't get is recorded, once, in the chain of their organization."""

import time

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.test import Client, override_settings
from django.urls import path
from knox.models import AuthToken

from foundation.accounts.models import User
from foundation.trail.models import Event
from foundation.web.errors import forbidden
from foundation.web.guards import guarded
from tests.doors import events

DENIALS = ("access.denied", "access.hidden")


def denials(organization):
    """What was recorded: event, who asked, how and for what."""
    return [
        (event.name, event.actor, event.content["facts"]["method"], event.content["facts"]["path"])
        for event in events(organization.chain, *DENIALS)
    ]


def anywhere():
    return Event.objects.filter(name__in=DENIALS).count()


# Pages ------------------------------------------------------------------------------------------


def test_a_page_that_one_may_not_open(sign_in, fieldwork, broker):
    url = f"/engagements/{fieldwork.pk}/evidence/"
    assert sign_in(broker).get(url).status_code == 403
    assert denials(broker.organization) == [("access.denied", str(broker.pk), "GET", url)]


def test_an_object_that_is_not_there_for_one(sign_in, fieldwork, other_firm):
    url = f"/engagements/{fieldwork.pk}/"
    assert sign_in(other_firm).get(url).status_code == 404
    assert denials(other_firm.organization) == [("access.hidden", str(other_firm.pk), "GET", url)]
    assert anywhere() == 1


def test_what_one_may_not_send(sign_in, firm, partner):
    url = f"/organizations/{firm.pk}/people/"
    sign_in(partner).post(url, {"email": "x@y.example"})
    assert denials(firm) == [("access.denied", str(partner.pk), "POST", url)]


def test_a_part_of_a_page(sign_in, fieldwork, broker):
    sign_in(broker).get(f"/engagements/{fieldwork.pk}/evidence/", headers={"HX-Request": "true"})
    assert len(denials(broker.organization)) == 1


def test_a_signature_that_the_view_itself_refuses(sign_in, paper, preparer, firm):
    url = f"/papers/{paper.pk}/signoff/"
    sign_in(preparer).post(url, {"role": "approved", "content_version": paper.content_version})
    assert denials(firm) == [("access.denied", str(preparer.pk), "POST", url)]


def test_only_the_path_is_kept_of_an_address_and_not_all_of_a_long_one(sign_in, fieldwork, broker):
    sign_in(broker).get(f"/engagements/{fieldwork.pk}/evidence/?q=geheim")
    assert "geheim" not in str(denials(broker.organization))
    sign_in(broker).get(f"/engagements/{fieldwork.pk}/papers/{'9.' * 400}9/")
    assert max(len(row[3]) for row in denials(broker.organization)) <= 300


# The API ----------------------------------------------------------------------------------------


@pytest.fixture(params=["session", "token"])
def api(request):
    """A client of the API for somebody, by session and by token."""

    def of(user):
        if request.param == "session":
            client = Client()
            client.force_login(user)
            return client
        _row, token = AuthToken.objects.create(user)
        return Client(headers={"Authorization": f"Token {token}"})

    return of


def test_a_result_that_is_not_there_for_one(api, result, other_firm):
    url = f"/api/v1/results/{result.pk}/"
    assert api(other_firm).get(url).status_code == 404
    assert denials(other_firm.organization) == [("access.hidden", str(other_firm.pk), "GET", url)]


def test_a_result_that_one_may_not_change(api, result, quality_reviewer, firm):
    url = f"/api/v1/results/{result.pk}/"
    answer = api(quality_reviewer).patch(url, '{"version": 1, "work": "x"}', content_type="application/json")
    assert answer.status_code == 403
    assert denials(firm) == [("access.denied", str(quality_reviewer.pk), "PATCH", url)]


# What leaves nothing ----------------------------------------------------------------------------


def test_nobody_in_particular_leaves_nothing(client, fieldwork, result):
    assert client.get(f"/engagements/{fieldwork.pk}/").status_code == 302
    assert client.get(f"/api/v1/results/{result.pk}/").status_code == 401
    bad = {"Authorization": "Token wrong"}
    assert client.get(f"/api/v1/results/{result.pk}/", headers=bad).status_code == 401
    assert anywhere() == 0


def test_an_address_that_leads_nowhere_leaves_nothing(sign_in, preparer):
    assert sign_in(preparer).get("/nowhere/").status_code == 404
    assert anywhere() == 0


def test_a_page_of_a_list_that_is_not_there_leaves_nothing(sign_in, preparer):
    assert sign_in(preparer).get("/api/v1/results/?page=99").status_code == 404
    assert anywhere() == 0


def test_a_form_without_its_token_is_no_denial_of_somebodys(preparer):
    client = Client(enforce_csrf_checks=True)
    client.force_login(preparer)
    assert client.post("/account/particulars/", {"name": "x"}).status_code == 403
    assert client.post("/api/v1/tokens/", content_type="application/json").status_code == 403
    assert anywhere() == 0


# An act that is rolled back ---------------------------------------------------------------------


@guarded("home.view")
@transaction.atomic
def half_done(request):
    """Write something, then find that it isn't allowed."""
    User.objects.filter(pk=request.user.pk).update(name="半途而廢")
    raise PermissionDenied


urlpatterns = [path("half/", half_done)]
handler403 = forbidden


def test_the_denial_stays_though_the_act_is_rolled_back(sign_in, preparer, firm):
    client = sign_in(preparer)
    with override_settings(ROOT_URLCONF=__name__):
        client.get("/half/", headers={"Accept": "application/json"})
    preparer.refresh_from_db()
    assert preparer.name == "陳柏翰"
    assert denials(firm) == [("access.denied", str(preparer.pk), "GET", "/half/")]


def test_whoever_asks_at_random_fills_no_trail(sign_in, preparer):
    client = sign_in(preparer)
    with time_machine.travel(time.time(), tick=False):  # within one minute
        for number in range(70):
            client.get(f"/engagements/00000000-0000-0000-0000-{number:012}/")
    names = list(Event.objects.filter(name__startswith="access.").values_list("name", flat=True))
    assert (names.count("access.hidden"), names.count("access.flooded"), len(names)) == (60, 1, 61)
