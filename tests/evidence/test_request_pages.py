"""The pages of requests: the team's, and at the same addresses the broker's, who sees only what is its own."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import gettext

from engagements.noting import write_note
from evidence.citing import cite
from evidence.models import Evidence, Request
from evidence.requests import dispose_request, return_request
from foundation.accounts.models import User
from foundation.files.models import StoredFile
from foundation.jobs.models import Job
from procedures.models import ProcedureResult
from tests.uploads import answer_request, filed, pdf, posted, text


def list_url(engagement) -> str:
    return f"/engagements/{engagement.pk}/requests/"


def post_files(client: Client, asked: Request, *files, htmx: bool = False, **data):
    headers = {"HX-Request": "true"} if htmx else {}
    user = User.objects.get(pk=client.session["_auth_user_id"])
    typed = posted(files, to=asked.engagement, by=user) | data
    return client.post(f"/requests/{asked.pk}/answers/", typed, headers=headers)


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


# The broker's side -------------------------------------------------------------------------


def test_the_broker_s_list_has_its_requests_and_nothing_of_the_audit(sign_in, fieldwork, broker, preparer, answered):
    result = ProcedureResult.objects.filter(workpaper__engagement=fieldwork, procedure__isnull=False).first()
    cite(result, Evidence.objects.get(request=answered), by=preparer)
    page = sign_in(broker).get(list_url(fieldwork)).content.decode()

    assert page.count('<li>\n  <a href="/requests/') == Request.objects.filter(engagement=fieldwork).count()
    assert "/papers/" not in page
    assert "C-1.1" not in page
    assert 'name="point"' not in page


def test_the_broker_s_page_shows_no_paper_no_note_no_procedure_and_no_colleague_of_the_firm(
    sign_in, fieldwork, broker, preparer, reviewer, answered
):
    result = ProcedureResult.objects.filter(workpaper__engagement=fieldwork, procedure__isnull=False).first()
    cite(result, Evidence.objects.get(request=answered), by=preparer)
    write_note(fieldwork, anchor=result.workpaper, text="疑點：職掌重疊", by=reviewer)
    filed(fieldwork, text("內部分析.txt"), request=answered, by=preparer)

    team = sign_in(preparer).get(f"/requests/{answered.pk}/").content.decode()
    page = sign_in(broker).get(f"/requests/{answered.pk}/").content.decode()
    for secret in ("內部分析.txt", result.workpaper.index, result.procedure.text[:20], "陳柏翰"):
        assert secret in team
        assert secret not in page
    assert "疑點" not in page


def test_why_a_request_was_closed_is_the_team_s_business(sign_in, broker, reviewer, preparer, asked):
    dispose_request(asked, disposition="obtained", reason="未提供，改列範圍受限。", by=reviewer)
    assert "改列範圍受限" in sign_in(preparer).get(f"/requests/{asked.pk}/").content.decode()
    assert "改列範圍受限" not in sign_in(broker).get(f"/requests/{asked.pk}/").content.decode()


def test_the_broker_hands_over_several_files_and_gets_a_receipt(sign_in, broker, asked, state_of):
    response = post_files(sign_in(broker), asked, pdf("甲.pdf"), text("乙.txt"), answer="共兩份")
    assert (response.status_code, response.url) == (302, f"/requests/{asked.pk}/")

    page = sign_in(broker).get(response.url)
    pieces = list(Evidence.objects.filter(request=asked).select_related("file"))
    assert [piece.title for piece in pieces] == ["甲.pdf", "乙.txt"]
    assert all(piece.file.sha256 in page.content.decode() for piece in pieces)
    assert flashes(page) == ["已送交 2 個檔案。"]
    assert state_of(asked) == "submitted"


def test_what_was_handed_over_is_drawn_before_anybody_looks(sign_in, asked, broker):
    post_files(sign_in(broker), asked, pdf("甲.pdf"), text("乙.txt"))
    drawn = Job.objects.filter(task="files.preview").values_list("ids__file", flat=True)
    assert set(drawn) == {str(piece.file_id) for piece in Evidence.objects.filter(request=asked)}


def test_with_htmx_the_browser_is_told_where_to_go(sign_in, broker, asked):
    response = post_files(sign_in(broker), asked, pdf(), htmx=True)
    assert response.headers["HX-Redirect"] == f"/requests/{asked.pk}/"


def test_with_htmx_a_refusal_is_told_at_its_field(sign_in, broker, asked):
    response = post_files(sign_in(broker), asked, pdf("組織圖.pdf"), htmx=True, covered_from="")
    assert response.status_code == 422
    assert "組織圖.pdf" in " ".join(response.json()["errors"]["covered_from"])
    assert StoredFile.objects.count() == 0


def test_without_script_a_refusal_shows_the_page_with_the_remark_kept(sign_in, broker, asked):
    response = post_files(sign_in(broker), asked, pdf(), answer="我的說明", covered_from="115/02/29")
    page = response.content.decode()
    assert response.status_code == 422
    assert "115/02/29" in page
    assert "我的說明" in page


def test_neither_a_file_nor_a_remark_is_no_answer(sign_in, broker, asked):
    response = post_files(sign_in(broker), asked)
    assert response.status_code == 422
    assert gettext("Choose at least one file, or say why there is none.") in response.content.decode()


def test_the_broker_may_say_why_there_is_no_such_document(sign_in, broker, asked, state_of):
    assert post_files(sign_in(broker), asked, answer="本公司未提供此服務，無此文件。").status_code == 302
    assert state_of(asked) == "submitted"


def test_a_closed_request_offers_no_upload_and_takes_none(sign_in, broker, asked):
    Request.objects.filter(pk=asked.pk).update(state="accepted")
    client = sign_in(broker)
    assert 'type="file"' not in client.get(f"/requests/{asked.pk}/").content.decode()
    assert post_files(client, asked, pdf()).status_code == 422
    assert StoredFile.objects.count() == 0


def test_a_returned_request_tells_why_and_takes_more(sign_in, broker, preparer, answered, state_of):
    return_request(answered, reason="請附核定簽呈。", by=preparer)
    client = sign_in(broker)
    assert "請附核定簽呈。" in client.get(f"/requests/{answered.pk}/").content.decode()
    assert post_files(client, answered, pdf("簽呈.pdf", b"2")).status_code == 302
    assert state_of(answered) == "submitted"


def test_another_broker_can_not_even_knock(client, asked, broker, other_broker, other_firm, exchange):
    client.force_login(broker)
    assert client.get(f"/requests/{asked.pk}/").status_code == 200
    for stranger in (other_broker, other_firm, exchange):
        client.force_login(stranger)
        assert client.get(f"/requests/{asked.pk}/").status_code == 404
        assert post_files(client, asked, pdf()).status_code == 404
    assert StoredFile.objects.count() == 0


def test_the_team_hands_over_nothing_in_the_broker_s_name(sign_in, partner, asked):
    assert post_files(sign_in(partner), asked, pdf()).status_code == 403
    assert StoredFile.objects.count() == 0


def test_the_broker_decides_nothing(sign_in, broker, answered, state_of):
    client = sign_in(broker)
    for noun in ("acceptance", "return", "closure"):
        assert client.post(f"/requests/{answered.pk}/{noun}/", {"return-reason": "x"}).status_code == 403
    assert state_of(answered) == "submitted"


def test_after_handing_over_the_broker_is_led_to_what_it_owes_next(sign_in, broker, fieldwork, asked):
    Request.objects.filter(engagement=fieldwork, number=9).update(due_on="2020-01-01")
    urgent = Request.objects.get(engagement=fieldwork, number=9)
    client = sign_in(broker)
    assert "下一項待提供" not in client.get(asked.get_absolute_url()).content.decode()
    page = client.get(post_files(client, asked, pdf("組織圖.pdf")).url).content.decode()
    assert f'<a class="button small" rel="next" href="{urgent.get_absolute_url()}">下一項待提供 R-009</a>' in page
