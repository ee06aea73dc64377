"""The evidence library: what the team finds in it and puts into it."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import gettext

from engagements.models import Engagement, Stage
from evidence.citing import cite
from evidence.models import Evidence
from foundation.accounts.models import User
from foundation.files.models import StoredFile
from procedures.models import ProcedureResult
from tests.uploads import deposit, pdf, posted, text


def url(engagement) -> str:
    return f"/engagements/{engagement.pk}/evidence/"


def put(client, engagement, *files, htmx=False, **data):
    headers = {"HX-Request": "true"} if htmx else {}
    user = User.objects.get(pk=client.session["_auth_user_id"])
    return client.post(f"{url(engagement)}files/", posted(files, to=engagement, by=user) | data, headers=headers)


def numbers(html: str) -> list[str]:
    """The numbers of the pieces in a table."""
    return [re.sub("<.*?>", "", cell).strip() for cell in re.findall(r'<th scope="row" class="code">(.*?)</th>', html)]


def test_an_empty_library_tells_the_next_step(sign_in, fieldwork, preparer):
    page = sign_in(preparer).get(url(fieldwork)).content.decode()
    assert "還沒有佐證" in page
    assert f'href="/engagements/{fieldwork.pk}/requests/"' in page


def test_the_library_shows_whence_each_piece_came_and_who_cites_it(sign_in, fieldwork, result, preparer, answered):
    piece = Evidence.objects.get(request=answered)
    cite(result, piece, by=preparer)
    page = sign_in(preparer).get(url(fieldwork)).content.decode()
    for shown in ("E-001", "組織圖.pdf", piece.file.sha256, "林資安", "R-001", "3.8.2-1", f"#result-{result.pk}"):
        assert shown in page


def test_the_same_bytes_are_flagged(sign_in, fieldwork, preparer):
    deposit(fieldwork, [pdf("甲.pdf"), pdf("乙.pdf")], by=preparer)
    page = sign_in(preparer).get(url(fieldwork)).content.decode()
    assert page.count("與 E-001 內容相同") == page.count("與 E-002 內容相同") == 1


def test_searching_answers_with_the_rows_alone(sign_in, fieldwork, preparer):
    deposit(fieldwork, [pdf("甲.pdf"), pdf("乙.pdf", b"2")], by=preparer)
    rows = sign_in(preparer).get(url(fieldwork), {"text": "甲"}, headers={"HX-Request": "true"}).content.decode()
    assert rows.strip().startswith('<div id="rows">')
    assert numbers(rows) == ["E-001"]


def test_a_long_library_has_pages(sign_in, fieldwork, preparer, monkeypatch):
    monkeypatch.setattr("evidence.views.A_PAGE", 2)
    deposit(fieldwork, [pdf(f"{n}.pdf", str(n).encode()) for n in range(3)], by=preparer)
    page = sign_in(preparer).get(url(fieldwork), {"page": "2"}).content.decode()
    assert numbers(page) == ["E-001"]


def test_the_team_puts_files_in_with_the_time_they_speak_about(sign_in, fieldwork, preparer):
    data = {"covered_from": "115/01/01", "covered_to": "2026-06-30"}
    response = put(sign_in(preparer), fieldwork, pdf("甲.pdf"), text("乙.txt"), **data)
    assert (response.status_code, response.url) == (302, url(fieldwork))
    assert [str(piece.covered_from) for piece in Evidence.objects.all()] == ["2026-01-01"] * 2


def test_putting_the_same_file_in_again_is_told_at_once(sign_in, fieldwork, preparer):
    client = sign_in(preparer)
    put(client, fieldwork, pdf("甲.pdf"))
    client.get(url(fieldwork))
    put(client, fieldwork, pdf("乙.pdf"))
    page = client.get(url(fieldwork)).content.decode()
    assert '<p class="flash warning">E-002 乙.pdf 與 E-001 內容完全相同。</p>' in page


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({"covered_from": "115/02/29"}, "115/02/29"),
        ({"nature": "span", "covered_from": "115/07/01", "covered_to": "115/06/30"}, "涵蓋期間迄日早於起日"),
    ],
)
def test_a_time_that_can_not_be_is_refused(sign_in, fieldwork, preparer, data, says):
    response = put(sign_in(preparer), fieldwork, pdf(), **data)
    assert response.status_code == 422
    assert says in response.content.decode()
    assert StoredFile.objects.count() == 0


def test_with_htmx_a_refusal_is_told_at_its_field(sign_in, fieldwork, preparer):
    response = put(sign_in(preparer), fieldwork, htmx=True)
    assert response.status_code == 422
    assert list(response.json()["errors"]) == ["uploads"]


def test_what_is_received_is_not_yet_handed_in(sign_in, fieldwork, broker, preparer):
    asked = fieldwork.requests.first()
    assert gettext("Uploaded, not handed in yet") in sign_in(broker).get(asked.get_absolute_url()).content.decode()
    assert gettext("Uploaded; send the form") in sign_in(preparer).get(url(fieldwork)).content.decode()


@pytest.mark.parametrize("who", ["quality_reviewer", "broker"])
def test_only_auditors_put_files_in(request, sign_in, fieldwork, who):
    assert put(sign_in(request.getfixturevalue(who)), fieldwork, pdf()).status_code == 403
    assert StoredFile.objects.count() == 0


def test_a_sealed_engagement_offers_no_upload(sign_in, fieldwork, preparer):
    Engagement.objects.filter(pk=fieldwork.pk).update(stage=Stage.ARCHIVED)
    client = sign_in(preparer)
    assert 'type="file"' not in client.get(url(fieldwork)).content.decode()
    assert put(client, fieldwork, pdf()).status_code == 422


def test_a_file_leaves_as_an_attachment_and_leaves_a_trace(sign_in, fieldwork, preparer):
    piece = deposit(fieldwork, [text("頁.html", b"<script>alert(1)</script>")], by=preparer)[0]
    response = sign_in(preparer).get(f"/evidence/{piece.pk}/file/")
    assert b"".join(response.streaming_content) == b"<script>alert(1)</script>"
    assert response.headers["Content-Type"] == "application/octet-stream"
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response.headers["Content-Security-Policy"]
    response.close()


def test_the_library_costs_the_same_for_one_piece_and_for_ten(sign_in, fieldwork, preparer):
    client = sign_in(preparer)
    results = list(ProcedureResult.objects.filter(workpaper__engagement=fieldwork)[:11])

    def fill(numbers: range) -> int:
        for number in numbers:
            piece = deposit(fieldwork, [pdf(f"{number}.pdf", str(number).encode())], by=preparer)[0]
            cite(results[number], piece, by=preparer)
        with CaptureQueriesContext(connection) as captured:
            client.get(url(fieldwork))
        return len(captured)

    fill(range(1))
    assert fill(range(1, 2)) == fill(range(2, 11))
