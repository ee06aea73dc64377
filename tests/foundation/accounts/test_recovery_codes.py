"""Recovery codes: for the day on which the device is lost, each once, counted and replaced as a whole."""

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from tests.doors import app_of, code_of, names, recovery_codes_of, send

pytestmark = pytest.mark.usefixtures("strict", "at_commit")

SHOWN, RENEWED = "/account/factors/codes/", "/account/factors/codes/new/"


@pytest.fixture
def codes(preparer):
    """What somebody with an app has written down."""
    app_of(preparer)
    return recovery_codes_of(preparer)


def enter(type_password, person, code):
    """Sign in with the password and a code, in a browser of its own."""
    browser = Client()
    type_password(person.email, on=browser)
    answer = send(browser, "/login/second-factor/", {"code": code})
    return browser, answer


def test_a_code_replaces_the_app(type_password, preparer, codes):
    browser, answer = enter(type_password, preparer, codes[3])
    assert answer.url == "/"
    assert browser.get("/acts/").status_code == 200


def test_each_works_once(type_password, preparer, codes):
    enter(type_password, preparer, codes[0])
    assert enter(type_password, preparer, codes[0])[1].status_code == 200
    assert enter(type_password, preparer, codes[1])[1].status_code == 302


def test_those_left_are_counted(type_password, preparer, codes):
    browser, _answer = enter(type_password, preparer, codes[0])
    assert "剩 9 組" in browser.get("/account/factors/").content.decode()


def test_using_one_is_recorded_as_what_it_is(type_password, preparer, codes, firm):
    enter(type_password, preparer, codes[0])
    assert names(firm.chain)[-2:] == ["factor.used", "person.signed-in"]


def test_they_are_stored_encrypted(preparer, codes):
    kept = str(Authenticator.objects.get(type=Authenticator.Type.RECOVERY_CODES).data)
    assert [code for code in codes if code in kept] == []


def confirmed(sign_in, person):
    """A client that has just typed the app's code."""
    client = sign_in(person)
    secret = app_of(person)
    client.post("/account/factors/confirmation/?next=/account/", {"code": code_of(secret)})
    return client


def test_they_are_shown_once(sign_in, preparer):
    client = confirmed(sign_in, preparer)
    codes = recovery_codes_of(preparer)
    first, second = client.get(SHOWN).content.decode(), client.get(SHOWN).content.decode()
    assert [code in first for code in codes] == [True] * 10
    assert [code in second for code in codes] == [False] * 10


def test_new_ones_end_the_old_ones_and_that_is_recorded(sign_in, type_password, preparer, firm):
    client = confirmed(sign_in, preparer)
    codes = recovery_codes_of(preparer)
    assert client.post(RENEWED).url == SHOWN
    assert names(firm.chain)[-1] == "factor.renewed"
    assert enter(type_password, preparer, codes[0])[1].status_code == 200


def test_without_an_app_or_a_passkey_there_are_none(sign_in, preparer):
    client = sign_in(preparer)
    assert client.post(RENEWED).status_code == 200
    assert not Authenticator.objects.exists()


def test_they_alone_are_no_second_step_at_the_door(type_password, preparer, client):
    recovery_codes_of(preparer)
    assert type_password(preparer.email).url == "/"
    assert client.get("/acts/").url.startswith("/account/factors/confirmation/")
