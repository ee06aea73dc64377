"""The matrix leaves nothing out: no URL, no API action, no method; and this can tell."""

from types import ModuleType

import pytest
from django.http import HttpResponse
from django.urls import include, path
from rest_framework.routers import SimpleRouter
from rest_framework.viewsets import ModelViewSet

from config import urls
from controls.models import ControlPoint
from tests.access.asking import leaked
from tests.access.cast import OTHERS
from tests.access.endpoints import Endpoint, endpoints
from tests.access.matrix import ANY, SHARED, Case, Matrix, cases, matrix

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
THERE = endpoints()


def differences(said: Matrix, there: dict[str, Endpoint]) -> list[str]:
    """Where the file and the URLs differ, in words."""
    missing = [f"{name} is not in the matrix" for name in there if name not in said.lines]
    gone = [f"{name} is no URL any more" for name in said.lines if name not in there]
    wrong = [
        f"{name}: the matrix has {sorted(said.actions(name))}, the API {sorted(answered)}"
        for name, endpoint in there.items()
        if name in said.lines and endpoint.actions
        for answered in [{*endpoint.actions.items(), ("OPTIONS", "metadata")}]
        if answered != said.actions(name)
    ]
    return sorted([*missing, *gone, *wrong])


def test_the_matrix_names_every_url_and_every_action_of_the_api():
    assert differences(matrix(), THERE) == []


class Editable(ModelViewSet):
    """The catalogue with everything that a viewset can do."""

    queryset = ControlPoint.objects.none()
    lookup_field = "code"


def conf(*patterns) -> ModuleType:
    made = ModuleType("urls_of_a_test")
    made.urlpatterns = list(patterns)
    return made


def test_an_address_that_nobody_decided_about_is_found():
    unnamed = path("secret/", lambda request: HttpResponse())
    named = path("engagements/<uuid:engagement>/secret/", lambda request: HttpResponse(), name="engagement-secret")
    found = differences(matrix(), endpoints(conf(*urls.urlpatterns, unnamed, named)))
    assert found == ["/secret/ is not in the matrix", "engagement-secret is not in the matrix"]


def test_an_address_that_is_gone_is_found():
    found = differences(matrix(), endpoints(conf(*urls.urlpatterns[:-1])))  # the API is gone
    assert found == sorted(f"{name} is no URL any more" for name in THERE if THERE[name].is_api)


def test_an_action_that_nobody_decided_about_is_found():
    router = SimpleRouter()
    router.register("catalogue", Editable, basename="catalogue-point")
    there = endpoints(conf(path("api/v1/", include((router.urls, "v1")))))
    said = Matrix({}, {}, {}, {name: matrix().lines[name] for name in there})
    found = {difference.partition(", the API ")[2] for difference in differences(said, there)}
    usage, listed, retrieved = ("OPTIONS", "metadata"), ("GET", "list"), ("GET", "retrieve")
    changes = [("DELETE", "destroy"), ("PATCH", "partial_update"), ("PUT", "update")]
    assert found == {str(sorted([listed, usage, ("POST", "create")])), str(sorted([retrieved, usage, *changes]))}


# Has set up everything, so that the page to set up an authenticator app sends them on, whatever the method.
SENT_ON = {"staff"}
# For each address, the methods that the matrix doesn't name, asked by somebody whom the address lets in: on one of the
# states that most are asked on, if it is let in there.
ASKED = {
    case.endpoint: case
    for case in sorted(cases(), key=lambda case: case.state in {ANY, *SHARED})
    if "in" in {*case.expected.values(), *case.by_token.values()}
}


@pytest.mark.parametrize("name", sorted(ASKED))
def test_no_address_answers_a_method_that_the_matrix_does_not_name(world, name):
    case: Case = ASKED[name]
    token = "in" not in case.expected.values()
    let_in = [who for who, met in (case.by_token if token else case.expected).items() if met == "in"]
    who = next((name for name in let_in if name not in SENT_ON | OTHERS), let_in[0])
    others = set(METHODS) - {method for method, _action in matrix().actions(name)}
    answers = {method: world.ask(who, method, world.url(case), token=token) for method in others}
    # To an API view a method without an action is one that nobody was given.
    refused = {"403", "405"} if THERE[name].actions else {"405"}
    assert {method: answer.met for method, answer in answers.items() if answer.met not in refused} == {}
    assert leaked(world.planted, answers, at=name) == {}


def test_every_address_can_be_asked_for_what_the_matrix_does_not_name():
    assert set(matrix().lines) - set(ASKED) == set()


def test_the_world_has_exactly_the_states_that_the_matrix_speaks_of(world):
    assert set(world.ours) == set(matrix().states)


@pytest.mark.parametrize("state", matrix().states)
def test_a_state_has_the_objects_that_the_matrix_says(world, state):
    assert set(matrix().states[state]["has"]) == set(world.ours[state])
