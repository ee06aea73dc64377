"""The other firm's objects: whoever finds them there finds them; for everybody else they don't exist."""

from uuid import UUID

import pytest
from django.urls import reverse

from engagements.models import EngagementQuerySet
from tests.access.asking import leaked
from tests.access.cast import COUNTERPART, SIGNED_OUT, STRANGERS
from tests.access.matrix import SHARED, cases

ABOUT_OBJECTS = [case for case in cases() if case.objects and not case.is_about_none]
IN_FIELDWORK = [case for case in ABOUT_OBJECTS if case.state == "fieldwork"]
# What was issued is more widely known: reports to the exchange.
FOREIGN = [case for case in ABOUT_OBJECTS if case.state in SHARED] + [
    case for case in ABOUT_OBJECTS if case.state in {"issued", "released"} and "report" in case.objects
]
NOBODYS = UUID("00000000-0000-4000-8000-000000000000")


def nobodys_like(key: UUID | int | str) -> UUID | int | str:
    """A key of that kind that no object has."""
    return {UUID: NOBODYS, int: 0}.get(type(key), "nobodys")


def among_strangers(expected: dict[str, str]) -> dict[str, str]:
    """Ours meet nothing, the operator what they meet here; of the other firm somebody for each outcome of ours here."""
    outcomes = dict.fromkeys(STRANGERS, "404") | {"anonymous": "door", "operator": expected["operator"]}
    return outcomes | {who: met for met, who in {expected[here]: who for who, here in COUNTERPART.items()}.items()}


@pytest.mark.parametrize("case", FOREIGN, ids=str)
def test_the_other_firms_objects_are_found_by_its_own_people_only(world, case):
    """To everybody else they look like what doesn't exist."""
    theirs, outcomes = world.theirs[case.state], among_strangers(case.expected)
    url = world.url(case, theirs)
    answers = {who: world.ask(who, case.method, url, case.says) for who in outcomes}
    assert {who: answer.met for who, answer in answers.items()} == outcomes
    assert leaked(world.planted, answers, at=case.endpoint) == {}
    nowhere = world.url(case, {**theirs, **{name: nobodys_like(theirs[name]) for name in case.objects}})
    foreign, unknown = answers["partner"], world.ask("partner", case.method, nowhere, case.says)
    keys = {str(key) for key in (*theirs.values(), NOBODYS) if isinstance(key, UUID)}
    assert (foreign.status, foreign.without(url, *keys)) == (404, unknown.without(nowhere, *keys))


@pytest.mark.parametrize("case", [case for case in IN_FIELDWORK if case.by_token], ids=str)
def test_a_token_finds_no_more_than_its_person(world, case):
    url = world.url(case, world.theirs[case.state])
    outcomes = among_strangers(case.by_token)
    answers = {who: world.ask(who, case.method, url, case.says, token=True) for who in outcomes}
    assert {who: answer.met for who, answer in answers.items()} == outcomes
    assert leaked(world.planted, answers, at=case.endpoint) == {}


CROSSED = [(case, name) for case in IN_FIELDWORK if len(case.objects) > 1 for name in sorted(case.objects)]


@pytest.mark.parametrize(("case", "foreign"), CROSSED, ids=str)
def test_our_objects_and_theirs_don_t_mix_in_one_address(world, case, foreign):
    mixed = {**world.ours[case.state], foreign: world.theirs[case.state][foreign]}
    answers = {who: world.ask(who, case.method, world.url(case, mixed)) for who in (*STRANGERS, "other_partner")}
    nothing = {who: "door" if who in SIGNED_OUT else "404" for who in answers}
    assert {who: answer.met for who, answer in answers.items()} == nothing


def test_addresses_of_two_objects_are_mixed():
    found = {case.endpoint for case, _name in CROSSED}
    assert found == {"acceptance-letter-file", "auditee-acknowledge", "team-leave", "finding-unlink"}


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
