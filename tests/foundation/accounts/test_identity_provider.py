"""A firm's own identity provider (OpenID Connect), a real one: it lets in whom it vouches for and who was invited."""

import warnings
from urllib.parse import urlsplit

import pytest
import requests

from foundation.trail.models import Event
from tests.doors import app_of, code_of, send

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from oidc_provider_mock import User, run_server_in_thread

PATH = "/login/oidc/"
# What the provider's own libraries have to say to each other.
pytestmark = [pytest.mark.filterwarnings("ignore::DeprecationWarning"), pytest.mark.django_db]


@pytest.fixture
def provider(settings, preparer):
    """The provider knows the preparer, a colleague nobody has invited, and somebody whose address it never verified."""
    known = [
        User(sub="known", claims={"email": preparer.email, "email_verified": True}),
        User(sub="stranger", claims={"email": "stranger@firm.example", "email_verified": True}),
        User(sub="unverified", claims={"email": preparer.email, "email_verified": False}),
    ]
    with run_server_in_thread(user_claims=known) as server:
        app = {"provider_id": "oidc", "name": "正衡", "client_id": "digao", "secret": "s"}
        address = {"server_url": f"http://localhost:{server.server_port}"}
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [{**app, "settings": address}]}}
        yield server


def come_back(client, sub: str, query: str = ""):
    """Go to the provider, say who one is, and bring its answer back."""
    leaving = client.get(PATH + query)
    assert leaving.status_code == 302
    returned = requests.post(leaving.url, data={"sub": sub}, allow_redirects=False, timeout=10)
    target = urlsplit(returned.headers["Location"])
    return client.get(f"{target.path}?{target.query}")


def test_who_is_vouched_for_and_invited_is_let_in(client, provider, preparer):
    assert come_back(client, "known").url == "/"
    assert client.get("/").context["user"] == preparer
    assert Event.objects.filter(chain__key=preparer.organization.chain, name="person.signed-in").count() == 1


def test_the_second_factor_is_still_asked_for(client, provider, settings, preparer):
    settings.MFA_EASED = False
    come_back(client, "known")
    assert client.get("/catalogue/").url == "/account/factors/?next=/catalogue/"


def test_an_authenticator_app_is_asked_for_before_anything_is_open(client, provider, settings, preparer):
    settings.MFA_EASED = False
    secret = app_of(preparer)
    assert come_back(client, "known").url.startswith("/login/second-factor/")
    assert client.get("/account/").status_code == 302
    send(client, "/login/second-factor/", {"code": code_of(secret)})
    assert client.get("/account/").status_code == 200


def test_nobody_ties_another_identity_to_their_account(client, provider, preparer):
    client.force_login(preparer)
    assert come_back(client, "stranger", "?process=connect").url == "/account/"
    send(client, "/logout/")
    come_back(client, "stranger")
    assert client.get("/account/").status_code == 302


@pytest.mark.parametrize("sub", ["stranger", "unverified"])
def test_nobody_else_is(client, provider, preparer, sub):
    come_back(client, sub)
    assert client.get("/").status_code == 302
    assert not Event.objects.filter(name="person.signed-in").exists()


def test_who_was_disabled_is_not_either(client, provider, preparer):
    preparer.is_active = False
    preparer.save()
    come_back(client, "known")
    assert client.get("/").status_code == 302


def test_an_answer_to_a_question_that_was_not_asked_is_refused(client, provider):
    assert client.get(f"{PATH}callback/?code=x&state=y").status_code in {200, 302, 401}
    assert client.get("/").status_code == 302


def test_the_sign_in_page_offers_the_provider_by_name(client, provider):
    assert "以正衡登入" in client.get("/login/").content.decode()


def test_without_a_provider_none_is_offered_and_its_address_leads_nowhere(client, db):
    assert PATH not in client.get("/login/").content.decode()
    assert client.get(PATH).status_code == 404
