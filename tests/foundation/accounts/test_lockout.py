"""Guessing passwords and codes comes to an end after five tries, whatever the guesser changes about the request."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from foundation.accounts.actions import SECURITY
from foundation.trail.models import Event
from tests.conftest import PASSWORD
from tests.doors import app_of, code_of, events, names, recovery_codes_of, send

TOO_MANY = ["嘗試次數過多，請數分鐘後再試。"]


def guess(type_password, email, times=5, **headers):
    for number in range(times):
        type_password(email, f"guess number {number}", **headers)


def said(answer):
    return answer.context["form"].non_field_errors()


def test_five_failures_close_the_door_for_the_right_password_too(client, type_password, preparer):
    guess(type_password, preparer.email)
    assert said(type_password(preparer.email, PASSWORD)) == TOO_MANY
    assert client.get("/account/").status_code == 302


def test_four_failures_do_not(type_password, preparer):
    guess(type_password, preparer.email, 4)
    assert type_password(preparer.email).status_code == 302


def test_another_person_is_not_locked_out_with_the_first(type_password, preparer, reviewer):
    guess(type_password, preparer.email)
    assert type_password(reviewer.email).status_code == 302


def test_five_minutes_later_the_door_opens_again(type_password, preparer):
    guess(type_password, preparer.email)
    with time_machine.travel(timezone.now() + timedelta(minutes=5, seconds=1)):
        assert type_password(preparer.email).status_code == 302


def test_a_claim_to_come_from_elsewhere_does_not_open_it(type_password, preparer):
    for number in range(5):
        type_password(preparer.email, "guess", **{"X-Forwarded-For": f"203.0.113.{number}"})
    assert said(type_password(preparer.email, **{"X-Forwarded-For": "198.51.100.7"})) == TOO_MANY


@pytest.mark.parametrize("spelling", ["PREPARER@firm.example", " preparer@FIRM.example "])
def test_another_spelling_of_the_address_does_not_open_it(type_password, preparer, spelling):
    guess(type_password, preparer.email)
    assert said(type_password(spelling)) == TOO_MANY


def test_an_address_that_nobody_has_is_locked_out_in_the_same_words(type_password, db):
    guess(type_password, "nobody@firm.example")
    assert said(type_password("nobody@firm.example")) == TOO_MANY
    assert names(SECURITY) == ["person.refused"] * 5 + ["person.locked-out"]


def test_a_sign_in_that_works_does_not_wipe_out_the_guesses_before_it(type_password, client, preparer):
    guess(type_password, preparer.email, 4)
    type_password(preparer.email)
    send(client, "/logout/")
    guess(type_password, preparer.email, 1)
    assert said(type_password(preparer.email)) == TOO_MANY


def test_a_lockout_is_recorded_about_the_person(type_password, preparer, firm):
    guess(type_password, preparer.email)
    type_password(preparer.email)
    [locked] = events(firm.chain, "person.locked-out")
    assert (locked.object_id, locked.actor) == (str(preparer.pk), "")
    assert not Event.objects.filter(name="person.signed-in").exists()


# The second factor ----------------------------------------------------------------------------


@pytest.fixture
def at_the_second_step(type_password, preparer, strict):
    """The app's secret of somebody whose password was right; the code is still wanted."""
    secret = app_of(preparer)
    assert type_password(preparer.email).url.startswith("/login/second-factor/")
    return secret


def type_code(client, code):
    return send(client, "/login/second-factor/", {"code": code})


def test_five_wrong_codes_close_it_for_the_right_one_too(client, at_the_second_step, preparer, firm):
    for _ in range(5):
        type_code(client, "000000")
    assert type_code(client, code_of(at_the_second_step)).status_code == 200
    assert client.get("/account/").status_code == 302
    assert names(firm.chain, "factor") == ["factor.refused"] * 5


def test_recovery_codes_are_counted_with_them(client, at_the_second_step, preparer):
    codes = recovery_codes_of(preparer)
    for _ in range(5):
        type_code(client, "12345678")
    assert type_code(client, codes[0]).status_code == 200


def test_a_new_session_with_the_password_brings_no_new_tries(client, at_the_second_step, type_password, preparer):
    for _ in range(5):
        type_code(client, "000000")
    client.cookies.clear()
    type_password(preparer.email)
    assert type_code(client, code_of(at_the_second_step)).status_code == 200
