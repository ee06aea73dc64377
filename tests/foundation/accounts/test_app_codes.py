"""The authenticator app: set up with a real code, asked for at every sign-in, good once, its secret kept encrypted."""

import re
import time

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt, encrypt
from cryptography.fernet import InvalidToken
from django.test import Client

from tests.doors import app_of, code_of, names, passkey_of, prove, send

pytestmark = pytest.mark.usefixtures("strict", "at_commit")

SET_UP, REMOVE = "/account/factors/app/", "/account/factors/app/removal/"


def shown_secret(client):
    page = client.get(SET_UP).content.decode()
    assert "data:image/svg+xml" in page
    return re.search(r'<span class="code">([A-Z2-7]+)</span>', page).group(1)


def set_up(client):
    secret = shown_secret(client)
    return secret, client.post(SET_UP, {"code": code_of(secret)})


def stored(person):
    return Authenticator.objects.get(user=person, type=Authenticator.Type.TOTP)


# Setting it up --------------------------------------------------------------------------------


def test_a_right_code_sets_it_up_and_lets_the_person_in(sign_in, preparer):
    client = sign_in(preparer)
    _secret, answer = set_up(client)
    assert answer.url == "/account/factors/codes/"
    assert client.get("/acts/").status_code == 200


def test_a_wrong_code_sets_up_nothing(sign_in, preparer):
    client = sign_in(preparer)
    shown_secret(client)
    answer = client.post(SET_UP, {"code": "000000"})
    assert (answer.status_code, "code" in answer.context["form"].errors) == (200, True)
    assert not Authenticator.objects.exists()


def test_setting_it_up_makes_recovery_codes_and_both_are_recorded(sign_in, preparer, firm):
    set_up(sign_in(preparer))
    assert names(firm.chain, "factor") == ["factor.added", "factor.added"]
    assert set(Authenticator.objects.values_list("type", flat=True)) == {"totp", "recovery_codes"}


def test_a_second_app_is_none(sign_in, preparer):
    client = sign_in(preparer)
    set_up(client)
    assert client.get(SET_UP).url == REMOVE


# Signing in with it ---------------------------------------------------------------------------


@pytest.fixture
def asked(type_password, preparer):
    """The secret of somebody whose password was right; the page that asks for the code is next."""
    secret = app_of(preparer)
    assert type_password(preparer.email, query="?next=/acts/").url.startswith("/login/second-factor/")
    return secret


def type_code(client, code):
    return send(client, "/login/second-factor/", {"code": code})


def test_the_password_alone_is_no_longer_enough(client, asked):
    assert client.get("/account/").status_code == 302
    assert client.get("/acts/").url.startswith("/login/")


def test_the_code_finishes_it_and_leads_where_the_person_wanted(client, asked, firm):
    assert client.get("/login/second-factor/").status_code == 200
    assert type_code(client, code_of(asked)).url == "/acts/"
    assert client.get("/acts/").status_code == 200
    assert names(firm.chain)[-2:] == ["factor.used", "person.signed-in"]


def test_the_code_of_half_a_minute_ago_still_counts_and_an_older_one_does_not(client, asked):
    assert type_code(client, code_of(asked, later=-2)).status_code == 200
    assert type_code(client, code_of(asked, later=-1)).status_code == 302


def test_a_code_is_good_once(client, asked, type_password, preparer):
    code = code_of(asked)
    type_code(client, code)
    other = Client()
    type_password(preparer.email, on=other)
    assert type_code(other, code).status_code == 200
    assert other.get("/account/").status_code == 302
    assert type_code(other, code_of(asked, later=1)).status_code == 302


@pytest.mark.parametrize("code", ["", "000000", "x" * 5000, "\0", "１２３４５６", "-1", "12345"])
def test_what_is_no_code_is_refused_and_the_page_asks_again(client, asked, code):
    answer = type_code(client, code)
    assert (answer.status_code, "code" in answer.context["form"].errors) == (200, True)


def test_a_wrong_code_is_recorded(client, asked, firm):
    type_code(client, "000000")
    assert names(firm.chain)[-1] == "factor.refused"


def test_the_code_of_somebody_else_is_none(client, asked, reviewer):
    assert type_code(client, code_of(app_of(reviewer))).status_code == 200


