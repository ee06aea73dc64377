"""Tokens end with what they rest on: the password, the role, the factors. Making one is no sign-in."""

import pytest
from allauth.account.signals import password_reset
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_removed
from knox.models import AuthToken

from foundation.accounts.actions import change_role
from foundation.accounts.models import User
from foundation.trail.models import Event


@pytest.fixture
def token(preparer):
    return AuthToken.objects.create(preparer)[1]


def answers(client, token: str) -> int:
    return client.get("/api/v1/engagements/", headers={"Authorization": f"Token {token}"}).status_code


def test_a_token_ends_when_another_password_is_chosen(client, preparer, token):
    assert answers(client, token) == 200
    password_reset.send(sender=User, request=None, user=preparer)
    assert answers(client, token) == 401


def test_a_token_ends_when_the_role_changes(client, admin, preparer, token):
    change_role(preparer, "partner", by=admin)
    assert answers(client, token) == 401


def test_a_token_ends_when_a_factor_is_removed(client, preparer, token):
    removed = Authenticator(user=preparer, type="totp")
    authenticator_removed.send(sender=Authenticator, request=None, user=preparer, authenticator=removed)
    assert answers(client, token) == 401


def test_making_one_starts_no_session_s_clock_anew_and_is_no_sign_in(sign_in, preparer):
    client = sign_in(preparer)
    before = client.session["signed_in_at"]
    made = client.post("/api/v1/tokens/")
    assert (made.status_code, answers(client, made.json()["token"])) == (200, 200)
    assert client.session["signed_in_at"] == before
    names = list(Event.objects.filter(actor=str(preparer.pk)).values_list("name", flat=True))
    assert (names.count("person.signed-in"), names.count("token.made")) == (1, 1)


def test_what_no_token_can_be_is_refused(client, db):
    assert client.get("/api/v1/engagements/", HTTP_AUTHORIZATION="Token \xff").status_code == 401
