"""The team's pages of requests; the broker's, at the same addresses, are in test_handover_pages.py."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import gettext

from evidence.models import Evidence, Request
from tests.uploads import answer_request, pdf, text


def list_url(engagement) -> str:
    return f"/engagements/{engagement.pk}/requests/"


def flashes(response) -> list[str]:
    return re.findall(r'<p class="flash [a-z]+">(.*?)</p>', response.content.decode())


# The team's list ---------------------------------------------------------------------------


def test_the_list_shows_every_request_with_its_state(sign_in, fieldwork, preparer, answered):
    page = sign_in(preparer).get(list_url(fieldwork)).content.decode()

    total = Request.objects.filter(engagement=fieldwork).count()
    assert page.count('<th scope="row"') == total
    assert page.count('class="badge submitted"') == 1
    assert page.count('class="badge requested"') == total - 1
    assert f'href="/requests/{answered.pk}/"' in page


def test_a_late_request_says_how_late(sign_in, fieldwork, preparer, asked):
    Request.objects.filter(pk=asked.pk).update(due_on=timezone.localdate() - timedelta(days=3))
    page = sign_in(preparer).get(list_url(fieldwork)).content.decode()
    assert page.count("逾期 3 日") == 1


def test_a_filter_answers_with_the_rows_alone(sign_in, fieldwork, preparer, answered):
    response = sign_in(preparer).get(list_url(fieldwork), {"state": "submitted"}, headers={"HX-Request": "true"})
    rows = response.content.decode()
    assert rows.strip().startswith('<div id="rows">')
    assert rows.count('<th scope="row"') == 1


def test_the_same_filter_in_the_address_shows_the_same_page(sign_in, fieldwork, preparer, answered):
    page = (
        sign_in(preparer).get(list_url(fieldwork), {"state": "submitted", "text": "", "point": "1.1"}).content.decode()
    )
    assert page.count('<th scope="row"') == 1
    assert 'value="submitted" checked' in page
    assert '<option value="1.1" selected>' in page


@pytest.mark.parametrize(
    "query", [{"state": "invented"}, {"text": "x" * 500}, {"point": "<script>"}, {"text": "無此文件"}]
)
def test_a_strange_filter_is_no_error(sign_in, fieldwork, preparer, query):
    response = sign_in(preparer).get(list_url(fieldwork), query)
    assert response.status_code == 200
    assert "<script>" not in response.content.decode().replace("<script type", "")


def test_before_fieldwork_the_list_says_how_it_comes_to_be(sign_in, engagement, preparer):
    page = sign_in(preparer).get(list_url(engagement)).content.decode()
    assert "尚無資料需求" in page


def test_the_list_costs_the_same_for_one_answer_and_for_ten(sign_in, fieldwork, preparer, broker):
    client = sign_in(preparer)
    requests = list(Request.objects.filter(engagement=fieldwork)[:12])

    def queries_after_answering(some: list[Request]) -> int:
        for request in some:
            answer_request(request, [pdf(), text()], by=broker)
        with CaptureQueriesContext(connection) as captured:
            client.get(list_url(fieldwork))
        return len(captured)

    queries_after_answering(requests[:1])
    assert queries_after_answering(requests[1:2]) == queries_after_answering(requests[2:])


# The team's page of one request ------------------------------------------------------------


def test_the_page_shows_the_files_with_their_hashes_and_the_procedures(sign_in, preparer, answered):
    page = sign_in(preparer).get(f"/requests/{answered.pk}/").content.decode()
    piece = Evidence.objects.get(request=answered)

    assert "組織圖.pdf" in page
    assert piece.file.sha256 in page
    assert "林資安" in page
    assert "如附件。" in page
    for document in answered.documents.select_related("procedure__point"):
        assert document.procedure.point.index in page


def test_accepting_goes_back_to_the_request(sign_in, preparer, answered, state_of):
    response = sign_in(preparer).post(f"/requests/{answered.pk}/acceptance/", follow=True)
    assert response.redirect_chain == [(f"/requests/{answered.pk}/", 302)]
    assert flashes(response) == ["R-001 已收妥。"]
    assert state_of(answered) == "accepted"


def test_what_can_not_be_accepted_says_so(sign_in, preparer, asked, state_of):
    response = sign_in(preparer).post(f"/requests/{asked.pk}/acceptance/", follow=True)
    assert flashes(response) == [gettext("There is nothing to accept.")]
    assert state_of(asked) == "requested"


def test_returning_needs_a_reason_and_keeps_what_was_typed(sign_in, preparer, answered, state_of):
    response = sign_in(preparer).post(f"/requests/{answered.pk}/return/", {"return-reason": "  "})
    assert response.status_code == 422
    assert 'aria-invalid="true"' in response.content.decode()
    assert state_of(answered) == "submitted"


def test_a_returned_request_shows_the_reason_as_text(sign_in, preparer, broker, answered):
    reason = "<img src=x onerror=alert(1)> 請補簽呈"
    client = sign_in(preparer)
    client.post(f"/requests/{answered.pk}/return/", {"return-reason": reason})
    for who in (preparer, broker):
        page = sign_in(who).get(f"/requests/{answered.pk}/").content.decode()
        assert "<img" not in page
        assert "&lt;img src=x onerror=alert(1)&gt; 請補簽呈" in page


def test_closing_is_for_those_who_run_the_engagement(sign_in, preparer, reviewer, asked, state_of):
    data = {"close-disposition": "obtained", "close-reason": "替代取得。"}
    assert sign_in(preparer).post(f"/requests/{asked.pk}/closure/", data).status_code == 403
    assert sign_in(reviewer).post(f"/requests/{asked.pk}/closure/", data).status_code == 302
    assert state_of(asked) == "disposed"


def test_the_quality_reviewer_reads_and_decides_nothing(sign_in, quality_reviewer, answered, state_of):
    client = sign_in(quality_reviewer)
    page = client.get(f"/requests/{answered.pk}/").content.decode()
    assert f"/requests/{answered.pk}/acceptance/" not in page
    for noun in ("acceptance", "return", "closure", "answers"):
        assert client.post(f"/requests/{answered.pk}/{noun}/", {}).status_code == 403
    assert state_of(answered) == "submitted"


@pytest.mark.parametrize("noun", ["acceptance", "return", "closure", "answers"])
def test_a_decision_is_never_a_link(sign_in, reviewer, answered, noun):
    assert sign_in(reviewer).get(f"/requests/{answered.pk}/{noun}/").status_code in {403, 405}
