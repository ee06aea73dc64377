"""The engagement page: stage, gate, map, counts; the same cost for one engagement and for many."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from engagements.models import Engagement
from engagements.risks import area_row, assess
from evidence.models import Request
from foundation.files.actions import store
from foundation.trail.actions import record
from foundation.trail.models import Event
from procedures.models import Outcome, ProcedureResult, SignOff, Workpaper
from signoff.models import ReportVersion
from tests import beginnings, stages

MOST_QUERIES = 15
# The gates from review on also ask what covers the period, what was accepted and planned, what bears on the conclusion,
# and what the report's date has to agree with.
MOST_BEFORE_ISSUE = 28


def page_of(client, engagement) -> str:
    answer = client.get(f"/engagements/{engagement.pk}/")
    assert answer.status_code == 200
    return answer.content.decode()


def cell_of(page: str, code: str) -> str:
    """The map's cell of a paper: its classes."""
    found: str = re.search(rf'class="cell ([^"]*)" href="[^"]*/{re.escape(code)}/"', page).group(1)
    return found


def queries_of(client, engagement) -> int:
    page_of(client, engagement)
    with CaptureQueriesContext(connection) as queries:
        page_of(client, engagement)
    return len(queries)


# Map -----------------------------------------------------------------------------------------


def test_the_map_has_a_cell_for_each_of_the_69_control_points_and_15_general_papers(sign_in, fieldwork, preparer):
    page = page_of(sign_in(preparer), fieldwork)
    assert len(re.findall(r'<a class="cell', page)) == 69 + 15


def test_each_cell_leads_to_its_paper(sign_in, fieldwork, preparer, paper):
    assert f'href="{paper.get_absolute_url()}"' in page_of(sign_in(preparer), fieldwork)


def test_areas_are_numbered_as_the_guideline_numbers_them(sign_in, fieldwork, preparer):
    page = page_of(sign_in(preparer), fieldwork)
    assert "三、資通安全作業" in page
    assert "（二十）區塊鏈平台底層" in page


def test_in_english_areas_have_arabic_numbers(sign_in, fieldwork, preparer):
    client = sign_in(preparer)
    client.cookies["django_language"] = "en"
    with translation.override("en"):
        assert "20. Blockchain platform" in page_of(client, fieldwork)


def test_a_cell_shows_how_far_a_paper_is(sign_in, fieldwork, preparer, reviewer, paper):
    client = sign_in(preparer)
    seen = [cell_of(page_of(client, fieldwork), "3.8.2")]
    ProcedureResult.objects.filter(workpaper=paper, position=1).update(outcome=Outcome.NO_EXCEPTION)
    seen.append(cell_of(page_of(client, fieldwork), "3.8.2"))
    for role, user in (("prepared", preparer), ("reviewed", reviewer)):
        SignOff.objects.create(
            workpaper=paper, role=role, user=user, content_version=paper.content_version, content_hash="ab" * 32
        )
        seen.append(cell_of(page_of(client, fieldwork), "3.8.2"))
    Workpaper.objects.filter(pk=paper.pk).update(content_version=99)
    seen.append(cell_of(page_of(client, fieldwork), "3.8.2"))
    assert seen == ["none", "doing", "prepared", "reviewed", "stale"]


def test_an_exception_is_marked_whatever_the_state(sign_in, fieldwork, preparer, paper):
    ProcedureResult.objects.filter(workpaper=paper, position=1).update(outcome=Outcome.EXCEPTION)
    assert cell_of(page_of(sign_in(preparer), fieldwork), "3.8.2") == "doing exception"


def test_a_control_that_does_not_apply_is_drawn_apart(sign_in, fieldwork, preparer, paper):
    ProcedureResult.objects.filter(workpaper=paper).update(outcome=Outcome.NOT_APPLICABLE)
    assert cell_of(page_of(sign_in(preparer), fieldwork), "3.8.2") == "na"


# Stage and gate ------------------------------------------------------------------------------


def test_before_fieldwork_the_page_says_the_next_steps(sign_in, engagement, partner):
    page = page_of(sign_in(partner), engagement)
    assert "已回答 0／32 題" in page
    assert "cell" not in page.split("<main")[1].split("</main>")[0]


def test_the_countdown_is_on_the_page(sign_in, engagement, preparer):
    Engagement.objects.filter(pk=engagement.pk).update(deadline=timezone.localdate())
    assert "剩 0 日" in page_of(sign_in(preparer), engagement)


