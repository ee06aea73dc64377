"""The broker's pages of findings: what was released to it, in those words, and its answers; nothing else."""

import pytest
from django.urls import reverse

from findings.actions import raise_finding, save_finding, withdraw_finding
from findings.models import AnswerState, Finding, ManagementResponse
from findings.releasing import first_due, release_findings
from findings.responding import Answer, record_response, respond
from tests.findings.conftest import WORDING

SECRET = "僅供覆核之草稿"
AGREED = {"kind": "given", "text": "已排定補行。", "owner": "資訊部 張經理", "due_on": "116/01/31"}


def address(finding) -> str:
    return reverse("finding-response", args=[finding.pk])


def text_of(client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def told(release, finding, reviewer) -> Finding:
    """Released, and reworded since in words that aren't the broker's yet."""
    changes = {"condition": SECRET, "title": SECRET, "bears": "modifies", "bears_because": SECRET}
    return save_finding(finding, changes, version=1, by=reviewer)


def test_the_broker_reads_the_words_of_the_release(sign_in, told, broker):
    client = sign_in(broker)
    page = text_of(client, address(told))
    for name in ("title", "condition", "criterion", "risk", "recommendation"):
        assert WORDING[name] in page
    assert "3.8.2" in page
    for url in (address(told), reverse("response-list", args=[told.engagement_id]), reverse("home")):
        assert SECRET not in text_of(client, url), "neither rewording nor judgement is told"


def test_who_raised_it_and_what_was_done_is_not_told(sign_in, told, exception, preparer, broker):
    page = text_of(sign_in(broker), address(told))
    assert preparer.name not in page
    assert exception.work not in page.replace(WORDING["condition"], "")


def test_an_unreleased_and_a_withdrawn_finding_are_not_there(sign_in, finding, reviewer, broker):
    client = sign_in(broker)
    assert client.get(address(finding)).status_code == 404
    release_findings(finding.engagement, [finding], due_on=first_due(), by=reviewer)
    assert client.get(address(finding)).status_code == 200
    withdraw_finding(finding, reason="重複。", by=reviewer)
    assert client.get(address(finding)).status_code == 404
    assert client.post(address(finding), AGREED).status_code == 404


def test_another_broker_finds_nothing(sign_in, release, finding, other_broker):
    client = sign_in(other_broker)
    assert client.get(address(finding)).status_code == 404
    assert client.get(reverse("response-list", args=[finding.engagement_id])).status_code == 404
    assert WORDING["title"] not in text_of(client, reverse("home"))


def test_the_broker_answers_on_the_page(sign_in, release, finding, broker):
    client = sign_in(broker)
    assert client.post(address(finding), {**AGREED, "release": release.pk}).status_code == 302
    stored = ManagementResponse.objects.get()
    assert (stored.owner, stored.due_on.isoformat(), stored.recorded_by) == ("資訊部 張經理", "2027-01-31", broker)
    assert "已排定補行。" in text_of(client, address(finding))


def test_it_is_answered_anew_from_what_was_answered(sign_in, release, finding, broker):
    respond(finding, Answer("given", "先前之回應。", "資訊部"), seen=release.pk, by=broker)
    assert "先前之回應。</textarea>" in text_of(sign_in(broker), address(finding))


@pytest.mark.parametrize("missing", [{"text": ""}, {"owner": ""}, {"due_on": ""}, {"due_on": "115/02/30"}])
def test_an_incomplete_answer_is_marked_and_kept(sign_in, release, finding, broker, missing):
    answer = sign_in(broker).post(address(finding), {**AGREED, "release": release.pk, **missing})
    assert (answer.status_code, ManagementResponse.objects.count()) == (422, 0)
    kept = {name: text for name, text in AGREED.items() if name not in missing}
    assert all(text in answer.content.decode() for text in kept.values())


def test_a_refusal_needs_its_reason_alone(sign_in, release, finding, broker):
    refusal = {"kind": "refused", "text": "另案處理。", "owner": "無關之人", "release": release.pk}
    assert sign_in(broker).post(address(finding), refusal).status_code == 302
    stored = ManagementResponse.objects.get()
    assert (stored.kind, stored.text, stored.owner) == ("refused", "另案處理。", "")


def test_words_released_meanwhile_keep_the_answer_in_its_form(sign_in, told, release, reviewer, broker):
    release_findings(told.engagement, [told], due_on=first_due(), by=reviewer)
    client = sign_in(broker)
    answer = client.post(address(told), {**AGREED, "release": release.pk})
    page = answer.content.decode()
    assert (answer.status_code, ManagementResponse.objects.count()) == (422, 0)
    assert "已排定補行。</textarea>" in page
    current = told.releases.latest("number")
    assert f'name="release" value="{current.pk}"' in page, "sent again, it answers what is read now"
    assert client.post(address(told), {**AGREED, "release": current.pk}).status_code == 302


def test_what_the_team_recorded_is_told_with_its_source(sign_in, release, finding, reviewer, broker):
    record_response(finding, Answer("given", "口頭同意。"), source="115/12/01 會議紀錄", by=reviewer)
    page = text_of(sign_in(broker), address(finding))
    assert "115/12/01 會議紀錄" in page
    assert reviewer.name not in page


def test_the_home_page_lists_what_is_owed_until_it_is_answered(sign_in, overdue, finding, broker):
    client = sign_in(broker)
    assert address(finding) in text_of(client, reverse("home"))
    respond(finding, Answer("given", "同意。", "資訊部"), seen=overdue.pk, by=broker)
    assert address(finding) not in text_of(client, reverse("home"))


def test_the_list_puts_what_is_owed_first(sign_in, release, finding, exception, preparer, reviewer, broker):
    second = raise_finding(exception, WORDING | {"title": "掃描結果未追蹤"}, by=preparer)
    release_findings(finding.engagement, [second], due_on=first_due(), by=reviewer)
    respond(finding, Answer("given", "同意。", "資訊部"), seen=release.pk, by=broker)
    page = text_of(sign_in(broker), reverse("response-list", args=[finding.engagement_id]))
    assert page.index("掃描結果未追蹤") < page.index(WORDING["title"])


@pytest.mark.parametrize("page", ["home", "response-list"])
def test_the_broker_s_pages_cost_the_same_for_one_finding_and_for_ten(
    sign_in, fieldwork, exception, preparer, reviewer, broker, page, django_assert_num_queries
):
    url = reverse(page, args=[] if page == "home" else [fieldwork.pk])

    def told(number: int) -> None:
        raised = [raise_finding(exception, WORDING | {"title": f"{number}-{n}"}, by=preparer) for n in range(number)]
        for release in release_findings(fieldwork, raised, due_on=first_due(), by=reviewer):
            respond(release.finding, Answer("refused", "另案。"), seen=release.pk, by=broker)

    client = sign_in(broker)
    told(1)
    client.get(url)
    with django_assert_num_queries(QUERIES[page]):
        client.get(url)
    told(9)
    with django_assert_num_queries(QUERIES[page]):
        client.get(url)


QUERIES = {"home": 11, "response-list": 8}


def test_the_broker_edits_no_finding(sign_in, release, finding, broker):
    client = sign_in(broker)
    for name in ("finding-text", "finding-withdrawal", "finding-release", "finding-answer", "finding-silence"):
        assert client.post(reverse(name, args=[finding.pk]), {"title": "x"}).status_code == 403
    assert Finding.objects.get().title == WORDING["title"]


def test_the_states_that_a_broker_reads_are_those_of_its_answer(sign_in, overdue, finding, broker):
    page = text_of(sign_in(broker), reverse("response-list", args=[finding.engagement_id]))
    assert str(AnswerState.LATE.label) in page
