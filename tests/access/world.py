"""The world that the matrix is asked about: two firms with their files, made once, and everybody signed in."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.http import SimpleCookie
from django.test import Client
from django.urls import reverse
from knox.models import AuthToken

from foundation.accounts.models import User
from tests.access.asking import Asker
from tests.access.canaries import Planted, plant
from tests.access.cast import Cast
from tests.access.engagements_of import PAPER, Firm, State
from tests.access.matrix import ANY, Case

OURS = ("firm", "broker_company", "exchange_company")
THEIRS = ("other_firm", "other_broker_company", "other_exchange_company")
Look = Callable[["World"], Any]


@dataclass
class World:
    """`ours` and `theirs` name the objects of each state; `seen_before` is what a look saw before they came."""

    cast: Cast
    ours: dict[str, State] = field(default_factory=dict)
    theirs: dict[str, State] = field(default_factory=dict)
    planted: Planted = field(default_factory=dict)
    cookies: dict[str, SimpleCookie] = field(default_factory=lambda: {"anonymous": SimpleCookie()})
    tokens: dict[str, str] = field(default_factory=dict)
    seen_before: Any = None

    def __post_init__(self) -> None:
        self.ask = Asker(self.cookies, self.tokens)

    def sign_in(self, *names: str) -> None:
        for name in names:
            client = Client()
            client.force_login(self.cast.people[name])
            self.cookies[name] = client.cookies
            self.tokens[name] = AuthToken.objects.create(self.cast.people[name])[1]

    def url(self, case: Case, state: State | None = None) -> str:
        """The address of a case's object; of `state`'s objects instead where given."""
        known = {"code": PAPER, "kind": "pdf"} if case.state == ANY else state or self.ours[case.state]
        return reverse(case.endpoint, kwargs={name: known[object_] for name, object_ in case.arguments.items()})


def create(look: Look) -> World:
    """Our firm with its files; a look at it; then the other firm with its files, a canary in each of their texts."""
    cast = Cast()
    world = World(cast)
    cast.hire(*OURS)
    world.ours = Firm(
        cast,
        "firm",
        cast.people["broker"],
        cast.organizations["broker_company"],
        cast.organizations["exchange_company"],
    ).states()
    world.sign_in(*cast.people)
    User.objects.filter(pk=cast.people["disabled"].pk).update(is_active=False)
    world.seen_before = look(world)
    before = list(cast.people)
    cast.hire(*THEIRS)
    world.theirs = Firm(
        cast,
        "other_firm",
        cast.people["other_broker"],
        cast.organizations["other_broker_company"],
        cast.organizations["other_exchange_company"],
    ).states()
    world.sign_in(*(name for name in cast.people if name not in before))
    world.planted = plant(cast)
    return world
