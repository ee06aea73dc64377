"""The register of findings and the page of one."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape
from django.utils.translation import gettext

from engagements.models import Engagement, Stage
from findings.actions import link, raise_finding, save_finding, withdraw_finding
from findings.models import AnswerState, Finding
from procedures.models import ProcedureResult

from .conftest import WORDING

JUDGED = {"bears": "modifies", "bears_because": "無補償性控制。", "remedied_on": "115/01/31"}


def page_of(client, finding) -> str:
    return client.get(f"/findings/{finding.pk}/").content.decode()


def save(client, finding, **changes):
    """Post the form as a browser does: the texts that it was read with, and `changes` typed over them."""
    read = WORDING | dict.fromkeys(JUDGED, "") | {"obligation": "must", "retested": ""}
    initial = {f"initial-{name}": text for name, text in read.items()}
    return client.post(f"/findings/{finding.pk}/text/", read | initial | {"version": finding.version} | changes)


# The register ------------------------------------------------------------------------------


def test_the_register_shows_each_finding_with_its_exceptions_and_where_its_answer_stands(
    sign_in, fieldwork, preparer, finding
):
    page = sign_in(preparer).get(f"/engagements/{fieldwork.pk}/findings/").content.decode()
    for shown in ("F-01", WORDING["title"], "顯著", "C-3.8.2-1", str(AnswerState.UNRELEASED.label)):
        assert shown in page


def test_the_register_names_the_exceptions_that_lack_a_finding(
    sign_in, fieldwork, paper, preparer, finding, except_from
):
    client = sign_in(preparer)
    assert "尚未連結缺失" not in client.get(f"/engagements/{fieldwork.pk}/findings/").content.decode()
    except_from(paper.results.get(position=2))
    page = client.get(f"/engagements/{fieldwork.pk}/findings/").content.decode()
    assert "1 項例外尚未連結缺失" in page
    assert "C-3.8.2-2" in page


def test_an_empty_register_tells_where_findings_come_from(sign_in, fieldwork, preparer):
    page = sign_in(preparer).get(f"/engagements/{fieldwork.pk}/findings/").content.decode()
    assert "沒有缺失" in page


def test_the_register_costs_the_same_for_one_finding_and_for_ten(sign_in, fieldwork, preparer, except_from):
    client = sign_in(preparer)
    results = list(
        ProcedureResult.objects.filter(workpaper__engagement=fieldwork, kind="prescribed").select_related("workpaper")[
            :12
        ]
    )

    def queries_after_raising(some: list[ProcedureResult]) -> int:
        for result in some:
            raise_finding(except_from(result), WORDING, by=preparer)
        with CaptureQueriesContext(connection) as captured:
            client.get(f"/engagements/{fieldwork.pk}/findings/")
        return len(captured)

    queries_after_raising(results[:1])
    assert queries_after_raising(results[1:2]) == queries_after_raising(results[2:])


# One finding -------------------------------------------------------------------------------


def test_the_wording_is_saved_over_the_version_that_was_read(sign_in, reviewer, finding):
    response = save(sign_in(reviewer), finding, title="更準確的標題")
    assert (response.status_code, response.url) == (302, f"/findings/{finding.pk}/")
    stored = Finding.objects.get()
    assert (stored.title, stored.version) == ("更準確的標題", 2)


def test_a_conflict_shows_both_texts_and_keeps_the_typed_one_in_the_form(sign_in, preparer, reviewer, finding):
    save_finding(finding, {"title": "甲的標題"}, version=1, by=preparer)
    response = save(sign_in(reviewer), finding, title="乙的標題", risk="乙的風險", version=1)
    page = response.content.decode()

    assert response.status_code == 409
    conflict = page[page.index('class="conflict"') : page.index("</section>", page.index('class="conflict"'))]
    for text in ("甲的標題", "乙的標題"):
        assert text in conflict
    assert "乙的風險" not in conflict, "nobody else changed it"
    assert 'value="乙的標題"' in page
    assert "乙的風險</textarea>" in page
    assert '<input type="hidden" name="version" value="2"' in page
    assert Finding.objects.get().title == "甲的標題"


def test_two_people_on_different_fields_are_both_saved(sign_in, preparer, reviewer, finding):
    save_finding(finding, {"recommendation": "甲的建議"}, version=1, by=preparer)
    assert save(sign_in(reviewer), finding, risk="乙的風險", version=1).status_code == 302
    stored = Finding.objects.get()
    assert (stored.recommendation, stored.risk, stored.version) == ("甲的建議", "乙的風險", 3)


def test_after_a_conflict_saving_again_keeps_mine(sign_in, preparer, reviewer, finding):
    save_finding(finding, {"title": "甲的標題"}, version=1, by=preparer)
    assert save(sign_in(reviewer), finding, title="乙的標題", version=2).status_code == 302
    assert Finding.objects.get().title == "乙的標題"


@pytest.mark.parametrize("changes", [{"title": ""}, {"severity": "terrible"}, {"version": "x"}, {"version": ""}])
def test_what_can_not_be_saved_is_marked_and_kept(sign_in, reviewer, finding, changes):
    response = save(sign_in(reviewer), finding, **{"risk": "剛打的風險"} | changes)
    assert response.status_code == 422
    assert "剛打的風險" in response.content.decode()
    assert Finding.objects.get().version == 1


def test_what_it_weighs_is_saved_with_its_roc_date(sign_in, preparer, finding):
    client = sign_in(preparer)
    assert save(client, finding, **JUDGED).status_code == 302
    stored = Finding.objects.get()
    assert (stored.remedied_on.isoformat(), stored.bearing, stored.title) == (
        "2026-01-31",
        "modifies",
        WORDING["title"],
    )
    assert 'value="115/01/31"' in page_of(client, finding)


def test_a_day_that_does_not_exist_is_refused_as_typed(sign_in, preparer, finding):
    response = save(sign_in(preparer), finding, remedied_on="115/02/29")
    assert response.status_code == 422
    assert 'value="115/02/29"' in response.content.decode()


def test_a_conflict_shows_dates_as_people_read_them(sign_in, preparer, finding):
    save_finding(finding, {"remedied_on": date(2026, 10, 31)}, version=1, by=preparer)
    page = save(sign_in(preparer), finding, **JUDGED).content.decode()
    assert "<p>115/01/31</p>" in page
    assert "<p>115/10/31</p>" in page


def test_a_contradiction_with_what_somebody_else_saved_meanwhile_is_told_at_its_field(sign_in, preparer, finding):
    save_finding(finding, {"obligation": "should"}, version=1, by=preparer)
    response = save(sign_in(preparer), finding, severity="material", risk="剛打的風險")
    assert response.status_code == 422
    assert "剛打的風險" in response.content.decode()
    assert Finding.objects.get().severity == "significant"


def test_saving_after_a_conflict_leaves_alone_what_i_did_not_touch(sign_in, preparer, reviewer, finding):
    save_finding(finding, {"title": "甲的標題", "bears_because": "無補償性控制。"}, version=1, by=preparer)
    client = sign_in(reviewer)
    page = save(client, finding, title="乙的標題").content.decode()
    assert "無補償性控制。</textarea>" in page, "the form has their judgement and my title"
    fields = dict(re.findall(r'<input type="(?:hidden|text)" name="([^"]+)" value="([^"]*)"', page))
    assert (fields["title"], fields["initial-title"], fields["version"]) == ("乙的標題", "甲的標題", "2")
    theirs = {"bears_because": "無補償性控制。", "initial-bears_because": "無補償性控制。"}
    save(client, finding, version=2, title="乙的標題", **theirs)
    stored = Finding.objects.get()
    assert (stored.title, stored.bears_because) == ("乙的標題", "無補償性控制。")


def test_a_text_that_is_too_long_is_kept_and_said_to_be_too_long(sign_in, preparer, finding):
    response = save(sign_in(preparer), finding, risk="字" * 4001)
    assert response.status_code == 422
    assert "字" * 4001 in response.content.decode()
    assert "4000" in response.content.decode()


# Withdrawing -------------------------------------------------------------------------------


def withdraw(client, finding, reason: str):
    return client.post(f"/findings/{finding.pk}/withdrawal/", {"reason": reason})


def test_a_finding_is_withdrawn_on_its_page_and_stays_struck_in_the_register(sign_in, fieldwork, reviewer, finding):
    client = sign_in(reviewer)
    assert withdraw(client, finding, "經複核屬誤判。").url == f"/findings/{finding.pk}/"
    page = page_of(client, finding)
    assert "經複核屬誤判。" in page
    assert "<textarea" not in page
    register = client.get(f"/engagements/{fieldwork.pk}/findings/").content.decode()
    assert f'<s><a href="/findings/{finding.pk}/">{WORDING["title"]}</a></s>' in register
    assert "經複核屬誤判。" in register
    assert 'class="badge significant"' not in register[: register.index("<table")], "it isn't counted"


def test_a_withdrawal_without_a_reason_is_refused_at_its_field(sign_in, preparer, finding):
    response = withdraw(sign_in(preparer), finding, " ")
    assert (response.status_code, Finding.objects.get().is_withdrawn) == (422, False)
    assert '<details class="confirm" open>' in response.content.decode()


def test_a_withdrawn_finding_can_not_be_tied_again(sign_in, preparer, finding, exception):
    withdraw_finding(finding, reason="重複。", by=preparer)
    page = sign_in(preparer).get(f"/results/{exception.pk}/findings/").content.decode()
    assert finding.title not in page


def test_markup_in_a_finding_is_text(sign_in, preparer, finding):
    save_finding(finding, {"title": "<script>alert(1)</script>", "condition": "</textarea><b>"}, version=1, by=preparer)
    page = page_of(sign_in(preparer), finding)
    assert "<script>alert" not in page
    assert "</textarea><b>" not in page


def test_the_exceptions_it_comes_from_are_tied_and_untied(sign_in, paper, preparer, finding, exception, except_from):
    other = except_from(paper.results.get(position=2))
    client = sign_in(preparer)
    assert f'<option value="{other.pk}">C-3.8.2 程序 2：' in page_of(client, finding)

    client.post(f"/findings/{finding.pk}/links/", {"result": other.pk})
    assert set(finding.results.all()) == {exception, other}
    client.post(f"/findings/{finding.pk}/links/removal/", {"result": exception.pk})
    assert set(finding.results.all()) == {other}
    assert "C-3.8.2-2" in page_of(client, finding)


def test_only_an_exception_of_the_engagement_can_be_chosen(sign_in, paper, preparer, finding):
    client = sign_in(preparer)
    response = client.post(f"/findings/{finding.pk}/links/", {"result": paper.results.get(position=2).pk})
    assert response.status_code == 422
    assert finding.links.count() == 1


def test_untying_what_is_not_tied_changes_nothing(sign_in, paper, preparer, finding):
    other = paper.results.get(position=2)
    response = sign_in(preparer).post(f"/findings/{finding.pk}/links/removal/", {"result": other.pk})
    assert response.status_code == 302
    assert finding.links.count() == 1


def test_the_quality_reviewer_reads_and_changes_nothing(sign_in, quality_reviewer, finding):
    client = sign_in(quality_reviewer)
    page = page_of(client, finding)
    assert WORDING["condition"] in page
    assert "<textarea" not in page
    for noun in ("text", "withdrawal", "links", "links/removal"):
        assert client.post(f"/findings/{finding.pk}/{noun}/", {}).status_code == 403


def test_in_an_issued_engagement_the_finding_is_read_only(sign_in, fieldwork, preparer, finding):
    Engagement.objects.filter(pk=fieldwork.pk).update(stage=Stage.ISSUED)
    client = sign_in(preparer)
    assert "<textarea" not in page_of(client, finding)
    response = save(client, finding, title="x")
    assert response.status_code == 422
    assert escape(gettext("The engagement isn't open for work; nothing was saved.")) in response.content.decode()
    assert 'value="x"' in response.content.decode(), "what was typed is not lost"
    assert Finding.objects.get().title == WORDING["title"]


def test_a_finding_is_not_there_for_strangers(client, finding, preparer, broker, other_broker, other_firm, exchange):
    client.force_login(preparer)
    assert client.get(f"/findings/{finding.pk}/").status_code == 200
    for stranger in (broker, other_broker, other_firm, exchange):
        client.force_login(stranger)
        assert client.get(f"/findings/{finding.pk}/").status_code == 404
        assert save(client, finding, title="x").status_code == 404
    assert Finding.objects.get().title == WORDING["title"]


def test_a_finding_costs_the_same_for_one_exception_and_for_ten(sign_in, fieldwork, preparer, finding, except_from):
    client = sign_in(preparer)
    results = list(
        ProcedureResult.objects.filter(workpaper__engagement=fieldwork, kind="prescribed").select_related("workpaper")[
            :12
        ]
    )

    def queries_after_tying(some: list[ProcedureResult]) -> int:
        for result in some:
            link(finding, except_from(result), by=preparer)
        with CaptureQueriesContext(connection) as captured:
            page = page_of(client, finding)
        assert len(re.findall(r"links/removal", page)) == finding.links.count()
        return len(captured)

    queries_after_tying(results[:1])
    assert queries_after_tying(results[1:2]) == queries_after_tying(results[2:])
