"""Every answer carries the same protection, errors and downloads included."""

import pytest
from django.test import Client
from django.urls import path

from foundation.web.guards import public

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-store",
}


def broken(_request):
    raise RuntimeError("for the test")


urlpatterns = [path("broken/", public(broken))]
POLICY = {
    "default-src": ["'none'"],
    "style-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    "form-action": ["'self'"],
    "base-uri": ["'none'"],
    "frame-ancestors": ["'none'"],
}


def policy_of(answer) -> dict[str, list[str]]:
    directives = (directive.split() for directive in answer.headers["Content-Security-Policy"].split(";"))
    return {name: values for name, *values in directives}


def lacking(answer) -> list[str]:
    """Names of headers that the answer lacks, or that say something else."""
    return [name for name, value in ALWAYS.items() if value not in answer.headers.get(name, "")]


@pytest.mark.parametrize(
    ("status", "method", "address", "headers"),
    [
        (200, "get", "/", {}),
        (302, "post", "/language/", {}),
        (404, "get", "/nothing/", {}),
        (404, "get", "/people/00000000-0000-0000-0000-000000000000/", {}),
        (403, "get", "/organizations/", {}),
        (405, "get", "/account/particulars/", {}),
        (400, "get", "/", {"Host": "elsewhere.example"}),
        (400, "get", "/", {"Cookie": "language=a\0b"}),
        (400, "get", "/", {"Cookie": 'sessionid="\\000aaaaaaaa"'}),
        (400, "post", "/healthz/", {"Content-Type": "application/x-www-form-urlencoded; charset=utf-16"}),
        (404, "get", "/api/v1/nothing/", {}),
        (405, "post", "/api/v1/engagements/", {"Accept": "application/json"}),
        (200, "get", "/healthz/", {}),
    ],
)
def test_an_answer_is_protected_whatever_it_says(sign_in, preparer, status, method, address, headers):
    answer = getattr(sign_in(preparer), method)(address, headers=headers)
    assert (answer.status_code, lacking(answer)) == (status, [])
    assert policy_of(answer)["default-src"] == ["'none'"]


def test_a_server_error_is_too(db, settings):
    settings.ROOT_URLCONF = __name__
    answer = Client(raise_request_exception=False).get("/broken/")
    assert (answer.status_code, lacking(answer)) == (500, [])


def test_a_page_runs_no_script_but_those_it_names_itself(sign_in, preparer):
    policy = policy_of(sign_in(preparer).get("/"))
    nonce, dynamic = policy.pop("script-src")
    assert nonce.startswith("'nonce-")
    assert dynamic == "'strict-dynamic'"
    assert policy == POLICY


def test_each_page_has_a_nonce_of_its_own(sign_in, preparer):
    client = sign_in(preparer)
    assert len({policy_of(client.get("/"))["script-src"][0] for _ in range(3)}) == 3


def test_the_door_is_protected_too(client, db):
    answer = client.get("/login/")
    assert lacking(answer) == []
    assert "script-src" in policy_of(answer)
