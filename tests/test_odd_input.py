"""What no browser sends: NUL, bytes that are no text, numbers without end. Each is refused; none is an error of ours.

PostgreSQL takes no NUL in a text, neither to store nor to look for; SQLite takes both.
"""

from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.urls import reverse

from engagements.noting import write_note
from evidence.models import Request
from findings.actions import raise_finding
from procedures.models import Outcome, ProcedureResult
from tests.findings.conftest import WORDING
from tests.uploads import text

NUL, HALF = "a%00b", "%ED%A0%80"  # the second: half a surrogate pair as UTF-8 would spell it
HUGE = "9" * 40


@pytest.fixture
def note(paper, reviewer):
    return write_note(paper.engagement, anchor=paper, text="請補充抽樣依據。", by=reviewer)


@pytest.fixture
def finding(result, preparer):
    ProcedureResult.objects.filter(pk=result.pk).update(outcome=Outcome.EXCEPTION, work="未依規定執行弱點掃描。")
    result.refresh_from_db()
    return raise_finding(result, WORDING, by=preparer)


@pytest.fixture
def places(fieldwork, paper, result, note, finding, broker_company, exchange_company) -> dict[str, tuple[str, dict]]:
    """Every form with texts: its address, and a body in which `?` stands for the odd value."""
    asked = Request.objects.filter(engagement=fieldwork).first()
    condition = fieldwork.catalogue.conditions.first().key
    days = {"period_start": "?", "period_end": "?", "as_of": "?", "deadline": "?"}
    return {
        "result": (
            reverse("result-save", args=[result.pk]),
            {"version": 1, "outcome": "?", "work": "?", "reason": "?"},
        ),
        "version": (reverse("result-save", args=[result.pk]), {"version": "?", "outcome": "pending"}),
        "due": (reverse("finding-text", args=[finding.pk]), {"version": "?", "remedied_on": "?"}),
        "day": (reverse("result-save", args=[result.pk]), {"version": 1, "performed_on": "?"}),
        "conclusion": (reverse("conclusion-save", args=[paper.pk]), {"version": 1, "conclusion": "?"}),
        "sign-off": (reverse("paper-signoff", args=[paper.pk]), {"role": "?", "content_version": "?"}),
        "note": (reverse("paper-note", args=[paper.pk]), {"text": "?"}),
        "reply": (reverse("note-reply", args=[note.pk]), {"text": "?"}),
        "finding": (reverse("finding-raise", args=[result.pk]), {"title": "?", "condition": "?", "type": "?"}),
        "finding link": (reverse("finding-link", args=[result.pk]), {"finding": "?"}),
        "wording": (reverse("finding-text", args=[finding.pk]), {"version": 1, "title": "?", "severity": "?"}),
        "response": (reverse("finding-answer", args=[finding.pk]), {"kind": "?", "text": "?", "source": "?"}),
        "release": (reverse("finding-release", args=[finding.pk]), {"due_on": "?", "editorial": "?"}),
        "releases": (reverse("finding-releases", args=[fieldwork.pk]), {"findings": "?", "due_on": "?"}),
        "group": (reverse("finding-group-new", args=[fieldwork.pk]), {"members": "?", "title": "?", "severity": "?"}),
        "earlier": (reverse("follow-up-add", args=[fieldwork.pk]), {"source": "?", "title": "?", "condition": "?"}),
        "links": (reverse("finding-links", args=[finding.pk]), {"result": "?"}),
        "letter": (reverse("report-letter", args=[fieldwork.pk]), {"value-評估系統": "?", "form": "?", "options": "?"}),
        "return": (reverse("request-return", args=[asked.pk]), {"return-reason": "?"}),
        "closure": (
            reverse("request-closure", args=[asked.pk]),
            {"close-disposition": "obtained", "close-reason": "?"},
        ),
        "citation": (reverse("citation-list", args=[result.pk]), {"evidence": "?", "page": "?", "tickmark": "?"}),
        "library": (reverse("evidence-add", args=[fieldwork.pk]), {"covered_from": "?"}),
        "profile": (reverse("profile-answer", args=[fieldwork.pk, condition]), {"applies": "no", "reason": "?"}),
        "team": (reverse("team-join", args=[fieldwork.pk]), {"user": "?", "role": "?"}),
        "new": (reverse("engagement-new"), {"auditee": "?", "kind": "annual", **days}),
        "stage": (reverse("stage-next", args=[fieldwork.pk]), {"from": "?"}),
        "back": (reverse("stage-previous", args=[fieldwork.pk]), {"reason": "?"}),
        "decision": (reverse("conclusion-decision", args=[fieldwork.pk]), {"kind": "?", "rationale": "?"}),
        "file sign-off": (reverse("final-signoff", args=[fieldwork.pk]), {"fingerprint": "?"}),
        "report": (reverse("report-request", args=[fieldwork.pk]), {"final": "?"}),
        "login": (reverse("account_login"), {"login": "?", "password": "?"}),
        "language": (reverse("set_language"), {"language": "?", "next": "?"}),
    }


