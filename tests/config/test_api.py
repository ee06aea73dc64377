"""The API: the same verbs and the same doors as the pages."""

import json
from http import HTTPStatus

import pytest
from django.test import Client
from knox.models import AuthToken

from procedures.models import ProcedureResult

RESULTS = "/api/v1/results/"


def url_of(result) -> str:
    return f"{RESULTS}{result.pk}/"


def patch(client, result, **changes):
    return client.patch(url_of(result), json.dumps(changes), content_type="application/json")


def test_the_catalogue_has_every_control_point_in_printed_order(sign_in, preparer):
    answer = sign_in(preparer).get("/api/v1/catalogue/?page_size=100").json()
    codes = [point["code"] for point in answer["results"]]
    assert (answer["count"], codes[:3], codes[-1]) == (69, ["1.1", "1.2", "2.1.1"], "3.20")


def test_a_control_point_comes_with_the_words_as_printed(sign_in, preparer):
    point = sign_in(preparer).get("/api/v1/catalogue/3.8.2/").json()
    assert point["references"][1] == "2. 參酌「電子支付機構資訊系統標準及安全控管作業基準辦法」第17條"
    assert [procedure["label"] for procedure in point["procedures"]] == ["1.", "2.", "3."]


def test_an_engagement_is_listed_for_its_team_only(sign_in, engagement, preparer, other_firm):
    ours = sign_in(preparer).get("/api/v1/engagements/").json()
    theirs = sign_in(other_firm).get("/api/v1/engagements/").json()
    assert ([row["id"] for row in ours["results"]], theirs["results"]) == ([str(engagement.pk)], [])


def test_results_of_an_engagement_are_230(sign_in, fieldwork, preparer):
    answer = sign_in(preparer).get(f"{RESULTS}?engagement={fieldwork.pk}&page_size=250").json()
    assert (answer["count"], len(answer["results"])) == (230, 230)


def test_listing_results_costs_the_same_queries_at_1_and_at_200(
    sign_in, fieldwork, preparer, django_assert_num_queries
):
    client = sign_in(preparer)
    for size in (1, 200):
        with django_assert_num_queries(5):  # session, person, count, results, supports
            client.get(f"{RESULTS}?engagement={fieldwork.pk}&page_size={size}")


def test_a_result_is_changed_through_the_verb_of_the_page(sign_in, result, preparer):
    entered = {"outcome": "no_exception", "work": "已檢視", "performed_on": "2026-06-01"}
    answer = patch(sign_in(preparer), result, version=1, **entered)
    result.refresh_from_db()
    assert (answer.status_code, answer.json()["version"]) == (HTTPStatus.OK, 2)
    assert (result.work, result.performed_by, result.workpaper.content_version) == ("已檢視", preparer, 2)


def test_a_stale_version_is_a_conflict_that_shows_the_other_text(sign_in, result, preparer):
    client = sign_in(preparer)
    patch(client, result, version=1, work="先到的文字")
    answer = patch(client, result, version=1, work="後到的文字")
    assert (answer.status_code, answer.json()["theirs"]["work"]) == (HTTPStatus.CONFLICT, "先到的文字")


@pytest.mark.parametrize(
    "changes",
    [{"outcome": "perfect"}, {"performed_on": "115/02/29"}, {"version": "x"}, {"work": "字" * 20_001}, {"work": "\0"}],
)
def test_a_bad_value_is_refused_and_changes_nothing(sign_in, result, preparer, changes):
    answer = patch(sign_in(preparer), result, **({"version": 1} | changes))
    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert ProcedureResult.objects.get(pk=result.pk).version == 1


def test_a_day_that_has_not_come_is_refused_with_the_reason(sign_in, result, preparer):
    answer = patch(sign_in(preparer), result, version=1, performed_on="2199-01-01")
    assert (answer.status_code, answer.json()["reasons"]) == (HTTPStatus.UNPROCESSABLE_ENTITY, ["執行日期在未來。"])


def test_the_quality_reviewer_reads_but_changes_nothing(sign_in, result, quality_reviewer):
    client = sign_in(quality_reviewer)
    assert client.get(url_of(result)).status_code == HTTPStatus.OK
    assert patch(client, result, version=1, work="x").status_code == HTTPStatus.FORBIDDEN


