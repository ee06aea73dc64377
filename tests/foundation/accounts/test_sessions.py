"""Sessions end by themselves, by their person and by whoever keeps the people; each end is recorded."""

from datetime import timedelta
from http import HTTPStatus

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from knox.models import AuthToken

from foundation.accounts.actions import disable, end_access
from tests.conftest import PASSWORD
from tests.doors import events, last, names, send

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36"
)
NEW = "a new sentence to remember"


def later(**span):
    return time_machine.travel(timezone.now() + timedelta(**span))


def is_in(client):
    return client.get("/acts/").status_code == HTTPStatus.OK


def browser_of(person, **headers):
    """A browser in which somebody has come through the door; only such sessions are listed."""
    client = Client()
    send(client, "/login/", {"login": person.email, "password": PASSWORD}, **headers)
    return client


# By themselves ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("minutes", "status"), [(29, 200), (31, 302)])
def test_a_session_ends_when_it_is_left_alone_for_half_an_hour(sign_in, preparer, minutes, status):
    client = sign_in(preparer)
    with later(minutes=minutes):
        assert client.get("/acts/").status_code == status


def test_whoever_is_late_is_asked_to_sign_in_and_led_back(sign_in, preparer):
    client = sign_in(preparer)
    with later(minutes=31):
        assert client.get("/acts/").url == "/login/?next=/acts/"
        assert client.get("/acts/").status_code == 302


def test_work_keeps_a_session_alive_and_twelve_hours_end_it_in_any_case(sign_in, preparer):
    client, begun = sign_in(preparer), timezone.now()
    for number in range(1, 36):
        with time_machine.travel(begun + timedelta(minutes=20 * number)):
            assert is_in(client)
    with time_machine.travel(begun + timedelta(hours=12, seconds=5)):
        assert not is_in(client)


def test_a_session_that_timed_out_is_recorded_once(sign_in, preparer, firm):
    client = sign_in(preparer)
    with later(minutes=31):
        client.get("/acts/")
        client.get("/acts/")
    assert names(firm.chain).count("person.timed-out") == 1
    assert last(firm.chain)["actor"]["id"] == str(preparer.pk)


def test_a_script_whose_session_timed_out_is_told(sign_in, preparer):
    client = sign_in(preparer)
    with later(minutes=31):
        answer = client.get("/acts/", headers={"HX-Request": "true"})
    assert answer.status_code == 403


def test_a_session_of_before_this_rule_is_over(sign_in, preparer):
    client = sign_in(preparer)
    session = client.session
    del session["signed_in_at"]
    session.save()
    assert not is_in(client)


def test_the_cookie_goes_with_the_browser(type_password, preparer):
    assert type_password(preparer.email).cookies["sessionid"]["expires"] == ""


# What using one costs ---------------------------------------------------------------------------


def writes(client):
    with CaptureQueriesContext(connection) as queries:
        client.get("/acts/")
    return [query["sql"] for query in queries if query["sql"].startswith(("UPDATE", "INSERT"))]


def test_use_is_noted_once_a_minute(sign_in, preparer):
    client = sign_in(preparer)
    assert writes(client) == []
    with later(seconds=61):
        assert len(writes(client)) == 2  # the session and its entry in the list
        assert writes(client) == []


def test_the_list_says_when_one_was_last_used(preparer):
    client = browser_of(preparer)
    before = UserSession.objects.get().last_seen_at
    with later(minutes=5):
        client.get("/acts/")
    assert UserSession.objects.get().last_seen_at - before >= timedelta(minutes=5)


# By their person --------------------------------------------------------------------------------


def test_the_account_lists_them_with_browser_and_address(preparer):
    page = browser_of(preparer, **{"User-Agent": CHROME}).get("/account/").content.decode()
    assert "Chrome" in page
    assert "Windows" in page
    assert "127.0.0.1" in page


def test_the_one_in_use_is_marked_and_offers_no_end(preparer):
    client = browser_of(preparer)
    browser_of(preparer)
    page = client.get("/account/").content.decode()
    assert page.count("/account/sessions/") == 1
    assert page.count("目前裝置") == 1


def ends(client, session):
    return client.post(f"/account/sessions/{session.pk}/end/")


def session_of(client):
    return UserSession.objects.get(session_key=client.session.session_key)