def test_the_second_step_without_the_first_leads_back_to_the_door(client, db):
    assert client.get("/login/second-factor/").url == "/login/"
    assert type_code(client, "000000").url == "/login/"


def test_somebody_disabled_between_the_two_steps_does_not_get_in(client, asked, preparer):
    preparer.is_active = False
    preparer.save()
    type_code(client, code_of(asked))
    assert client.get("/account/").status_code == 302


# Removing it ----------------------------------------------------------------------------------


def test_changing_factors_asks_for_one_that_is_there(sign_in, preparer):
    client = sign_in(preparer)
    secret = app_of(preparer)
    for page in (REMOVE, "/account/factors/passkeys/new/", "/account/factors/codes/new/"):
        assert client.get(page).url.startswith("/account/factors/confirmation/")
    new = "/account/factors/passkeys/new/"
    answer = client.post(f"/account/factors/confirmation/?next={new}", {"code": code_of(secret)})
    assert answer.url == new
    assert client.get(answer.url).status_code == 200


def test_whoever_has_just_signed_in_with_one_is_not_asked_again(client, asked):
    type_code(client, code_of(asked))
    with time_machine.travel(time.time() + 4 * 60):
        assert client.get("/account/factors/passkeys/new/").status_code == 200


def test_a_session_stolen_later_changes_no_factor(client, asked):
    type_code(client, code_of(asked))
    with time_machine.travel(time.time() + 6 * 60):
        assert client.get("/account/factors/passkeys/new/").url.startswith("/account/factors/confirmation/")
        assert client.post(REMOVE).url.startswith("/account/factors/confirmation/")
    assert Authenticator.objects.count() == 1


def confirm(client, secret):
    assert client.post("/account/factors/confirmation/?next=/account/", {"code": code_of(secret)}).url == "/account/"


def test_the_last_factor_stays(sign_in, preparer):
    client, secret = sign_in(preparer), app_of(preparer)
    confirm(client, secret)
    answer = client.post(REMOVE)
    assert (answer.status_code, bool(answer.context["form"].errors)) == (200, True)
    assert stored(preparer)


def test_beside_a_passkey_the_app_can_be_removed_and_that_is_recorded(sign_in, preparer, firm):
    client, secret = sign_in(preparer), app_of(preparer)
    passkey_of(preparer)
    confirm(client, secret)
    assert client.post(REMOVE).url == "/account/factors/"
    assert not Authenticator.objects.filter(type=Authenticator.Type.TOTP).exists()
    assert names(firm.chain)[-1] == "factor.removed"


def test_a_partner_may_remove_the_app_which_is_not_enough_anyway(sign_in, partner):
    client, secret = sign_in(partner), app_of(partner)
    confirm(client, secret)
    assert client.post(REMOVE).status_code == 302


# The secret -----------------------------------------------------------------------------------


def test_the_secret_is_stored_encrypted(sign_in, preparer):
    secret, _answer = set_up(sign_in(preparer))
    kept = stored(preparer).data["secret"]
    assert secret not in str(stored(preparer).data)
    assert decrypt(kept) == secret


def test_the_same_secret_looks_different_each_time():
    assert encrypt("SECRET") != encrypt("SECRET")


def test_codes_still_work_after_the_installations_secret_was_changed(client, asked, settings, preparer, type_password):
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another secret of this installation", [settings.SECRET_KEY]
    fresh = Client()
    type_password(preparer.email, on=fresh)
    assert type_code(fresh, code_of(asked)).status_code == 302


def test_without_the_former_secret_nothing_can_be_read(preparer, settings):
    app_of(preparer)
    settings.SECRET_KEY = "another secret of this installation"
    with pytest.raises(InvalidToken):
        decrypt(stored(preparer).data["secret"])


def test_a_factor_of_somebody_else_cannot_be_removed(client, preparer, reviewer):
    passkey_of(reviewer)
    client.force_login(preparer)
    prove(client, preparer)
    theirs = Authenticator.objects.get(user=reviewer)
    assert client.post(f"/account/factors/passkeys/{theirs.pk}/removal/").status_code == 404
    assert client.post(REMOVE).status_code == 404