@pytest.mark.parametrize("who", ["broker", "other_broker", "other_firm", "exchange", "admin"])
def test_whoever_is_not_on_the_team_finds_no_result(sign_in, request, result, who):
    client = sign_in(request.getfixturevalue(who))
    assert client.get(url_of(result)).status_code == HTTPStatus.NOT_FOUND
    assert patch(client, result, version=1, work="x").status_code == HTTPStatus.NOT_FOUND
    assert client.get(RESULTS).json()["count"] == 0


def test_nobody_reads_anything_without_signing_in(client, result):
    answers = {client.get(url).status_code for url in (url_of(result), RESULTS, "/api/v1/engagements/")}
    assert answers == {HTTPStatus.UNAUTHORIZED}


def test_a_token_is_made_by_whoever_is_signed_in_and_opens_the_api(sign_in, result, preparer):
    token = sign_in(preparer).post("/api/v1/tokens/").json()["token"]
    answer = Client().get(url_of(result), headers={"Authorization": f"Token {token}"})
    assert (answer.status_code, answer.json()["procedure"]) == (HTTPStatus.OK, "3.8.2/P1")


def test_a_password_makes_no_token(client, preparer):
    answer = client.post("/api/v1/tokens/", {"username": preparer.email, "password": "correct horse battery"})
    assert (answer.status_code, AuthToken.objects.count()) == (HTTPStatus.FORBIDDEN, 0)


def test_a_disabled_persons_token_ends_at_once(result, preparer):
    _row, token = AuthToken.objects.create(preparer)
    preparer.is_active = False
    preparer.save()
    answer = Client().get(url_of(result), headers={"Authorization": f"Token {token}"})
    assert answer.status_code == HTTPStatus.UNAUTHORIZED


def test_the_schema_describes_every_path(client, db):
    schema = client.get("/api/schema/?format=json")
    paths = set(schema.json()["paths"])
    assert {"/api/v1/catalogue/", "/api/v1/engagements/{id}/", "/api/v1/results/{id}/"} <= paths


def test_what_is_no_json_is_refused(sign_in, result, preparer):
    answer = sign_in(preparer).patch(url_of(result), "version=1", content_type="text/plain")
    assert answer.status_code == HTTPStatus.UNSUPPORTED_MEDIA_TYPE


DEEP = b'{"version":' + b"[" * 100_000 + b"]" * 100_000 + b"}"


@pytest.mark.parametrize(
    "body",
    [
        DEEP,
        b'{"version": 1, "outcome": "\\ud800"}',
        b'{"version": 1, "\\udfff": ""}',
        b'{"version": 1, "version": 2}',
        b'{"version": NaN}',
        b'{"version": -Infinity}',
        b'{"version": 1' + b"0" * 5000 + b"}",
        b'{"version": 1, "work": "\xed\xa0\x80"}',
        b"\xff\xfe",
        b"{",
    ],
)
def test_what_is_no_plain_json_is_refused_with_the_reason(sign_in, result, preparer, body):
    answer = sign_in(preparer).patch(url_of(result), body, content_type="application/json")
    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert answer.json()["detail"]
    assert ProcedureResult.objects.get(pk=result.pk).version == 1


def test_a_whole_surrogate_pair_is_a_character(sign_in, result, preparer):
    body = b'{"version": 1, "work": "\\ud83d\\udcce"}'
    answer = sign_in(preparer).patch(url_of(result), body, content_type="application/json")
    assert answer.json()["work"] == "📎"


@pytest.mark.parametrize("body", ["[]", "3", "null", '"text"', '{"version": {"a": 1}}', '{"version": 1e99}'])
def test_json_of_another_shape_is_refused(sign_in, result, preparer, body):
    answer = sign_in(preparer).patch(url_of(result), body, content_type="application/json")
    assert answer.status_code == HTTPStatus.BAD_REQUEST


def test_a_body_larger_than_any_result_is_refused(sign_in, result, preparer, settings):
    body = b'{"work": "' + b"x" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE + b'"}'
    answer = sign_in(preparer).patch(url_of(result), body, content_type="application/json")
    assert answer.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE


@pytest.mark.parametrize("page", ["-1", "0", "abc", "9" * 5000, "%00", "1.5"])
def test_a_page_that_is_not_there_is_not_found(sign_in, fieldwork, preparer, page):
    assert sign_in(preparer).get(f"{RESULTS}?page={page}").status_code == HTTPStatus.NOT_FOUND