def test_one_is_ended_and_the_others_stay(preparer, firm):
    client, other, third = (browser_of(preparer) for _ in range(3))
    assert ends(client, session_of(other)).url == "/account/"
    assert [is_in(one) for one in (client, other, third)] == [True, False, True]
    assert last(firm.chain)["event"] == "person.session-ended"


def test_somebody_elses_cannot_be_ended(sign_in, preparer, reviewer):
    theirs = browser_of(reviewer)
    assert ends(sign_in(preparer), session_of(theirs)).status_code == 404
    assert is_in(theirs)


def test_making_a_token_is_recorded(sign_in, preparer, firm):
    sign_in(preparer).post("/api/v1/tokens/")
    assert (AuthToken.objects.count(), last(firm.chain)["event"]) == (1, "token.made")


def test_a_token_is_ended_by_its_person_only(sign_in, preparer, reviewer, firm):
    row, _token = AuthToken.objects.create(preparer)
    assert sign_in(reviewer).post(f"/account/tokens/{row.token_key}/end/").status_code == 404
    client = sign_in(preparer)
    assert row.token_key in client.get("/account/").content.decode()
    assert client.post(f"/account/tokens/{row.token_key}/end/").url == "/account/"
    assert not AuthToken.objects.exists()
    assert last(firm.chain)["event"] == "token.ended"


def test_a_token_ended_through_the_api_is_recorded_too(preparer, firm):
    _row, token = AuthToken.objects.create(preparer)
    api = {"Authorization": f"Token {token}"}
    assert Client().post("/api/v1/tokens/end/", content_type="application/json", headers=api).status_code == 204
    assert not AuthToken.objects.exists()
    assert names(firm.chain)[-1] == "token.ended"
    assert "person.signed-out" not in names(firm.chain)


def change_password(client, **typed):
    form = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW} | typed
    return client.post("/account/password/", form)


def test_a_new_password_ends_the_other_sessions(sign_in, preparer, firm):
    client, other = sign_in(preparer), browser_of(preparer)
    assert change_password(client).status_code == 302
    assert (is_in(client), is_in(other)) == (True, False)
    assert "person.password-chosen" in names(firm.chain)


@pytest.mark.parametrize(
    "typed",
    [{"oldpassword": "wrong"}, {"password1": "short", "password2": "short"}, {"password2": "another one entirely"}],
)
def test_a_password_that_is_refused_ends_nothing(sign_in, preparer, typed):
    client, other = sign_in(preparer), browser_of(preparer)
    assert change_password(client, **typed).context["form"].errors
    assert (is_in(client), is_in(other)) == (True, True)
    preparer.refresh_from_db()
    assert preparer.check_password(PASSWORD)


def test_a_session_that_lived_on_is_still_listed_and_can_be_ended(preparer, admin):
    client = browser_of(preparer)
    change_password(client)
    assert session_of(client).user == preparer
    end_access(preparer, by=admin)
    assert not is_in(client)


# By whoever keeps the people --------------------------------------------------------------------


def test_disabling_ends_session_and_token_at_the_next_request(sign_in, preparer, admin, engagement):
    client = sign_in(preparer)
    _row, token = AuthToken.objects.create(preparer)
    api = {"Authorization": f"Token {token}"}
    assert Client().get("/api/v1/engagements/", headers=api).status_code == HTTPStatus.OK
    disable(preparer, reason="離職", by=admin)
    assert not is_in(client)
    assert Client().get("/api/v1/engagements/", headers=api).status_code == HTTPStatus.UNAUTHORIZED
    assert not UserSession.objects.filter(user=preparer).exists()


def test_a_session_that_disabling_overlooked_is_over_all_the_same(sign_in, preparer):
    client = sign_in(preparer)
    type(preparer).objects.filter(pk=preparer.pk).update(is_active=False)
    assert not is_in(client)


def test_the_administrator_ends_all_of_somebodys(client, preparer, admin, firm):
    theirs = browser_of(preparer)
    AuthToken.objects.create(preparer)
    client.force_login(admin)
    client.post(f"/people/{preparer.pk}/sign-out/")
    assert (is_in(theirs), AuthToken.objects.count(), is_in(client)) == (False, 0, True)
    [ended] = events(firm.chain, "person.sessions-ended")
    assert (ended.actor, ended.object_id) == (str(admin.pk), str(preparer.pk))
