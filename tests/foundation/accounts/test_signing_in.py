"""The door: who gets in by mail address and password, what everybody else is told, and what is recorded."""

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.urls import NoReverseMatch, reverse

from foundation.accounts.actions import SECURITY
from foundation.accounts.adapters import WRONG
from foundation.trail.models import Event
from tests.conftest import PASSWORD
from tests.doors import events, last, names, send


def test_a_person_signs_in_by_mail_address(client, type_password, preparer):
    answer = type_password(preparer.email)
    assert (answer.status_code, answer.url) == (302, "/")
    assert client.get("/account/").status_code == 200


def test_capitals_in_the_address_and_spaces_around_it_do_not_matter(client, type_password, preparer):
    assert type_password(f" {preparer.email.upper()} ").status_code == 302


def test_signing_in_is_recorded_in_the_organizations_chain(type_password, preparer, firm):
    type_password(preparer.email)
    said = last(firm.chain)
    assert (said["event"], said["actor"]["id"], said["object"]["id"]) == (
        "person.signed-in",
        str(preparer.pk),
        str(preparer.pk),
    )


def test_signing_out_is_recorded_and_ends_the_session(client, type_password, preparer, firm):
    type_password(preparer.email)
    assert client.get("/logout/").status_code == 200  # asks; a link in a mail signs nobody out
    assert send(client, "/logout/").url == "/login/"
    assert client.get("/account/").status_code == 302
    assert names(firm.chain)[-1] == "person.signed-out"


def test_the_session_gets_a_new_name_at_the_door(client, type_password, preparer):
    client.get("/login/?next=/acts/")
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    client.cookies["sessionid"] = planted = session.session_key
    type_password(preparer.email)
    assert client.session.session_key != planted


# Refusals -------------------------------------------------------------------------------------


def tries(person, kind):
    """An attempt of each kind that must fail: address and password."""
    if kind == "disabled":
        person.is_active = False
        person.save()
    if kind == "invited":
        person.set_unusable_password()
        person.save()
    return {
        "unknown": ("nobody@firm.example", PASSWORD),
        "wrong": (person.email, "not the password"),
        "disabled": (person.email, PASSWORD),
        "invited": (person.email, PASSWORD),
    }[kind]


KINDS = ["unknown", "wrong", "disabled", "invited"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_failure_gets_the_same_page(client, type_password, preparer, kind):
    email, password = tries(preparer, kind)
    answer = type_password(email, password)
    assert (answer.status_code, answer.context["form"].non_field_errors()) == (200, [str(WRONG)])
    assert client.get("/account/").status_code == 302


@pytest.mark.parametrize("kind", KINDS)
def test_every_failure_takes_the_work_of_one_hash(type_password, preparer, monkeypatch, kind):
    email, password = tries(preparer, kind)
    hashed = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda self, *a: hashed.append(1) or encode(self, *a))
    type_password(email, password)
    assert len(hashed) == 1


@pytest.mark.parametrize("kind", ["wrong", "disabled", "invited"])
def test_a_failed_attempt_is_recorded_once_about_whose_address_it_was(type_password, preparer, firm, kind):
    type_password(*tries(preparer, kind))
    [refused] = events(firm.chain, "person.refused")
    said = refused.content
    assert (said["object"]["id"], said["actor"]["id"], said["facts"]) == (str(preparer.pk), "", {})


def test_an_address_that_nobody_has_is_recorded_in_the_platforms_chain(type_password, preparer, firm):
    type_password("nobody@firm.example", "typed by mistake")
    assert names(firm.chain, "person.refused") == []
    said = last(SECURITY)
    assert (said["event"], said["facts"]) == ("person.refused", {"address": "nobody@firm.example"})


@pytest.mark.parametrize("kind", KINDS)
def test_no_password_is_ever_recorded(type_password, preparer, kind):
    email, _password = tries(preparer, kind)
    type_password(email, "geheim-und-lang-genug")
    assert [event for event in Event.objects.all() if b"geheim" in bytes(event.body)] == []


# Odd input ------------------------------------------------------------------------------------


def test_a_password_of_ten_thousand_characters_is_a_password(client, type_password, preparer):
    assert type_password(preparer.email, "長" * 10_000).status_code == 200
    preparer.set_password("長" * 10_000)
    preparer.save()
    assert type_password(preparer.email, "長" * 10_000).status_code == 302


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("preparer@firm.example\0", PASSWORD),
        ("preparer@firm.example", "\0"),
        ("preparer@firm.example", "\ud800".encode("utf-8", "surrogatepass")),
        ("' OR 1=1 --", "x"),
        ("preparer@firm.example\r\nBcc: a@b.example", "x"),
        ("@", "x"),
        ("a" * 5000 + "@firm.example", "x"),
        ("", ""),
        ("preparer@firm.example", "🔑\t\u202e"),
    ],
)
def test_odd_characters_are_refused_without_an_error(type_password, preparer, email, password):
    answer = type_password(email, password)
    assert answer.status_code == 200
    assert answer.context["form"].errors


def test_an_address_that_is_none_says_so_and_is_no_attempt(type_password, db):
    assert "login" in type_password("nobody", "x").context["form"].errors
    assert events(SECURITY) == []


# Where it leads -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "there", ["//evil.example", "https://evil.example/", "javascript:alert(1)", "/\\evil.example", "%09//evil.example"]
)
def test_nobody_is_led_elsewhere(type_password, preparer, there):
    assert type_password(preparer.email, query=f"?next={there}").url == "/"


def test_whoever_was_asked_for_a_page_is_led_to_it(client, type_password, preparer):
    asked = client.get("/acts/?page=2")
    assert asked.url == "/login/?next=/acts/%3Fpage%3D2"
    assert type_password(preparer.email, query="?next=/acts/%3Fpage%3D2").url == "/acts/?page=2"


def test_the_page_keeps_where_it_leads(client, db):
    assert '<input type="hidden" name="next" value="/acts/">' in client.get("/login/?next=/acts/").content.decode()


def test_whoever_is_signed_in_is_sent_home_from_the_door(sign_in, preparer):
    assert sign_in(preparer).get("/login/").url == "/"


@pytest.mark.parametrize("path", ["/signup/", "/accounts/signup/", "/login/signup/", "/account/email/"])
def test_nobody_signs_up(client, db, path):
    assert client.get(path).status_code == 404


def test_there_is_no_name_for_signing_up():
    with pytest.raises(NoReverseMatch):
        reverse("account_signup")
