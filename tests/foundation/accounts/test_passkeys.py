"""Passkeys: set up, signed in with, confirmed with; the last one that a role needs stays. The signatures are real."""

import json

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from tests.doors import SecurityKey, app_of, challenge_of, code_of, events, names, passkey_of, recovery_codes_of, send

pytestmark = pytest.mark.usefixtures("strict", "at_commit")

NEW, LIST, CONFIRM = (f"/account/factors/passkeys/{tail}" for tail in ("new/", "", "confirmation/"))


SCRIPT = {"Accept": "application/json", "X-Requested-With": "XMLHttpRequest"}
ODD = [
    "",
    "{}",
    "[]",
    "null",
    '"x"',
    "{",
    '{"id": 1}',
    '{"response": {"userHandle": "AA"}}',
    '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {}}',
    '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {"userHandle": null}}',
    '{"id": "AA", "rawId": "AA", "type": "x", "response": []}',
    '{"id": "AA", "rawId": "AA", "response": {"clientDataJSON": "AA", "attestationObject": "AA", "userHandle": "AA"}}',
]


def set_up(client, key, **fields):
    challenge = challenge_of(client.get(NEW), "creation_options")
    return client.post(NEW, {"credential": json.dumps(key.registration(challenge)), "name": "辦公室", **fields})


def touch(client, key, page=f"{CONFIRM}?next=/account/"):
    """Confirm in a session with the key."""
    return client.post(page, {"credential": json.dumps(key.touch(challenge_of(client.get(page))))})


def second_step(client, key, challenge=None):
    challenge = challenge or challenge_of(client.get("/login/second-factor/"))
    return send(client, "/login/second-factor/", {"credential": json.dumps(key.touch(challenge))})


# Setting up -----------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["preparer", "partner", "admin"])
def test_setting_one_up_lets_the_person_in(sign_in, request, who):
    user = request.getfixturevalue(who)
    client = sign_in(user)
    assert set_up(client, SecurityKey(user)).url == "/account/factors/codes/"
    assert client.get("/acts/").status_code == 200
    assert "辦公室" in client.get(LIST).content.decode()


def test_it_is_recorded_with_the_recovery_codes_made_beside_it(sign_in, partner, firm):
    set_up(sign_in(partner), SecurityKey(partner))
    assert names(firm.chain, "factor") == ["factor.added", "factor.added"]


def test_a_key_that_answers_another_challenge_is_none(sign_in, partner):
    client = sign_in(partner)
    client.get(NEW)
    made = SecurityKey(partner).registration("c29tZXRoaW5nLWVsc2U")
    answer = client.post(NEW, {"credential": json.dumps(made), "name": "x"})
    assert (answer.status_code, Authenticator.objects.count()) == (200, 0)


@pytest.mark.parametrize("credential", ODD)
def test_what_no_browser_says_is_refused(sign_in, partner, credential):
    client = sign_in(partner)
    client.get(NEW)
    answer = client.post(NEW, {"credential": credential, "name": "x"})
    assert (answer.status_code, Authenticator.objects.count()) == (200, 0)


# Signing in -----------------------------------------------------------------------------------


def test_it_is_the_second_step_after_the_password(client, type_password, partner, firm):
    key = passkey_of(partner)
    assert type_password(partner.email).url.startswith("/login/second-factor/")
    assert second_step(client, key).url == "/"
    assert client.get("/acts/").status_code == 200
    assert names(firm.chain)[-2:] == ["factor.used", "person.signed-in"]


def test_somebody_elses_key_is_refused_and_that_is_recorded(client, type_password, partner, quality_reviewer, firm):
    passkey_of(partner)
    type_password(partner.email)
    assert second_step(client, passkey_of(quality_reviewer, b"key-2")).status_code == 200
    assert client.get("/account/").status_code == 302
    [refused] = events(firm.chain, "factor.refused")
    assert refused.object_id == str(partner.pk)


def test_an_answer_is_good_for_one_challenge(client, type_password, partner):
    key = passkey_of(partner)
    type_password(partner.email)
    challenge = challenge_of(client.get("/login/second-factor/"))
    other = Client()
    type_password(partner.email, on=other)
    other.get("/login/second-factor/")
    assert second_step(other, key, challenge).status_code == 200


def without_password(client, key):
    options = client.get("/login/passkey/", headers=SCRIPT)
    challenge = options.json()["request_options"]["publicKey"]["challenge"]
    return send(client, "/login/passkey/", {"credential": json.dumps(key.touch(challenge))})


def test_it_alone_opens_the_door(client, partner, firm):
    assert without_password(client, passkey_of(partner)).url == "/"
    assert client.get("/acts/").status_code == 200
    assert names(firm.chain)[-2:] == ["factor.used", "person.signed-in"]


def test_it_does_not_for_somebody_who_was_disabled(client, partner, firm):
    key = passkey_of(partner)
    partner.is_active = False
    partner.save()
    answer = without_password(client, key)
    assert answer.url == "/login/"
    assert "person.refused" in names(firm.chain)
    assert client.get("/account/").status_code == 302


def test_a_key_that_nobody_set_up_opens_nothing(client, partner):
    passkey_of(partner)
    stranger = SecurityKey(partner)
    assert without_password(client, stranger).url == "/login/"
    assert client.get("/account/").status_code == 302


