"""No URL without a declared permission; invisible is 404, visible but not allowed 403, nobody goes to the door."""

import json
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.http import Http404, HttpResponse
from django.test import RequestFactory, override_settings
from django.urls import get_resolver, include, path, reverse
from django.views.generic import View

from engagements.models import Engagement
from evidence.models import Request
from foundation.web.checks import all_patterns, declared_permission, every_url_declares_its_permission
from foundation.web.guards import PUBLIC, SIGNED_OUT, guarded, public, visible


def bare(_request):
    return HttpResponse("open")


class Bare(View):
    """A class without a declaration."""


class Declared(View):
    """A class with one."""

    permission = "home.view"


inner = [path("bare/", bare), path("declared/", Declared.as_view())]
urlpatterns = [
    path("public/", public(lambda request: HttpResponse("open"))),
    path("guarded/", guarded("home.view")(bare)),
    path("class/", Bare.as_view()),
    path("deep/", include(inner)),
]


def test_every_url_of_the_product_declares_its_permission():
    assert every_url_declares_its_permission() == []


def test_an_undeclared_url_is_found_however_deep_it_lies():
    with override_settings(ROOT_URLCONF=__name__):
        found = every_url_declares_its_permission()
    assert [error.msg for error in found] == ["/class/ declares no permission", "/deep/bare/ declares no permission"]
    assert {error.id for error in found} == {"digao.E001"}


def test_an_undeclared_url_stops_the_start():
    with override_settings(ROOT_URLCONF=__name__), pytest.raises(Exception, match="declares no permission") as stop:
        call_command("check")
    assert type(stop.value).__name__ == "SystemCheckError"
    assert isinstance(stop.value, CommandError)


def test_only_the_door_is_public():
    open_to_all = {
        route for route, view in all_patterns(get_resolver().url_patterns) if declared_permission(view) == PUBLIC
    }
    doors = ("/login/", "/logout/", "/password/", "/^password/", "/healthz/", "/language/", "/api/schema/")
    assert {route for route in open_to_all if not route.startswith(doors)} == set()
    assert len(open_to_all) == 17


def person(*permissions, signed_in=True):
    return SimpleNamespace(is_authenticated=signed_in, can=lambda permission, obj=None: permission in permissions)


def asked(user, method="GET", **headers):
    request = getattr(RequestFactory(), method.lower())("/papers/?q=1", headers=headers)
    request.user = user
    return request


@guarded("paper.view", lambda user, **arguments: arguments["paper"])
def page(_request, paper):
    return HttpResponse(f"paper {paper}")


def test_with_the_permission_the_view_gets_the_object():
    assert page(asked(person("paper.view")), paper=7).content == b"paper 7"


def test_without_it_the_view_is_not_called():
    with pytest.raises(PermissionDenied):
        page(asked(person("paper.change")), paper=7)


def test_nobody_is_sent_to_the_door_and_back():
    response = page(asked(person("paper.view", signed_in=False)), paper=7)
    assert response.url == "/login/?next=/papers/%3Fq%3D1"


NOBODY = person(signed_in=False)


def test_nobody_who_sends_a_form_is_sent_back_to_its_page():
    response = page(asked(NOBODY, "POST", referer="http://testserver/papers/7/?side=notes"), paper=7)
    assert response.url == "/login/?next=/papers/7/%3Fside%3Dnotes"


@pytest.mark.parametrize("referer", ["", "https://evil.example/papers/", "javascript:alert(1)", "//evil.example/"])
def test_a_form_from_nowhere_leads_to_the_start(referer):
    response = page(asked(NOBODY, "POST", referer=referer), paper=7)
    assert response.url == "/login/?next=/"


def test_a_part_of_a_page_says_that_nobody_is_signed_in():
    response = page(asked(NOBODY, **{"HX-Request": "true"}), paper=7)
    assert response.status_code == 403
    assert json.loads(response.content) == {"errors": {"__all__": [str(SIGNED_OUT)]}}


def test_a_view_without_a_loader_gets_the_url_s_arguments():
    view = guarded("home.view")(lambda _request, code: HttpResponse(code))
    assert view(asked(person("home.view")), code="3.8.2").content == b"3.8.2"


def test_what_is_not_visible_is_not_there(fieldwork, other_firm, preparer):
    load = visible(Engagement, pk="engagement")
    assert load(preparer, engagement=fieldwork.pk) == fieldwork
    with pytest.raises(Http404):
        load(other_firm, engagement=fieldwork.pk)
    with pytest.raises(Http404):
        load(preparer, engagement=uuid4())


# Through the real pages --------------------------------------------------------------------

PAGES = {
    "request-list": lambda e: reverse("request-list", kwargs={"engagement": e.pk}),
    "evidence-list": lambda e: reverse("evidence-list", kwargs={"engagement": e.pk}),
    "finding-list": lambda e: reverse("finding-list", kwargs={"engagement": e.pk}),
    "request": lambda e: Request.objects.filter(engagement=e).first().get_absolute_url(),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_there_for_the_team_and_for_no_stranger(
    request, client, fieldwork, preparer, other_firm, other_broker, exchange, name
):
    url = PAGES[name](fieldwork)
    answers = {}
    for who in (preparer, other_firm, other_broker, exchange):
        client.force_login(who)
        answers[who.name] = client.get(url).status_code
    assert answers == {preparer.name: 200, other_firm.name: 404, other_broker.name: 404, exchange.name: 404}


@pytest.mark.parametrize(
    ("name", "status"), [("request-list", 200), ("request", 200), ("evidence-list", 403), ("finding-list", 403)]
)
def test_the_audited_broker_sees_its_requests_and_is_refused_the_rest(sign_in, fieldwork, broker, name, status):
    assert sign_in(broker).get(PAGES[name](fieldwork)).status_code == status


@pytest.mark.parametrize("name", PAGES)
def test_nobody_is_asked_to_sign_in(client, fieldwork, name):
    url = PAGES[name](fieldwork)
    response = client.get(url)
    assert (response.status_code, response.url) == (302, f"/login/?next={url}")


def test_a_refusal_tells_nothing(sign_in, fieldwork, broker, other_broker):
    denied = sign_in(broker).get(PAGES["evidence-list"](fieldwork)).content.decode()
    missing = sign_in(other_broker).get(PAGES["evidence-list"](fieldwork)).content.decode()
    assert str(fieldwork.pk) not in denied.replace(PAGES["evidence-list"](fieldwork), "")
    assert str(fieldwork) not in missing


@pytest.mark.parametrize("accepted", ["text/html", "application/json"])
def test_an_address_for_forms_only_explains_itself_to_people(sign_in, fieldwork, partner, accepted):
    url = reverse("stage-next", kwargs={"engagement": fieldwork.pk})
    response = sign_in(partner).get(url, headers={"accept": accepted})
    assert (response.status_code, response.headers["Allow"]) == (405, "POST")
    assert ("按鈕" in response.content.decode()) == (accepted == "text/html")
