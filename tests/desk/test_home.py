"""What each role finds on its first page."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from desk.my_work import my_engagements, my_papers, notes_to_me, waiting_for_my_approval, waiting_for_my_review
from engagements.models import Engagement, TeamMember
from engagements.noting import write_note
from evidence.models import Request
from foundation.files.actions import store
from procedures.models import Outcome, ProcedureResult, Revision, SignOff, Workpaper
from signoff.models import ReportVersion


def home(client) -> str:
    answer = client.get("/")
    assert answer.status_code == 200
    return answer.content.decode()


def paper_of(engagement, code: str = "3.8.2") -> Workpaper:
    return Workpaper.objects.get(engagement=engagement, code=code)


def sign(paper: Workpaper, role: str, by) -> None:
    SignOff.objects.create(
        workpaper=paper, role=role, user=by, content_version=paper.content_version, content_hash="ab" * 32
    )


def wrote(paper: Workpaper, by) -> None:
    Revision.objects.create(workpaper=paper, author=by, content={}, content_version=paper.content_version)


def codes(listed) -> list[str]:
    return [paper.code for paper in listed.rows]


# Auditor -------------------------------------------------------------------------------------


def test_an_auditor_finds_the_engagements_of_the_teams_they_are_on(sign_in, engagement, preparer):
    page = home(sign_in(preparer))
    assert f'href="/engagements/{engagement.pk}/"' in page
    assert "承接" in page


def test_progress_is_shown_in_two_bars(sign_in, fieldwork, preparer):
    page = home(sign_in(preparer))
    assert re.findall(r'<progress[^>]*value="(\d+)" max="(\d+)"', page) == [("0", "230"), ("0", "69")]


def test_without_an_engagement_the_page_says_what_comes_next(sign_in, preparer):
    assert "由會計師或管理員將您納入查核團隊" in home(sign_in(preparer))


def test_papers_i_write_on_are_mine_until_they_are_signed(fieldwork, preparer):
    wrote(paper_of(fieldwork), preparer)
    rows = my_engagements(preparer)
    assert codes(my_papers(preparer, rows)) == ["3.8.2"]
    sign(paper_of(fieldwork), "prepared", preparer)
    assert codes(my_papers(preparer, rows)) == []


def test_a_paper_that_changed_since_i_signed_it_comes_back(fieldwork, preparer):
    paper = paper_of(fieldwork)
    wrote(paper, preparer)
    sign(paper, "prepared", preparer)
    Workpaper.objects.filter(pk=paper.pk).update(content_version=paper.content_version + 1)
    [returned] = my_papers(preparer, my_engagements(preparer)).rows
    assert returned.changed


def test_notes_on_my_papers_are_notes_to_me(fieldwork, preparer, reviewer):
    wrote(paper_of(fieldwork), preparer)
    write_note(fieldwork, anchor=paper_of(fieldwork), text="請附掃描件", by=reviewer)
    write_note(fieldwork, anchor=paper_of(fieldwork, "3.8.3"), text="別人的底稿", by=reviewer)
    [line] = notes_to_me(preparer, my_engagements(preparer))
    assert (line.note.text, line.paper.code) == ("請附掃描件", "3.8.2")


def test_my_own_note_is_none_to_me(fieldwork, reviewer):
    wrote(paper_of(fieldwork), reviewer)
    write_note(fieldwork, anchor=paper_of(fieldwork), text="自己的", by=reviewer)
    assert notes_to_me(reviewer, my_engagements(reviewer)) == []


def test_a_closed_note_is_gone(fieldwork, preparer, reviewer):
    wrote(paper_of(fieldwork), preparer)
    note = write_note(fieldwork, anchor=paper_of(fieldwork), text="請附掃描件", by=reviewer)
    type(note).objects.filter(pk=note.pk).update(resolved_at=timezone.now(), resolved_by=reviewer)
    assert notes_to_me(preparer, my_engagements(preparer)) == []


def test_prepared_papers_wait_for_the_manager(fieldwork, preparer, reviewer):
    sign(paper_of(fieldwork), "prepared", preparer)
    assert codes(waiting_for_my_review(reviewer, my_engagements(reviewer))) == ["3.8.2"]


def test_nobody_is_offered_the_review_of_what_they_wrote(fieldwork, preparer, reviewer):
    wrote(paper_of(fieldwork), reviewer)
    sign(paper_of(fieldwork), "prepared", preparer)
    assert codes(waiting_for_my_review(reviewer, my_engagements(reviewer))) == []


def test_the_partner_reviews_only_where_there_is_no_manager(fieldwork, preparer, reviewer, partner):
    sign(paper_of(fieldwork), "prepared", preparer)
    assert codes(waiting_for_my_review(partner, my_engagements(partner))) == []
    TeamMember.objects.filter(user=reviewer).update(ended_on="2020-01-01")
    assert codes(waiting_for_my_review(partner, my_engagements(partner))) == ["3.8.2"]


def test_reviewed_exceptions_wait_for_the_partner(fieldwork, preparer, reviewer, partner):
    for code in ("3.8.2", "3.8.3"):
        sign(paper_of(fieldwork, code), "reviewed", reviewer)
    ProcedureResult.objects.filter(workpaper=paper_of(fieldwork), position=1).update(outcome=Outcome.EXCEPTION)
    assert codes(waiting_for_my_approval(partner, my_engagements(partner))) == ["3.8.2"]


def test_a_control_wholly_not_applicable_waits_for_the_partner(fieldwork, reviewer, partner):
    sign(paper_of(fieldwork), "reviewed", reviewer)
    ProcedureResult.objects.filter(workpaper=paper_of(fieldwork)).update(outcome=Outcome.NOT_APPLICABLE)
    assert codes(waiting_for_my_approval(partner, my_engagements(partner))) == ["3.8.2"]


@pytest.mark.parametrize(
    ("stage", "of_partner", "of_quality_reviewer"),
    [
        ("fieldwork", "", ""),
        ("review", "final", ""),
        ("reporting", "final", ""),
        ("quality_review", "report", "quality"),
        ("issued", "", ""),
    ],
)
def test_each_stage_waits_for_its_signature(
    fieldwork, partner, quality_reviewer, stage, of_partner, of_quality_reviewer
):
    Engagement.objects.filter(pk=fieldwork.pk).update(stage=stage)
    found = [my_engagements(user)[0].my_signature for user in (partner, quality_reviewer)]
    assert found == [of_partner, of_quality_reviewer]


def test_the_partner_reads_what_holds_the_signature_up(sign_in, fieldwork, partner, reviewer):
    Engagement.objects.filter(pk=fieldwork.pk).update(stage="reporting")
    write_note(fieldwork, anchor=paper_of(fieldwork), text="請補充", by=reviewer)
    page = home(sign_in(partner))
    assert all(text in page for text in ("69 份底稿未覆核", "1 則覆核意見未結", "306 項資料未結"))
    assert all(text in page for text in ("結論尚未作成", "客戶聲明書尚未擬稿"))


def test_home_asks_the_same_number_of_queries_for_1_and_10_engagements(sign_in, fieldwork, partner, more_engagements):
    client = sign_in(partner)
    home(client)
    with CaptureQueriesContext(connection) as at_one:
        home(client)
    more_engagements(9)
    with CaptureQueriesContext(connection) as at_ten:
        home(client)
    assert len(my_engagements(partner)) == 10
    assert len(at_ten) == len(at_one)


# Broker --------------------------------------------------------------------------------------


def test_a_broker_finds_its_requests_the_most_urgent_first(sign_in, fieldwork, broker):
    Request.objects.filter(engagement=fieldwork, number=7).update(due_on="2020-01-01")
    page = home(sign_in(broker))
    assert re.findall(r"R-\d{3}", page)[0] == "R-007"
    assert "逾期 1 項" in page


def titles_beside_requests(page: str) -> set[str]:
    return set(re.findall(r'</a><br><span class="small soft">([^<]+)</span>', page))


def test_a_broker_reads_which_engagement_asks_when_several_do(sign_in, fieldwork, broker, more_engagements):
    assert titles_beside_requests(home(sign_in(broker))) == set()
    more_engagements(1)
    Request.objects.filter(engagement=fieldwork, number=7).update(due_on="2020-01-01")
    assert "115 年度評估" in titles_beside_requests(home(sign_in(broker)))


def test_what_was_handed_in_is_the_auditors_turn(sign_in, fieldwork, broker):
    Request.objects.filter(engagement=fieldwork).update(state="submitted")
    page = home(sign_in(broker))
    assert "目前沒有待提供的資料。" in page
    assert "待查核團隊檢視" in page


def test_drafts_are_nothing_to_the_broker(sign_in, fieldwork, broker):
    Request.objects.filter(engagement=fieldwork).update(state="draft")
    assert "R-0" not in home(sign_in(broker))


def test_another_broker_finds_nothing_of_it(sign_in, fieldwork, other_broker):
    page = home(sign_in(other_broker))
    assert "R-0" not in page
    assert "安信" not in page


def test_before_anything_is_asked_the_broker_reads_what_will_come(sign_in, engagement, broker):
    assert "目前沒有需提供的資料" in home(sign_in(broker))


# Exchange ------------------------------------------------------------------------------------


@pytest.fixture
def issued(fieldwork, partner) -> ReportVersion:
    file = store([b"%PDF-1.7\n"], name="report.pdf", by=partner)
    return ReportVersion.objects.create(
        engagement=fieldwork,
        number=1,
        final=True,
        state="issued",
        report_number="116-001",
        report_date=timezone.localdate(),
        fingerprint="ab" * 32,
        binder=file,
        pdf=file,
        workbook=file,
        issued_by=partner,
        issued_at=timezone.now(),
    )


def test_the_exchange_finds_issued_reports_with_download_and_hash(sign_in, issued, exchange):
    page = home(sign_in(exchange))
    assert f"/reports/{issued.pk}/files/pdf/" in page
    assert f"/reports/{issued.pk}/files/xlsx/" in page
    assert issued.pdf.sha256 in page


def test_a_superseded_report_stays_and_is_marked(sign_in, issued, exchange):
    ReportVersion.objects.filter(pk=issued.pk).update(state="superseded")
    assert "已被取代" in home(sign_in(exchange))


def test_a_report_that_is_not_issued_is_nothing_to_the_exchange(sign_in, fieldwork, exchange, partner):
    ReportVersion.objects.create(engagement=fieldwork, number=1, report_number="116-009", fingerprint="ab" * 32)
    page = home(sign_in(exchange))
    assert "116-009" not in page
    assert "尚無已申報之報告" in page


def test_the_exchange_is_not_shown_engagements(sign_in, fieldwork, exchange):
    assert str(fieldwork.pk) not in home(sign_in(exchange))


# Administrator -------------------------------------------------------------------------------


def test_the_administrator_sees_shells_of_engagements_and_the_way_to_the_people(sign_in, fieldwork, admin):
    page = home(sign_in(admin))
    assert f"/engagements/{fieldwork.pk}/team/" in page
    assert f"/organizations/{admin.organization_id}/" in page


def test_an_engagement_without_partner_is_marked(sign_in, engagement, admin, partner):
    TeamMember.objects.filter(user=partner).update(ended_on="2020-01-01")
    assert "尚無會計師" in home(sign_in(admin))


def test_the_administrators_page_asks_the_same_for_1_and_10_engagements(
    sign_in, fieldwork, admin, partner, broker_company, exchange_company
):
    client = sign_in(admin)
    home(client)
    with CaptureQueriesContext(connection) as at_one:
        home(client)
    for year in range(2000, 2009):
        Engagement.objects.create(
            firm=fieldwork.firm,
            auditee=broker_company,
            filed_with=exchange_company,
            kind="annual",
            period_start=f"{year}-01-01",
            period_end=f"{year}-12-31",
            deadline=f"{year + 1}-03-31",
            catalogue=fieldwork.catalogue,
        )
    with CaptureQueriesContext(connection) as at_ten:
        home(client)
    assert len(at_ten) == len(at_one)


def test_a_visitor_is_sent_to_the_login(client, db):
    assert client.get("/")["Location"] == "/login/?next=/"