def encoded(fields: dict, odd: str) -> str:
    return urlencode(fields).replace("%3F", odd)


@pytest.mark.parametrize("odd", [NUL, HALF, HUGE, "9999-12-31", "-1", ""])
@pytest.mark.parametrize("wanted", [{}, {"HTTP_HX_REQUEST": "true"}], ids=["page", "script"])
def test_no_form_fails_on_an_odd_value(sign_in, partner, places, odd, wanted):
    client = sign_in(partner)
    client.raise_request_exception = False
    answers = {
        name: client.post(url, encoded(fields, odd), "application/x-www-form-urlencoded", **wanted).status_code
        for name, (url, fields) in places.items()
    }
    assert {name: status for name, status in answers.items() if status >= 500} == {}


TEXTS = ["result", "conclusion", "note", "reply", "finding", "wording", "response", "letter", "return", "closure"]


@pytest.mark.parametrize("name", [*TEXTS, "decision", "new"])
def test_nul_in_a_text_is_an_error_at_the_form(sign_in, partner, places, name):
    url, fields = places[name]
    answer = sign_in(partner).post(url, encoded(fields, NUL), "application/x-www-form-urlencoded")
    assert answer.status_code == 422


PAGES = ["catalogue", "home"]
LISTS = ["trail", "request-list", "evidence-list", "finding-list", "report-list"]
QUERIES = [
    f"{name}={odd}"
    for name in ("page", "q", "text", "state", "point", "event", "person", "side", "seen", "uncited")
    for odd in (NUL, HALF, HUGE, "-1", "0", "abc", "9" * 5000)
]


def test_no_list_fails_on_an_odd_query(sign_in, partner, exchange, fieldwork, paper):
    client = sign_in(partner)
    client.raise_request_exception = False
    urls = [reverse(name) for name in PAGES] + [reverse(name, args=[fieldwork.pk]) for name in LISTS]
    urls += [paper.get_absolute_url(), "/api/v1/results/", "/api/v1/catalogue/", f"/api/v1/engagements/{NUL}/"]
    asked = [f"{url}?{query}" for url in urls for query in QUERIES[:7] + QUERIES[7::3]]
    assert [url[:99] for url in asked if client.get(url).status_code >= 500] == []


@pytest.mark.parametrize("page", ["-1", "0", "abc", HUGE, "9" * 5000, NUL])
def test_a_list_shows_a_page_that_it_has(sign_in, partner, fieldwork, page):
    client = sign_in(partner)
    for name in ("trail", "evidence-list"):
        assert client.get(f"{reverse(name, args=[fieldwork.pk])}?page={page}").status_code == 200


@pytest.mark.parametrize("code", ["%00", NUL, "3.8.2%00", HALF, "zz", "3..8", "%EF%BC%93"])
def test_what_is_no_code_is_no_paper(sign_in, preparer, fieldwork, code):
    assert sign_in(preparer).get(f"/engagements/{fieldwork.pk}/papers/{code}/").status_code == 404


@pytest.mark.parametrize(("cookie", "status"), [('"' + r"\000" * 9 + '"', 400), ("x" * 5000, 302), ("a\\b", 302)])
def test_an_odd_session_is_no_session(client, db, cookie, status):
    answer = client.get("/", headers={"Cookie": f"{settings.SESSION_COOKIE_NAME}={cookie}"})
    assert answer.status_code == status


@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=x", "application/json"])
@pytest.mark.parametrize(
    ("charset", "status"), [("unicode_escape", 400), ("utf-7", 400), ("bz2", 400), ("UTF8", 422), ("nonsense", 422)]
)
def test_only_utf_8_is_read(sign_in, preparer, fieldwork, kind, charset, status):
    url = reverse("evidence-add", args=[fieldwork.pk])
    answer = sign_in(preparer).generic("POST", url, b"--x--", content_type=f"{kind}; charset={charset}")
    assert answer.status_code == status


@pytest.mark.parametrize("name", ["a\0b.txt", "...", "\u202egnp.txt", "字" * 500 + ".pdf", "a/../../b.txt"])
def test_no_file_name_is_too_odd(sign_in, partner, fieldwork, name):
    client = sign_in(partner)
    sent = {"uploads": text(name)}
    assert client.post(reverse("evidence-add", args=[fieldwork.pk]), sent).status_code in {302, 422}
