"""The world that the matrix is asked about: two firms with their files, made once, and everybody signed in."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from allauth.usersessions.models import UserSession
from django.http import SimpleCookie
from django.test import Client
from django.urls import reverse
from knox.models import AuthToken

from foundation.accounts.middleware import SEEN_AT
from foundation.accounts.models import User
from foundation.accounts.policy import Role
from tests.access.asking import Asker
from tests.access.canaries import Planted, plant
from tests.access.cast import Cast
from tests.access.engagements_of import Firm, State
from tests.access.matrix import ANY, Case, matrix

OURS = ("firm", "broker_company", "exchange_company")
THEIRS = ("other_firm", "other_broker_company", "other_exchange_company")
DAY = 24 * 60 * 60
BROWSER = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
Look = Callable[["World"], Any]


@dataclass
class World:
    """`ours` and `theirs` name the objects of each state; `seen_before` is what a look saw before they came."""

    cast: Cast
    ours: dict[str, State] = field(default_factory=dict)
    theirs: dict[str, State] = field(default_factory=dict)
    firms: dict[str, Firm] = field(default_factory=dict)
    planted: Planted = field(default_factory=dict)
    cookies: dict[str, SimpleCookie] = field(default_factory=lambda: {"anonymous": SimpleCookie()})
    tokens: dict[str, str] = field(default_factory=dict)
    seen_before: Any = None

    def __post_init__(self) -> None:
        self.ask = Asker(self.cookies, self.tokens)

    def settle(self, whose: str, firm: str, broker: str, exchange: str) -> dict[str, State]:
        """A firm, a broker and an exchange come, with their people, who sign in, and their files."""
        self.cast.hire(firm, broker, exchange)
        self.firms[whose] = Firm(self.cast, firm, broker, exchange)
        for name, person in self.cast.people.items():
            if name not in self.cookies:
                self.sign_in(name, person)
        return self.firms[whose].states()

    def sign_in(self, name: str, person: User) -> None:
        """In a browser, a passkey just touched, and with a token for scripts.

        The touch and the last use lie ahead: neither grows old while thousands of questions are asked.
        """
        client = Client()
        client.force_login(person)
        session, later = client.session, time.time() + DAY
        session[SEEN_AT] = later
        session["second_factors"] = {"user": str(person.pk), "at": {"webauthn": later}}
        session.save()
        UserSession.objects.create(user=person, ip="192.0.2.7", user_agent=BROWSER, session_key=session.session_key)
        self.cookies[name] = client.cookies
        self.tokens[name] = AuthToken.objects.create(person)[1]

    def url(self, case: Case, state: State | None = None) -> str:
        """The address of a case's object; of `state`'s objects instead where given."""
        known = matrix().words if case.state == ANY else state or self.ours[case.state]
        return reverse(case.endpoint, kwargs={name: known[object_] for name, object_ in case.arguments.items()})


def create(look: Look) -> World:
    """Our firm with its files; a look at it; then the other firm with its files, a canary in each of their texts."""
    world = World(Cast())
    world.ours = world.settle("ours", *OURS)
    people = world.cast.people
    User.objects.filter(pk=people["disabled"].pk).update(is_active=False)
    User.objects.filter(pk=people["promoted"].pk).update(role=Role.ADMIN)
    world.seen_before = look(world)
    world.theirs = world.settle("theirs", *THEIRS)
    world.planted = plant(world.cast)
    return world
