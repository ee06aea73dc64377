"""Each line of matrix.yaml, asked by everybody: they meet what it says, and read nothing of the other firm."""

import pytest

from tests.access.asking import leaked
from tests.access.matrix import cases

CASES = cases()


@pytest.mark.parametrize("case", CASES, ids=str)
def test_everybody_meets_what_the_matrix_says(world, case):
    answers = {who: world.ask(who, case.method, world.url(case), case.says) for who in case.expected}
    assert {who: answer.met for who, answer in answers.items()} == case.expected
    assert leaked(world.planted, answers, at=case.endpoint) == {}


@pytest.mark.parametrize("case", [case for case in CASES if case.by_token], ids=str)
def test_a_token_opens_what_its_person_may_open(world, case):
    answers = {who: world.ask(who, case.method, world.url(case), case.says, token=True) for who in case.by_token}
    assert {who: answer.met for who, answer in answers.items()} == case.by_token
    assert leaked(world.planted, answers, at=case.endpoint) == {}
