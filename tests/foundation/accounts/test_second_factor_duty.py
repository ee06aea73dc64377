"""Nobody works with a password alone: without a second factor every page leads to setting one up."""

import pytest
from django.test import Client
from django.urls import reverse
from knox.models import AuthToken

from tests.doors import app_of, passkey_of, prove, recovery_codes_of, send

pytestmark = pytest.mark.usefixtures("strict")

WEAK = ["preparer", "reviewer", "broker", "exchange"]
STRONG = ["partner", "quality_reviewer", "admin", "operator"]


def pages(user):
    """A page of everybody's, and one with an object."""
    return ["/", "/acts/?page=2", f"/people/{user.pk}/"]


@pytest.mark.parametrize("who", WEAK + STRONG)
def test_without_one_every_page_leads_to_setting_one_up(sign_in, request, who):
    user = request.getfixturevalue(who)
    client = sign_in(user)
    first = "/account/factors/" if who in WEAK else "/account/factors/passkeys/new/"
    found = [client.get(page).url for page in pages(user)]
    assert found == [f"{first}?next={page.replace('?', '%3F').replace('=', '%3D')}" for page in pages(user)]
    assert client.get(found[0]).status_code == 200


def test_a_deep_link_is_kept(sign_in, fieldwork, preparer):
    page = f"/engagements/{fieldwork.pk}/papers/3.8.2/"
    assert sign_in(preparer).get(page).url == f"/account/factors/?next={page}"


def test_what_somebody_without_one_sends_is_not_done(sign_in, admin, preparer):
    answer = sign_in(admin).post(f"/people/{preparer.pk}/disabling/", {"reason": "試試看"})
    assert answer.url == "/account/factors/passkeys/new/?next=/"
    preparer.refresh_from_db()
    assert preparer.is_active


@pytest.mark.parametrize("headers", [{"HX-Request": "true"}, {"Accept": "application/json"}])
def test_a_page_s_script_is_told_so(sign_in, preparer, headers):
    answer = sign_in(preparer).get("/", headers=headers)
    assert (answer.status_code, list(answer.json()["errors"])) == (403, ["__all__"])
    assert "第二" in answer.json()["errors"]["__all__"][0]


@pytest.mark.parametrize("accepted", ["", "*/*", "application/json"])
def test_the_api_says_so_whatever_it_is_asked_for(sign_in, preparer, accepted):
    headers = {"Accept": accepted} if accepted else {}
    answer = sign_in(preparer).get("/api/v1/engagements/", headers=headers)
    assert (answer.status_code, "errors" in answer.json()) == (403, True)


def test_a_session_without_one_makes_no_token(sign_in, preparer):
    assert sign_in(preparer).post("/api/v1/tokens/").status_code == 403
    assert not AuthToken.objects.exists()


@pytest.mark.parametrize("who", ["preparer", "partner"])
@pytest.mark.parametrize("name", ["account", "mfa_index", "mfa_list_webauthn", "mfa_add_webauthn", "account_logout"])
def test_ones_own_account_stays_open(sign_in, request, who, name):
    assert sign_in(request.getfixturevalue(who)).get(reverse(name)).status_code == 200


def test_language_and_signing_out_stay_open(sign_in, preparer):
    client = sign_in(preparer)
    assert client.post("/language/", {"language": "en", "next": "/account/"}).url == "/account/"
    assert client.post("/logout/").url == "/login/"


# With one that is set up but not proved ---------------------------------------------------------


def test_whoever_has_an_app_is_asked_for_its_code_in_this_session(sign_in, preparer):
    app_of(preparer)
    assert sign_in(preparer).get("/acts/").url == "/account/factors/confirmation/?next=/acts/"


def test_whoever_has_a_passkey_only_is_led_to_a_page_that_asks_for_it(sign_in, preparer):
    passkey_of(preparer)
    client = sign_in(preparer)
    answer = client.get("/acts/", follow=True)
    assert answer.redirect_chain[-1][0] == "/account/factors/passkeys/confirmation/?next=%2Facts%2F"
    assert answer.status_code == 200


@pytest.mark.parametrize("kind", ["webauthn", "totp", "recovery_codes"])
def test_any_factor_lets_staff_in(sign_in, preparer, kind):
    client = sign_in(preparer)
    prove(client, preparer, kind)
    assert client.get("/acts/").status_code == 200


@pytest.mark.parametrize("who", STRONG)
@pytest.mark.parametrize(("kind", "status"), [("totp", 302), ("recovery_codes", 302), ("webauthn", 200)])
def test_whoever_signs_or_decides_who_gets_in_needs_a_passkey(sign_in, request, who, kind, status):
    user = request.getfixturevalue(who)
    app_of(user)
    recovery_codes_of(user)
    client = sign_in(user)
    prove(client, user, kind)
    answer = client.get("/acts/")
    assert answer.status_code == status
    assert status == 200 or answer.url == "/account/factors/passkeys/new/?next=/acts/"


@pytest.mark.parametrize("who", STRONG)
def test_a_passkey_that_is_there_must_be_touched_though_a_code_was_typed(sign_in, request, who):
    user = request.getfixturevalue(who)
    passkey_of(user)
    client = sign_in(user)
    prove(client, user, "totp")
    assert client.get("/acts/").url == "/account/factors/passkeys/confirmation/?next=/acts/"


def test_a_factor_counts_for_the_person_who_proved_it(client, preparer, reviewer):
    client.force_login(preparer)
    prove(client, reviewer)
    assert client.get("/acts/").status_code == 302


def test_the_next_person_at_the_same_browser_proves_their_own(client, type_password, preparer, reviewer):
    client.force_login(preparer)
    prove(client, preparer)
    send(client, "/logout/")
    type_password(reviewer.email)
    assert client.get("/acts/").url.startswith("/account/factors/")


def test_a_promotion_asks_for_a_passkey_at_the_next_request(sign_in, preparer):
    client = sign_in(preparer)
    prove(client, preparer, "totp")
    assert client.get("/acts/").status_code == 200
    preparer.role = "partner"
    preparer.save()
    assert client.get("/acts/").url.startswith("/account/factors/passkeys/new/")


def test_a_token_was_made_by_somebody_who_proved_theirs(preparer):
    _row, token = AuthToken.objects.create(preparer)
    answer = Client().get("/api/v1/engagements/", headers={"Authorization": f"Token {token}"})
    assert answer.status_code == 200


def test_a_demonstration_asks_for_none(sign_in, partner, settings):
    settings.MFA_EASED = True
    assert sign_in(partner).get("/acts/").status_code == 200