def test_a_missed_deadline_is_said(sign_in, engagement, preparer):
    Engagement.objects.filter(pk=engagement.pk).update(deadline="2020-03-31")
    assert "逾期" in page_of(sign_in(preparer), engagement)


def test_a_reissue_after_the_deadline_says_when_the_report_was_issued(sign_in, reporting, preparer):
    Engagement.objects.filter(pk=reporting.pk).update(deadline="2020-03-31", issued_on="2020-03-20")
    page = page_of(sign_in(preparer), reporting)
    assert "逾期" not in page
    assert "109/03/20</time> 出具" in page


def test_the_page_lists_the_blockers_of_the_next_gate(sign_in, fieldwork, partner):
    page = page_of(sign_in(partner), fieldwork)
    assert "230 項程序尚無結果" in page
    assert "stage/next/" not in page


def test_the_open_gate_has_its_button_for_those_who_may(sign_in, engagement, partner, preparer):
    beginnings.accepted(engagement, partner=partner)
    assert "stage/next/" in page_of(sign_in(partner), engagement)
    assert "stage/next/" not in page_of(sign_in(preparer), engagement)


def test_fieldwork_is_opened_from_here(sign_in, planned, partner):
    assert f'action="/engagements/{planned.pk}/fieldwork/"' in page_of(sign_in(partner), planned)


def test_a_stage_can_be_sent_back_by_those_who_may(sign_in, fieldwork, preparer, partner):
    review = stages.in_review(fieldwork, preparer=preparer, partner=partner)
    assert "stage/previous/" in page_of(sign_in(partner), review)
    assert "stage/previous/" not in page_of(sign_in(preparer), review)


def test_issuing_happens_on_the_reports_page(sign_in, fieldwork, partner):
    Engagement.objects.filter(pk=fieldwork.pk).update(stage="quality_review")
    page = page_of(sign_in(partner), fieldwork)
    assert "報告尚未出具" in page
    assert "stage/next/" not in page


# Counts and events ---------------------------------------------------------------------------


def test_requests_are_counted_by_what_they_wait_for(sign_in, fieldwork, preparer):
    requests = Request.objects.filter(engagement=fieldwork)
    requests.filter(number__lte=3).update(state="accepted")
    requests.filter(number__in=(4, 5)).update(state="submitted")
    requests.filter(number=6).update(due_on="2020-01-01")
    tally = re.search(r'<ul class="tally">.*?</ul>', page_of(sign_in(preparer), fieldwork)).group()
    assert re.sub(r"<[^>]+>", " ", tally).split() == [
        "3",
        "已收妥",
        "2",
        "待檢視",
        "301",
        "待提供",
        "1",
        "逾期",
        "共",
        "306",
        "項",
    ]


def test_the_last_events_are_told_in_words(sign_in, fieldwork, partner):
    assert "將案件由「規劃」移至「執行」" in page_of(sign_in(partner), fieldwork)


def test_a_title_with_markup_is_text(sign_in, engagement, partner, broker_company):
    broker_company.name = "<i>安信</i>"
    broker_company.save()
    assert "&lt;i&gt;安信&lt;/i&gt;" in page_of(sign_in(partner), engagement)


# Who -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "status"),
    [("other_firm", 404), ("other_broker", 404), ("exchange", 404), ("admin", 404), ("broker", 403)],
)
def test_others_find_nothing_and_the_audited_broker_may_not(sign_in, fieldwork, who, status, request):
    client = sign_in(request.getfixturevalue(who))
    assert client.get(f"/engagements/{fieldwork.pk}/").status_code == status


def test_the_denial_says_nothing_about_the_engagement(sign_in, fieldwork, broker):
    page = sign_in(broker).get(f"/engagements/{fieldwork.pk}/").content.decode()
    assert "115 年度評估" not in page


def test_a_client_that_wants_no_page_is_denied_in_json(sign_in, fieldwork, broker):
    answer = sign_in(broker).get(f"/engagements/{fieldwork.pk}/", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()) == (403, {"detail": "forbidden"})


def test_opening_the_page_leaves_no_trace(sign_in, fieldwork, partner):
    client = sign_in(partner)
    before = Event.objects.count()
    page_of(client, fieldwork)
    assert Event.objects.count() == before


