"""Asking an address as somebody, without consequences: what they meet there, and what they read."""

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.db import transaction
from django.http import HttpRequest, HttpResponse, SimpleCookie
from django.shortcuts import resolve_url
from django.test import Client

from tests.access.cast import OTHERS, SIGNED_OUT

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
LOOKED = "<li>調閱 <b>.*?</li>"  # that the page is being looked at, by whom and when
ONE_TIME = re.compile(rf'nonce="[^"]*"|"X-CSRFToken"\]?\W+"[^"]*"|name="csrfmiddlewaretoken" value="[^"]*"|{LOOKED}')
CANARY = re.compile(rb"kanari[0-9a-f]{8}|2001:db8::f[0-9a-f]{3}:f[0-9a-f]{3}")


@dataclass(frozen=True)
class Answer:
    """What came back: in, door, 403, 404 or 405, and every byte that the person may read, files unpacked."""

    met: str
    status: int
    head: str
    body: bytes

    @property
    def canaries(self) -> set[str]:
        return {found.decode() for found in CANARY.findall(self.head.encode().lower() + self.body.lower())}

    def without(self, *words: Any) -> str:
        """The body without what is made anew for each page, and without `words`: what was asked for."""
        text = ONE_TIME.sub("", self.body.decode(errors="replace"))
        for word in words:
            text = text.replace(str(word), "…")
        return text


class Asker:
    """One browser per person, signed in, and one token; what a request changes is taken back at once."""

    def __init__(self, cookies: dict[str, SimpleCookie], tokens: dict[str, str]) -> None:
        self.cookies, self.tokens = cookies, tokens
        self.client = Client()

    def __call__(
        self,
        who: str,
        method: str,
        url: str,
        says: str = "",
        *,
        token: bool = False,
        look: Callable[[], None] = lambda: None,
        **headers: str,
    ) -> Answer:
        """Ask, and `look` at what the request changed before it is taken back."""
        with transaction.atomic():
            self.client.cookies = SimpleCookie() if token else SimpleCookie(self.cookies[who])
            if token and who in self.tokens:
                headers["Authorization"] = f"Token {self.tokens[who]}"
            response = self._send(method, url, says, headers)
            look()
            transaction.set_rollback(True)
        head = f"{response.headers}\n{response.cookies}\n{told(response)}\n"
        return Answer(met(who, response), response.status_code, head, everything(response))

    def _send(self, method: str, url: str, says: str, headers: dict[str, str]) -> HttpResponse:
        kind, body = (JSON, says or "{}") if url.startswith("/api/") else (FORM, says)
        return self.client.generic(method, url, "" if method == "GET" else body, kind, headers=headers)


def met(who: str, response: HttpResponse) -> str:
    status, location = response.status_code, urlsplit(response.headers.get("Location", ""))
    to_the_door = location.path == resolve_url(settings.LOGIN_URL) and "next=" in location.query
    if (
        (status == 401 and "WWW-Authenticate" in response.headers)
        or to_the_door
        or (status == 403 and who in SIGNED_OUT)
    ):
        return "door"
    return str(status) if status in {403, 404, 405, 429} or status >= 500 else "in"


def everything(response: HttpResponse) -> bytes:
    """The body (the test client closes it); of a workbook each of its parts too."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as parts:
            body += b"".join(parts.read(name) for name in parts.namelist())
    return body


def told(response: HttpResponse) -> list[str]:
    """The messages that travel with a redirect, to be shown on the page that comes next."""
    cookie = response.cookies.get(CookieStorage.cookie_name)
    return [str(message) for message in CookieStorage(HttpRequest())._decode(cookie.value) or []] if cookie else []


# Every firm knows all brokers and exchanges by name: it chooses among them here.
REGISTER = {
    "engagement-new": {"accounts.Organization.name of the broker", "accounts.Organization.name of the exchange"}
}

# The platform's operator keeps every organization: its people, and what happened to their accounts; no file.
KEPT = ("accounts.", "usersessions.UserSession.", "mfa.Authenticator.", "trail.Event.body")
BY_OPERATOR = {"organization-list", "organization", "organization-change", "person-invite", "person"}
BY_OPERATOR |= {
    "person-rename",
    "person-role",
    "person-disable",
    "person-reinvite",
    "recovery-ask",
    "security",
    "security-verification",
}


def leaked(planted: dict[str, str], answers: dict[str, Answer], *, at: str) -> dict[str, set[str]]:
    """Who of those outside the other firm reads what of it: {person: columns}."""
    kept = {column for column in planted.values() if column.startswith(KEPT)} if at in BY_OPERATOR else set()
    found = {
        who: columns - REGISTER.get(at, set()) - (kept if who == "operator" else set())
        for who, answer in answers.items()
        if who not in OTHERS
        for columns in [{planted.get(canary, canary) for canary in answer.canaries}]
    }
    return {who: columns for who, columns in found.items() if columns}
