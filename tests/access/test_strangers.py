"""The other firm's objects: whoever finds them there finds them; for everybody else they don't exist."""

from uuid import UUID

import pytest
from django.urls import reverse

from engagements.models import EngagementQuerySet
from tests.access.asking import leaked
from tests.access.cast import COUNTERPART, SIGNED_OUT
from tests.access.matrix import SHARED, Case, cases

ABOUT_OBJECTS = [case for case in cases() if case.objects and not case.is_about_none]
IN_FIELDWORK = [case for case in ABOUT_OBJECTS if case.state == "fieldwork"]
ANYWHERE = [case for case in ABOUT_OBJECTS if case.state in SHARED]
# What was issued is more widely known: reports to the exchange.
FOREIGN = ANYWHERE + [case for case in ABOUT_OBJECTS if case.state == "issued" and "report" in case.objects]
NOBODYS = UUID("00000000-0000-4000-8000-000000000000")


def nobodys_like(key: UUID | int | str) -> UUID | int | str:
    """A key of that kind that no object has."""
    return {UUID: NOBODYS, int: 0}.get(type(key), "nobodys")


def among_strangers(case: Case) -> dict[str, str]:
    """What the other firm's people meet is what ours meet here; ours meet nothing, and the operator what they met."""
    outcomes = dict.fromkeys(case.expected, "404") | dict.fromkeys(SIGNED_OUT, "door")
    same = {"operator": "operator", **COUNTERPART}
    return outcomes | {who: case.expected[here] for who, here in same.items()}


@pytest.mark.parametrize("case", FOREIGN, ids=str)
def test_the_other_firms_objects_are_found_by_its_own_people_only(world, case):
    url = world.url(case, world.theirs[case.state])
    answers = {who: world.ask(who, case.method, url, case.says) for who in case.expected}
    assert {who: answer.met for who, answer in answers.items()} == among_strangers(case)
    assert leaked(world.planted, answers, at=case.endpoint) == {}


@pytest.mark.parametrize("case", [case for case in IN_FIELDWORK if case.by_token], ids=str)
def test_a_token_finds_no_more_than_its_person(world, case):
    url = world.url(case, world.theirs[case.state])
    answers = {who: world.ask(who, case.method, url, case.says, token=True) for who in case.by_token}
    assert {who: answer.met for who, answer in answers.items()} == among_strangers(case)
    assert leaked(world.planted, answers, at=case.endpoint) == {}


CROSSED = [(case, name) for case in IN_FIELDWORK if len(case.objects) > 1 for name in sorted(case.objects)]


@pytest.mark.parametrize(("case", "foreign"), CROSSED, ids=str)
def test_our_objects_and_theirs_don_t_mix_in_one_address(world, case, foreign):
    mixed = {**world.ours[case.state], foreign: world.theirs[case.state][foreign]}
    answers = {who: world.ask(who, case.method, world.url(case, mixed)) for who in case.expected}
    nothing = {who: "door" if who in SIGNED_OUT else "404" for who in case.expected}
    assert {who: answer.met for who, answer in answers.items()} == nothing


def test_addresses_of_two_objects_are_mixed():
    assert {case.endpoint for case, _name in CROSSED} == {"team-leave", "finding-unlink"}


@pytest.mark.parametrize("case", ANYWHERE, ids=str)
def test_what_belongs_to_the_other_firm_looks_like_what_does_not_exist(world, case):
    theirs = world.theirs[case.state]
    nobodys = {**theirs, **{name: nobodys_like(theirs[name]) for name in case.objects}}
    urls = [world.url(case, state) for state in (theirs, nobodys)]
    foreign, unknown = (world.ask("partner", case.method, url) for url in urls)
    keys = {str(key) for key in (*theirs.values(), NOBODYS) if isinstance(key, UUID)}
    assert (foreign.status, foreign.without(*urls, *keys)) == (404, unknown.without(*urls, *keys))


# Forms that name an object: address → (object, what the form says; {} stands for the object's key).
FORMS = {
    "citation-list": ("evidence", "tickmark=%E2%9C%93&evidence={}"),
    "finding-link": ("finding", "finding={}"),
    "finding-links": ("result", "result={}"),
    "finding-unlinking": ("result", "result={}"),
}


@pytest.mark.parametrize("name", FORMS)
def test_a_form_cannot_name_an_object_of_the_other_firm(world, name):
    kind, says = FORMS[name]
    url = world.url(next(case for case in IN_FIELDWORK if (case.endpoint, case.method) == (name, "POST")))
    theirs = world.theirs["fieldwork"][kind]
    foreign, unknown = (world.ask("partner", "POST", url, says.format(key)) for key in (theirs, NOBODYS))
    assert (foreign.status, foreign.without(theirs)) == (unknown.status, unknown.without(NOBODYS))
    assert leaked(world.planted, {"partner": foreign}, at=name) == {}


def test_nobody_of_the_other_firm_can_be_put_on_a_team(world):
    url = reverse("team-join", kwargs={"engagement": world.ours["early"]["engagement"]})
    staff = world.cast.people["other_staff"].pk
    foreign, unknown = (world.ask("partner", "POST", url, f"role=staff&user={key}") for key in (staff, NOBODYS))
    assert (foreign.status, foreign.without(staff)) == (422, unknown.without(NOBODYS))


def test_a_hole_would_be_seen(world, monkeypatch):
    """What these tests are worth: with one line of the product wrong, they say who reads what."""
    monkeypatch.setattr(EngagementQuerySet, "visible_to", lambda rows, user: rows)
    answers = {who: world.ask(who, "GET", reverse("v1:workpaper-list")) for who in ("staff", "exchange")}
    texts = {"procedures.Workpaper.conclusion", "accounts.User.name"}
    assert leaked(world.planted, answers, at="v1:workpaper-list") == {"staff": texts, "exchange": texts}