def test_an_issued_engagement_says_which_report_and_until_when_its_file_is_put_together(sign_in, fieldwork, partner):
    Engagement.objects.filter(pk=fieldwork.pk).update(stage="issued")
    file = store([b"%PDF-1.7\n"], name="report.pdf", by=partner)
    facts = {"report_number": "116-004", "report_date": date(2027, 3, 1), "binder": file, "pdf": file}
    ReportVersion.objects.create(
        engagement=fieldwork, number=1, final=True, state="issued", issued_by=partner, issued_at=timezone.now(), **facts
    )
    page = page_of(sign_in(partner), fieldwork)
    assert "116-004" in page
    assert "116/04/30" in page
    assert "stage/next/" not in page


def test_looking_at_evidence_drowns_no_news(sign_in, fieldwork, partner, paper):
    told = {"chain": fieldwork.chain, "by": partner, "about": paper, "facts": {}}
    for event in ("workpaper.unassigned", *["evidence.viewed"] * 9):
        record(event, **told)
    news = news_of(sign_in(partner), fieldwork)
    assert "取消" in news
    assert "調閱" not in news


def test_nor_does_typing(sign_in, fieldwork, partner, preparer, paper):
    """A paper that somebody saves every few seconds is told of once, at its last state; another's typing beside it."""
    told = {"chain": fieldwork.chain, "about": paper}
    record("workpaper.unassigned", by=partner, **told)
    for outcome in [*["exception"] * 40, "no_exception"]:
        record("result.saved", by=preparer, facts={"outcome": outcome}, **told)
        record("result.saved", by=partner, facts={"outcome": "not_applicable"}, **told)
    news = news_of(sign_in(partner), fieldwork)
    assert "取消" in news
    assert (news.count("無例外"), news.count("有例外"), news.count("不適用")) == (1, 0, 1)


def news_of(client, engagement) -> str:
    return page_of(client, engagement).split('id="recent"')[1].split("</section>")[0]


# Cost ----------------------------------------------------------------------------------------


def test_the_page_stays_within_its_queries_in_fieldwork(sign_in, fieldwork, partner, paper):
    ProcedureResult.objects.filter(workpaper=paper, position=1).update(outcome=Outcome.EXCEPTION)
    assert queries_of(sign_in(partner), fieldwork) <= MOST_QUERIES


@pytest.mark.parametrize("stage", ["acceptance", "planning", "review", "reporting", "quality_review", "issued"])
def test_and_in_every_other_stage(sign_in, fieldwork, partner, stage):
    Engagement.objects.filter(pk=fieldwork.pk).update(stage=stage)
    most = MOST_BEFORE_ISSUE if stage in {"review", "reporting", "quality_review"} else MOST_QUERIES
    assert queries_of(sign_in(partner), fieldwork) <= most


@pytest.mark.parametrize("stage", ["acceptance", "planning"])
def test_and_before_there_are_papers_on_control_points(sign_in, planned, partner, stage):
    Engagement.objects.filter(pk=planned.pk).update(stage=stage)
    assert queries_of(sign_in(partner), planned) <= MOST_QUERIES


def test_an_area_of_high_risk_is_told_on_the_map_and_on_its_papers(sign_in, fieldwork, partner):
    assess(fieldwork, area_row(fieldwork, "3.8"), level="high", why="權限複雜", by=partner)
    client = sign_in(partner)
    assert page_of(client, fieldwork).count('class="risk high"') == 1
    places = [f"{fieldwork.get_absolute_url()}papers/{code}/" for code in ("3.8.2", "3.9.1")]
    heads = [client.get(place).content.decode().split("</h1>")[0] for place in places]
    assert ["badge bad" in head for head in heads] == [True, False]


def test_ten_engagements_cost_what_one_costs(sign_in, fieldwork, partner, more_engagements):
    client = sign_in(partner)
    at_one = queries_of(client, fieldwork)
    more_engagements(9)
    assert queries_of(client, fieldwork) == at_one


def test_the_quality_reviewer_is_told_why_buttons_are_missing_and_where_to_sign(sign_in, fieldwork, quality_reviewer):
    page = sign_in(quality_reviewer).get(fieldwork.get_absolute_url(), headers={"Accept-Language": "en"})
    said = page.content.decode().split("You are the quality reviewer here")[1].split("</p>")[0]
    assert reverse("conclusion", args=[fieldwork.pk]) in said


def test_the_others_are_not(sign_in, fieldwork, partner):
    page = sign_in(partner).get(fieldwork.get_absolute_url(), headers={"Accept-Language": "en"})
    assert "You are the quality reviewer here" not in page.content.decode()
