"""A firm's own identity provider says who somebody is; in come those who were invited, with their second factor."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from foundation.accounts.models import User
from tests.doors import app_of, code_of, last, names, send

ADDRESS = "preparer@firm.example"


class Provider(BaseHTTPRequestHandler):
    """Vouches for whomever the test names."""

    says: dict = {}

    def do_GET(self):
        base = f"http://127.0.0.1:{self.server.server_port}"
        known = {
            "issuer": base,
            "authorization_endpoint": f"{base}/authorize",
            "token_endpoint": f"{base}/token",
            "userinfo_endpoint": f"{base}/userinfo",
            "jwks_uri": f"{base}/jwks",
        }
        self.answer(type(self).says if self.path == "/userinfo" else known)

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.answer({"access_token": "token", "token_type": "Bearer"})

    def answer(self, content):
        body = json.dumps(content).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments):
        """Say nothing on the console."""


@pytest.fixture
def provider(settings):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    shown = {"provider_id": "oidc", "name": "事務所帳號", "client_id": "digao", "secret": "s"}
    address = f"http://127.0.0.1:{server.server_port}"
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [{**shown, "settings": {"server_url": address}}]}}
    yield Provider
    server.shutdown()
    server.server_close()


def come_with(client, provider, *, verified=True, email=ADDRESS, query=""):
    """Go to the provider and come back with what it says."""
    provider.says = {"sub": f"subject-{email}", "email": email, "email_verified": verified, "name": "某人"}
    there = client.get(f"/login/oidc/{query}")
    assert there.url.startswith("http://127.0.0.1:")
    state = parse_qs(urlsplit(there.url).query)["state"][0]
    return client.get("/login/oidc/callback/", {"code": "code", "state": state})


def test_the_door_offers_it_where_the_installation_names_one(client, db, provider):
    page = client.get("/login/").content.decode()
    assert ("事務所帳號" in page, '"/login/oidc/' in page) == (True, True)


def test_without_one_it_is_not_there(client, db):
    assert client.get("/login/oidc/").status_code == 404
    assert client.get("/login/oidc/callback/").status_code == 404


def test_an_invited_person_comes_in_by_their_verified_address(client, provider, preparer, firm):
    assert come_with(client, provider).url == "/"
    assert client.get("/acts/").status_code == 200
    assert last(firm.chain)["event"] == "person.signed-in"


def test_and_again(client, provider, preparer):
    come_with(client, provider)
    send(client, "/logout/")
    assert come_with(client, provider, query="?next=/acts/").url == "/acts/"


def test_an_address_that_the_provider_has_not_verified_opens_nothing(client, provider, preparer):
    come_with(client, provider, verified=False)
    assert client.get("/account/").status_code == 302


def test_whom_nobody_invited_is_told_so_and_becomes_nobody(client, provider, preparer):
    answer = come_with(client, provider, email="stranger@firm.example")
    assert "尚未" in answer.content.decode()
    assert client.get("/account/").status_code == 302
    assert User.objects.count() == 1


def test_a_disabled_person_does_not_come_in(client, provider, preparer, firm):
    preparer.is_active = False
    preparer.save()
    come_with(client, provider)
    assert client.get("/account/").status_code == 302
    assert "person.signed-in" not in names(firm.chain)


def test_the_second_factor_is_asked_for_all_the_same(client, provider, preparer, settings):
    settings.MFA_EASED = False
    secret = app_of(preparer)
    assert come_with(client, provider).url.startswith("/login/second-factor/")
    assert client.get("/acts/").status_code == 302
    send(client, "/login/second-factor/", {"code": code_of(secret)})
    assert client.get("/acts/").status_code == 200


def test_an_answer_that_nobody_asked_for_is_none(client, provider, preparer):
    provider.says = {"sub": "x", "email": ADDRESS, "email_verified": True}
    assert client.get("/login/oidc/callback/", {"code": "code", "state": "made-up"}).status_code == 401
    assert client.get("/account/").status_code == 302


@pytest.mark.parametrize("path", ["/login/provider/unknown/", "/login/provider/cancelled/", "/login/provider/error/"])
def test_the_pages_around_it_have_words_or_lead_to_the_door(client, db, path):
    answer = client.get(path, follow=True)
    assert answer.status_code in {200, 401}
    assert "/login/" in answer.content.decode() or answer.redirect_chain == [("/login/", 302)]


def test_nobody_ties_another_identity_to_their_account(client, provider, preparer):
    client.force_login(preparer)
    come_with(client, provider, email="elsewhere@private.example", query="?process=connect")
    send(client, "/logout/")
    come_with(client, provider, email="elsewhere@private.example")
    assert client.get("/account/").status_code == 302
