"""Each line of matrix.yaml, asked by everybody: they meet what it says, and read nothing of the other firm."""

import json

import pytest
from django.urls import reverse

from tests.access.asking import leaked
from tests.access.cast import OF_EACH_KIND
from tests.access.matrix import ANY, SHARED, cases

CASES = cases()


@pytest.mark.parametrize("case", CASES, ids=str)
def test_everybody_meets_what_the_matrix_says(world, case):
    answers = {who: world.ask(who, case.method, world.url(case), case.says) for who in case.asked}
    assert {who: answer.met for who, answer in answers.items()} == case.asked
    assert leaked(world.planted, answers, at=case.endpoint) == {}


@pytest.mark.parametrize("case", [case for case in CASES if case.by_token], ids=str)
def test_a_token_opens_what_its_person_may_open(world, case):
    asked = {who: case.by_token[who] for who in (*OF_EACH_KIND, "disabled")}
    answers = {who: world.ask(who, case.method, world.url(case), case.says, token=True) for who in asked}
    assert {who: answer.met for who, answer in answers.items()} == asked
    assert leaked(world.planted, answers, at=case.endpoint) == {}


def test_a_part_of_a_page_cannot_become_the_door(world):
    """Whoever isn't signed in any more is told so by htmx's own answer, not given the login page inside a page."""
    asked = [case for case in CASES if not case.by_token and case.expected["anonymous"] == "door"]
    answers = {
        str(case): world.ask("anonymous", case.method, world.url(case), **{"HX-Request": "true"}).status
        for case in asked
    }
    assert set(answers.values()) == {403}


def test_heads_are_no_way_around(world):
    """HEAD meets what GET meets, or no answer at all, and reads nothing: somebody for each of the outcomes."""
    asked = [case for case in CASES if case.method == "GET" and not case.by_token and case.state in {ANY, *SHARED}]
    for case in asked:
        for met, who in {met: who for who, met in case.asked.items()}.items():
            answer = world.ask(who, "HEAD", world.url(case))
            assert (str(case), who, answer.met) in {(str(case), who, fitting) for fitting in (met, "405")}
            assert answer.body == b""


@pytest.mark.parametrize("kind", ["engagement", "workpaper", "procedureresult"])
def test_nobody_lists_over_the_api_what_they_may_not_open(world, kind):
    """A list is asked for no object, so it must hold none that its own address would refuse."""
    read = {}
    for who in world.cast.people:
        listed = world.ask(who, "GET", reverse(f"v1:{kind}-list"), "", token=False)
        rows = json.loads(listed.body)["results"] if listed.met == "in" else []
        opened = {world.ask(who, "GET", reverse(f"v1:{kind}-detail", args=[row["id"]])).met for row in rows[:1]}
        read[who] = (bool(rows), opened)
    team = {"staff", "specialist", "incharge", "manager", "partner", "eqr"}
    team |= {"other_staff", "other_incharge", "other_partner", "other_eqr"}
    assert read == {who: (True, {"in"}) if who in team else (False, set()) for who in world.cast.people}
