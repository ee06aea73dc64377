"""Each line of matrix.yaml, asked by everybody: they meet what it says, and read nothing of the other firm."""

import pytest

from tests.access.cast import OTHERS
from tests.access.matrix import cases

CASES = cases()
IN_THE_REGISTER = {"engagement-new"}  # brokers and exchanges are known to every firm by name


@pytest.mark.parametrize("case", CASES, ids=str)
def test_everybody_meets_what_the_matrix_says(world, case):
    answers = {who: world.ask(who, case.method, world.url(case), case.says) for who in case.expected}
    assert {who: answer.met for who, answer in answers.items()} == case.expected
    assert leaked(world, case, answers) == {}


@pytest.mark.parametrize("case", [case for case in CASES if case.by_token], ids=str)
def test_a_token_opens_what_its_person_may_open(world, case):
    answers = {who: world.ask(who, case.method, world.url(case), case.says, token=True) for who in case.by_token}
    assert {who: answer.met for who, answer in answers.items()} == case.by_token
    assert leaked(world, case, answers) == {}


def leaked(world, case, answers):
    """Who of those outside the other firm reads what of it: {person: columns}."""
    known = {"accounts.Organization.name of the broker", "accounts.Organization.name of the exchange"}
    allowed = known if case.endpoint in IN_THE_REGISTER else set()
    found = {
        who: {world.planted[canary] for canary in answer.canaries} - allowed
        for who, answer in answers.items()
        if who not in OTHERS
    }
    return {who: columns for who, columns in found.items() if columns}