@pytest.mark.parametrize("credential", ODD)
def test_at_the_door_too_what_no_browser_says_is_refused(client, partner, credential):
    client.get("/login/passkey/", headers=SCRIPT)
    assert send(client, "/login/passkey/", {"credential": credential}).status_code == 302
    assert client.get("/account/").status_code == 302


@pytest.mark.parametrize("credential", ODD)
def test_and_as_the_second_step(client, type_password, partner, credential):
    passkey_of(partner)
    type_password(partner.email)
    assert send(client, "/login/second-factor/", {"credential": credential}).status_code == 200
    assert client.get("/account/").status_code == 302


@pytest.mark.parametrize("credential", ODD)
def test_and_where_it_confirms(sign_in, partner, credential):
    passkey_of(partner)
    client = sign_in(partner)
    client.get(CONFIRM)
    assert client.post(CONFIRM, {"credential": credential}).status_code == 302
    assert client.get("/acts/").url.startswith(CONFIRM)


# Removing -------------------------------------------------------------------------------------


def remove(client, person, identity=b"key-1"):
    [row] = [r for r in Authenticator.objects.filter(user=person, type="webauthn") if identity.decode() in str(r)]
    return client.post(f"/account/factors/passkeys/{row.pk}/removal/")


def kept(person):
    return Authenticator.objects.filter(user=person, type=Authenticator.Type.WEBAUTHN).count()


@pytest.mark.parametrize("who", ["partner", "admin"])
def test_the_last_passkey_of_whoever_needs_one_stays_beside_an_app_too(sign_in, request, who):
    user = request.getfixturevalue(who)
    client, key = sign_in(user), passkey_of(user)
    app_of(user)
    recovery_codes_of(user)
    touch(client, key)
    page = client.get(remove(client, user).url).content.decode()
    assert ("最後一" in page, kept(user)) == (True, 1)


def test_one_of_two_can_go_and_that_is_recorded(sign_in, partner, firm):
    client, key = sign_in(partner), passkey_of(partner)
    passkey_of(partner, b"key-2")
    touch(client, key)
    remove(client, partner, b"key-2")
    assert (kept(partner), names(firm.chain)[-1]) == (1, "factor.removed")
    remove(client, partner)
    assert kept(partner) == 1


def test_staff_may_remove_theirs_when_the_app_remains_and_only_then(sign_in, preparer):
    client, key = sign_in(preparer), passkey_of(preparer)
    touch(client, key)
    remove(client, preparer)
    assert kept(preparer) == 1
    app_of(preparer)
    remove(client, preparer)
    assert kept(preparer) == 0


def test_removing_asks_for_a_touch_first(sign_in, partner):
    client = sign_in(partner)
    passkey_of(partner)
    passkey_of(partner, b"key-2")
    assert remove(client, partner).url.startswith(CONFIRM)
    assert kept(partner) == 2


def test_whoever_has_a_passkey_may_confirm_with_the_app_as_well(sign_in, preparer):
    client, secret = sign_in(preparer), app_of(preparer)
    passkey_of(preparer)
    assert client.get(CONFIRM).status_code == 200
    answer = client.post("/account/factors/confirmation/?next=/account/", {"code": code_of(secret)})
    assert answer.url == "/account/"


@pytest.mark.parametrize("who", ["partner", "admin"])
def test_whoever_needs_a_passkey_and_has_one_changes_nothing_with_a_code_that_was_phished(sign_in, request, who):
    user = request.getfixturevalue(who)
    client, secret = sign_in(user), app_of(user)
    passkey_of(user)
    answer = client.post(f"/account/factors/confirmation/?next={NEW}", {"code": code_of(secret)})
    assert answer.url.startswith(CONFIRM)
    for page in (NEW, "/account/factors/codes/new/", "/account/factors/app/removal/"):
        assert client.get(page).url.startswith(CONFIRM)
    assert "驗證器" not in client.get(CONFIRM).content.decode().split("<main")[1]


def test_nor_with_a_code_phished_at_the_door(client, type_password, partner):
    secret = app_of(partner)
    passkey_of(partner)
    type_password(partner.email)
    assert send(client, "/login/second-factor/", {"code": code_of(secret)}).status_code == 302
    assert client.get(NEW).url.startswith(CONFIRM)
    assert client.post(NEW, {"credential": "{}"}).url.startswith(CONFIRM)


def test_whoever_was_made_a_partner_confirms_with_the_app_until_the_passkey_is_there(sign_in, partner):
    client, secret = sign_in(partner), app_of(partner)
    assert client.get(NEW).url.startswith("/account/factors/confirmation/")
    client.post(f"/account/factors/confirmation/?next={NEW}", {"code": code_of(secret)})
    assert set_up(client, SecurityKey(partner)).status_code == 302
    assert client.get("/acts/").status_code == 200


def test_a_passkey_can_be_renamed(sign_in, preparer):
    client, key = sign_in(preparer), passkey_of(preparer)
    touch(client, key)
    row = Authenticator.objects.get(user=preparer)
    assert client.post(f"/account/factors/passkeys/{row.pk}/name/", {"name": "家裡的鑰匙"}).url == LIST
    assert "家裡的鑰匙" in client.get(LIST).content.decode()
