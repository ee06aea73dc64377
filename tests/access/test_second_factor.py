"""A password alone opens the doors and one's own account; every other address sends to the second factor."""

import json
import re
from itertools import cycle

import pytest
from django.test import Client
from django.urls import reverse

from tests.access.asking import Answer, Asker
from tests.access.cast import SIGNED_OUT
from tests.access.endpoints import endpoints
from tests.access.matrix import ANY, SHARED, cases, matrix

# What decides is the address and what the person has and needs: staff has factors, partner needs a passkey and has
# none, broker needs any and has none.
AT_EVERY_ADDRESS = ("staff", "partner", "broker")
WAYS = ({}, {"HX-Request": "true"}, {"Accept": "application/json"})
SENT = re.compile(r"'Location': '/account/factors/[a-z/]*\?next=")


@pytest.fixture
def ask(world, settings):
    """Everybody signed in by their password alone, where second factors are asked for."""
    settings.MFA_EASED = False
    cookies = {}
    for who, person in world.cast.people.items():
        if who not in SIGNED_OUT:
            client = Client()
            client.force_login(person)
            cookies[who] = client.cookies
    return Asker(cookies, {})


def is_sent(answer: Answer) -> bool:
    """Whether a person is sent to the second factor: a page by a redirect, a script by the reason."""
    if answer.status == 403 and answer.body.startswith(b"{"):
        return "errors" in json.loads(answer.body)
    return answer.status == 302 and bool(SENT.search(answer.head))


def test_the_matrix_names_what_is_open_and_nothing_that_is_not_there():
    assert matrix().before_second_factor <= set(matrix().lines)


def test_every_other_address_sends_to_the_second_factor(world, ask):
    wrong, asked, ways = [], set(), cycle(WAYS)
    for case in sorted(cases(), key=lambda case: case.state not in {ANY, *SHARED}):
        if (case.endpoint, case.method) in asked:
            continue
        asked.add((case.endpoint, case.method))
        is_open = case.endpoint in matrix().before_second_factor
        for who in AT_EVERY_ADDRESS[is_open:]:  # who has factors confirms with one before they are changed
            way = next(ways)
            answer = ask(who, case.method, world.url(case), case.says, **way)
            if is_sent(answer) == is_open:
                wrong.append((str(case), who, way, answer.status))
        next(ways)  # so that each of them is asked in each way
    assert {name for name, _method in asked} == set(endpoints())
    assert wrong == []


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_nobody_is_spared(ask, way):
    answers = {who: ask(who, "GET", reverse("home"), **way) for who in ask.cookies}
    assert [who for who, answer in answers.items() if not is_sent(answer)] == []
