"""The workpaper's page: what each person sees of a paper, in a constant number of queries."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from engagements.actions import reply_to_note, resolve_note, write_note
from engagements.models import Engagement
from evidence.actions import Covered, attach
from evidence.models import Citation
from evidence.requests import answer_request
from findings.actions import raise_finding
from procedures.actions import Entry, save_conclusion, save_result
from procedures.models import ProcedureResult, SignOff, Workpaper
from procedures.workflow import sign_off
from tests.uploads import pdf, text

DONE = Entry("no_exception", "取得並檢視，核對相符。", "", date(2026, 11, 10))
WORDING = {
    "title": "下半年未執行弱點掃描",
    "condition": "下半年未執行。",
    "criterion": "每半年應進行弱點掃描",
    "severity": "significant",
    "type": "operation",
    "risk": "弱點未及時發現。",
    "recommendation": "應依規定執行。",
}


@pytest.fixture
def page(sign_in, paper):
    """Fetch a paper's page as somebody; `part` is what htmx is about to replace."""

    def page(user, *, of=None, part="", status=200, language="zh-hant", **query):
        headers = {"Accept-Language": language} | ({"HX-Request": "true", "HX-Target": part} if part else {})
        answer = sign_in(user).get((of or paper).get_absolute_url(), query, headers=headers)
        assert answer.status_code == status
        return answer.content.decode()

    return page


@pytest.fixture
def fill(preparer):
    """Fill in every procedure of a paper, each with a piece of evidence."""

    def fill(paper, entry=DONE):
        for result in ProcedureResult.objects.filter(workpaper=paper):
            save_result(result, entry, version=result.version, by=preparer)
            attach(result, pdf(f"{paper.code}-{result.position}.pdf", str(result.pk).encode()), by=preparer)
        paper.refresh_from_db()
        return paper

    return fill


@pytest.fixture
def sign():
    def sign(paper, role, by):
        paper.refresh_from_db()
        return sign_off(paper, SignOff.Role(role), content_version=paper.content_version, by=by)

    return sign


def words(html):
    """What a reader sees, white space folded."""
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def foot(html):
    return html[html.index('id="acts"') :].split("</footer>")[0]


def forms(html):
    return re.findall(r"<form[^>]* data-autosave", html)


# The sheet ---------------------------------------------------------------------------------


def test_the_regulator_s_words_stand_on_the_sheet_letter_for_letter(page, fieldwork, preparer):
    paper = Workpaper.objects.get(engagement=fieldwork, code="3.8.5")
    html = page(preparer, of=paper)
    point = paper.control_point
    assert escape(point.control_text) in html
    for line in point.references.all():
        assert escape(line.printed) in html
    for procedure in point.procedures.all():
        assert escape(procedure.text) in html
        assert all(escape(step) in html for step in procedure.steps)


def test_a_repealed_regulation_is_said_to_be_repealed_beside_its_line(page, preparer):
    assert "112/04/25 廢止" in words(page(preparer))


def test_the_head_names_client_period_index_and_who_signed(page, paper, fill, sign, preparer, reviewer):
    fill(paper)
    sign(paper, "prepared", preparer)
    sign(paper, "reviewed", reviewer)
    head = words(page(preparer).split('<article class="sheet">')[1].split("</header>")[0])
    day = "115/11/23"[:4]
    assert head.startswith("C-3.8.2 弱點掃描 編製 陳柏翰 " + day)
    assert "覆核 李佳穎 " + day in head
    assert head.endswith("安信數位證券股份有限公司 115/01/01 – 115/12/31")


def test_only_the_results_that_may_be_are_offered(page, preparer):
    html = page(preparer)
    assert 'value="scope_limitation"' in html
    assert 'value="not_yet_operating"' not in html


def test_as_of_a_date_what_is_tested_by_operation_may_not_operate_yet(page, fieldwork, preparer):
    as_of = {"period_start": None, "period_end": None, "as_of": date(2026, 6, 30)}
    Engagement.objects.filter(pk=fieldwork.pk).update(kind="establishment", **as_of)
    result = ProcedureResult.objects.filter(
        workpaper__engagement=fieldwork, procedure__nature=["operating"], workpaper__code="3.10.2"
    ).first()
    html = page(preparer, of=result.workpaper)
    assert 'value="not_yet_operating"' in html
    assert "115/06/30" in words(html)


def test_markup_in_what_was_typed_is_shown_as_text(page, paper, result, preparer, reviewer):
    evil = "</textarea><script>alert(1)</script>"
    save_result(result, Entry("exception", evil, evil, None), version=1, by=preparer)
    save_conclusion(paper, evil, version=1, by=preparer)
    write_note(paper.engagement, anchor=paper, text=evil, by=reviewer)
    attach(result, text("<img src=x>.txt"), by=preparer)
    for side in ("evidence", "requests", "notes", "history"):
        html = page(preparer, side=side)
        assert "<script>alert" not in html
        assert "<img src=x" not in html
    assert html.count(escape(evil)) >= 4


def test_a_long_text_is_shown_whole(page, result, preparer):
    save_result(result, Entry("no_exception", "長" * 20_000, "", None), version=1, by=preparer)
    assert "長" * 20_000 in page(preparer)


def test_what_a_result_still_lacks_is_said_under_it(page, result, preparer):
    save_result(result, Entry("exception", "下半年未執行。", "", None), version=1, by=preparer)
    lacking = words(page(preparer).split(f'id="follows-{result.pk}"')[1].split("</section>")[0])
    assert "尚缺" in lacking
    assert lacking.count("；") == 2  # date, evidence, finding


def test_an_untouched_procedure_is_not_nagged_about(page, result, preparer):
    assert "尚缺" not in words(page(preparer).split(f'id="follows-{result.pk}"')[1].split("</section>")[0])


def test_a_finding_is_called_out_under_its_exception(page, result, preparer):
    save_result(result, Entry("exception", "下半年未執行。", "", date(2026, 11, 9)), version=1, by=preparer)
    finding = raise_finding(result, WORDING, by=preparer)
    html = page(preparer)
    assert f'href="{finding.get_absolute_url()}">F-01　下半年未執行弱點掃描</a>' in html
    assert f'id="raise-{result.pk}"' in html


def test_a_finding_is_raised_from_an_exception_only(page, result, preparer):
    assert f'id="raise-{result.pk}"' not in page(preparer)


def test_citations_lead_to_their_files_with_tickmark_and_page(page, result, preparer):
    citation = attach(result, pdf("作業程序.pdf"), page=4, tickmark="∧", by=preparer)
    cites = page(preparer).split(f'id="cites-{result.pk}"')[1].split("</div>")[0]
    assert f'href="{citation.evidence.get_absolute_url()}"' in cites
    assert words(cites.split(">", 1)[1]) == "∧ E-001 作業程序.pdf p.4 × ＋ 佐證"


# Index -------------------------------------------------------------------------------------


def test_the_index_lists_every_paper_with_its_state(page, paper, fieldwork, fill, sign, preparer, reviewer):
    fill(paper)
    sign(paper, "prepared", preparer)
    write_note(fieldwork, anchor=paper, text="請補充。", by=reviewer)
    html = page(preparer)
    rows = re.findall(r'<a class="index-row".*?</a>', html)
    assert len(rows) == 69
    (here,) = [row for row in rows if 'aria-current="page"' in row]
    assert 'class="mark prepared"' in here
    assert words(here) == "3.8.2 弱點掃描 ✎1 3"


def test_the_neighbours_are_one_key_away(page, fieldwork, preparer):
    html = page(preparer)
    assert re.search(r'href="[^"]*/papers/3\.8\.1/" rel="prev"', html)
    assert re.search(r'href="[^"]*/papers/3\.8\.3/" rel="next"', html)
    first = page(preparer, of=Workpaper.objects.get(engagement=fieldwork, code="1.1"))
    assert 'rel="prev"' not in first
    last = page(preparer, of=Workpaper.objects.filter(engagement=fieldwork).order_by("position").last())
    assert 'rel="next"' not in last


# Signing -----------------------------------------------------------------------------------


def test_a_shut_gate_prints_what_stands_before_it(page, preparer):
    html = page(preparer)
    assert "data-signoff" not in html
    assert "尚缺 3 項" in words(foot(html))
    assert len(re.findall(r'<li><a href="#result-', html)) == 3


def test_an_open_gate_offers_the_signature_on_what_is_seen(page, paper, fill, preparer):
    fill(paper)
    act = foot(page(preparer))
    assert "編製完成簽章" in act
    assert f'name="content_version" value="{paper.content_version}"' in act


def test_the_page_prints_the_list_that_the_gate_enforces(
    page, paper, fill, sign, fieldwork, preparer, reviewer, partner
):
    fill(paper, Entry("exception", "未執行。", "影響輕微，已改善。", date(2026, 11, 9)))
    sign(paper, "prepared", preparer)
    write_note(fieldwork, anchor=paper, text="請補充。", by=reviewer)
    assert "尚缺 1 項" in words(foot(page(reviewer)))
    assert "尚缺 1 項" in words(foot(page(partner)))
    assert "下一步：覆核簽章" in words(foot(page(preparer)))


def test_reviewed_and_approved_by_the_partner_where_there_is_an_exception(
    page, paper, fill, sign, preparer, reviewer, partner
):
    fill(paper, Entry("exception", "未執行。", "影響輕微，已改善。", date(2026, 11, 9)))
    sign(paper, "prepared", preparer)
    sign(paper, "reviewed", reviewer)
    assert "會計師簽章" in foot(page(partner))
    sign(paper, "approved", partner)
    assert "簽章已齊備" in foot(page(partner))


def test_a_signed_paper_is_read_until_it_is_reopened(page, paper, fill, sign, preparer):
    fill(paper)
    sign(paper, "prepared", preparer)
    html = page(preparer)
    assert forms(html) == []
    assert "取得並檢視，核對相符。" in words(html)
    reopened = page(preparer, reopened="1")
    assert len(forms(reopened)) == 4
    assert "任何異動都會使簽章失效" in words(reopened)


def test_a_change_after_signing_is_shown_loudly(page, paper, fill, sign, preparer, reviewer):
    fill(paper)
    sign(paper, "prepared", preparer)
    sign(paper, "reviewed", reviewer)
    signed = paper.content_version
    save_conclusion(paper, "另有補充。", version=paper.version, by=preparer)
    notice = words(page(preparer).split('id="stale"')[1].split('<section class="control"')[0])
    assert "簽核後異動" in notice
    assert f"簽署第 {signed} 版，底稿現為第 {signed + 1} 版" in notice
    assert ("陳柏翰" in notice, "李佳穎" in notice) == (True, True)


def test_whoever_has_not_seen_the_latest_is_offered_no_signature(page, paper, fill, preparer):
    fill(paper)
    part = page(preparer, part="acts", seen=paper.content_version - 1)
    assert "data-signoff" not in part
    assert "這段期間有人異動了本底稿" in part
    assert "data-signoff" in page(preparer, part="acts", seen=paper.content_version)


# Reading only ------------------------------------------------------------------------------


def test_the_quality_reviewer_reads_text_instead_of_closed_fields(page, result, preparer, quality_reviewer):
    save_result(result, DONE, version=1, by=preparer)
    html = page(quality_reviewer)
    sheet = html.split('<article class="sheet">')[1].split("</article>")[0]
    assert re.findall(r"<(?:form|textarea|input|select)\b", sheet) == []
    assert "無例外" in words(sheet)
    assert "autosave.js" not in html


def test_an_issued_engagement_is_read_only_for_everybody(page, fieldwork, preparer, partner):
    Engagement.objects.filter(pk=fieldwork.pk).update(stage="issued")
    for user in (preparer, partner):
        html = page(user)
        assert forms(html) == []
        assert "唯讀" in foot(html)


@pytest.mark.parametrize("who", ["broker", "other_broker", "other_firm", "exchange", "admin"])
def test_others_do_not_learn_that_the_paper_exists(page, request, who):
    page(request.getfixturevalue(who), status=404)


def test_an_unknown_index_is_not_found(sign_in, fieldwork, preparer):
    assert sign_in(preparer).get(f"/engagements/{fieldwork.pk}/papers/9.9.9/").status_code == 404


def test_the_page_is_only_fetched(sign_in, paper, preparer):
    assert sign_in(preparer).post(paper.get_absolute_url()).status_code == 405


# Side --------------------------------------------------------------------------------------


def test_evidence_is_listed_with_its_time_and_procedures(page, result, preparer):
    covered = Covered(date(2026, 4, 20), date(2026, 5, 18))
    citation = attach(result, pdf("掃描報告.pdf"), covered=covered, page=12, by=preparer)
    side = words(page(preparer, part="side", side="evidence"))
    assert "E-001 掃描報告.pdf" in side
    assert "涵蓋 115/04/20 – 115/05/18" in side
    assert "程序 1 ✓ p.12" in side
    assert citation.evidence.file.short_hash in side


def test_the_time_a_duty_s_evidence_covers_is_drawn(page, paper, preparer):
    bound = paper.results.get(position=3)
    attach(bound, pdf(), covered=Covered(date(2026, 4, 20), date(2026, 5, 18)), by=preparer)
    side = page(preparer, part="side", side="evidence")
    assert "期間涵蓋：弱點掃描" in words(side)
    assert "應執行 2 次 · 已涵蓋 1 次" in words(side)
    assert side.count('class="need"') == 2
    assert '<rect class="have" x="30%" width="8%"' in side


def test_requests_of_the_paper_s_procedures_are_listed_with_their_state(page, paper, fieldwork, broker, preparer):
    request = fieldwork.requests.get(title="弱點掃描報告")
    answer_request(request, [pdf("掃描報告.pdf")], answer="上半年之報告。", by=broker)
    side = words(page(preparer, side="requests"))
    assert f"{request.label} 弱點掃描報告 待檢視 程序 3" in side
    assert "受查者：上半年之報告。" in side
    assert "E-001 掃描報告.pdf" in side


def test_notes_are_threads_and_resolved_ones_come_last(page, paper, fieldwork, preparer, reviewer):
    first = write_note(fieldwork, anchor=paper, text="第一則", by=reviewer)
    second = write_note(fieldwork, anchor=paper, text="第二則", by=reviewer)
    reply_to_note(first, text="已補附。", by=preparer)
    resolve_note(second, by=reviewer)
    side = words(page(reviewer, part="side", side="notes"))
    assert side.index("第一則") < side.index("已補附。") < side.index("第二則")
    assert "已結清" in side


def test_whoever_may_write_notes_sees_where_and_others_only_reply(page, paper, fieldwork, preparer, reviewer):
    write_note(fieldwork, anchor=paper, text="請補充。", by=reviewer)
    assert 'id="note-new"' in page(reviewer, part="side", side="notes")
    side = page(preparer, part="side", side="notes")
    assert 'id="note-new"' not in side
    assert "結清" not in words(side)
    assert "回覆" in words(side)


def test_the_history_tells_who_changed_what_newest_first(page, paper, result, sign, fill, preparer, reviewer):
    save_result(result, Entry("no_exception", "取得程序書，核對核定日期。", "", None), version=1, by=preparer)
    save_result(result, Entry("exception", "取得程序書，未見核定日期。", "", None), version=2, by=reviewer)
    attach(result, pdf("程序書.pdf"), by=reviewer)
    side = page(preparer, part="side", side="history")
    entries = [words(entry) for entry in re.findall(r"<li class=\"block.*?</li>", side, re.DOTALL)]
    assert [entry.split()[0] for entry in entries] == ["李佳穎", "李佳穎", "陳柏翰"]
    assert "依據 E-001 程序書.pdf" in entries[0]
    assert re.search(r"取得程序書，<del>核對</del><ins>未見</ins>核定日期。", side)
    assert "無例外" in entries[2]


def test_an_unknown_side_is_the_evidence(page, preparer):
    assert "還沒有佐證" in words(page(preparer, side="../etc"))


# Parts -------------------------------------------------------------------------------------


def test_after_a_change_the_parts_that_follow_from_it_come_alone(page, paper, result, preparer):
    part = page(preparer, part="acts", seen=1)
    assert "<html" not in part
    assert "data-autosave" not in part
    swapped = re.findall(r'id="([\w-]+)"[^>]* hx-swap-oob="true"', part)
    each = [f"{name}-{pk}" for pk in paper.results.values_list("pk", flat=True) for name in ("cites", "follows")]
    assert set(swapped) == {"row", "signs", "stale", "before-signing", *each}


# Language and cost -------------------------------------------------------------------------


def test_in_english_nothing_of_ours_is_chinese(page, preparer):
    html = page(preparer, language="en")
    sheet = html.split('<article class="sheet">')[1].split("</article>")[0]
    ours = words(re.sub(r'<(\w+)[^>]* lang="zh-Hant-TW">.*?</\1>', " ", sheet, flags=re.DOTALL))
    assert "C-3.8.2 Vulnerability scanning" in ours
    left = [word for word in re.findall(r"[\u4e00-\u9fff]+", ours) if word not in "安信數位證券股份有限公司弱點掃描"]
    assert left == []


@pytest.fixture
def statements(sign_in, preparer):
    """How many queries a page or a part of it takes."""
    client = sign_in(preparer)

    def statements(paper, *, part="", **query):
        headers = {"HX-Request": "true", "HX-Target": part} if part else {}
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(paper.get_absolute_url(), query, headers=headers)
            count = len(captured)
        assert answer.status_code == 200
        return count

    return statements


@pytest.mark.parametrize("query", [{}, {"part": "acts"}])
def test_a_paper_costs_as_many_queries_with_thirteen_procedures_as_with_one(
    statements, fieldwork, fill, preparer, reviewer, query
):
    small = Workpaper.objects.get(engagement=fieldwork, code="3.14.3")
    large = Workpaper.objects.get(engagement=fieldwork, code="3.8.5")
    assert (small.results.count(), large.results.count()) == (1, 14)
    bare = statements(small, **query)
    fill(large, Entry("exception", "未執行。", "", date(2026, 11, 9)))
    raise_finding(large.results.get(position=1), WORDING, by=preparer)
    write_note(fieldwork, anchor=large, text="請補充。", by=reviewer)
    assert Citation.objects.filter(result__workpaper=large).count() == 14
    assert statements(large, **query) == bare <= 15


@pytest.mark.parametrize("side", ["requests", "notes", "history"])
def test_a_side_costs_the_same_when_it_is_full(statements, paper, fieldwork, fill, preparer, reviewer, broker, side):
    empty = statements(paper, part="side", side=side)
    fill(paper)
    for request in fieldwork.requests.filter(title__startswith="弱點掃描"):
        answer_request(request, [pdf(), text()], by=broker)
    for number in range(3):
        reply_to_note(write_note(fieldwork, anchor=paper, text=f"{number}", by=reviewer), text="好", by=preparer)
    assert statements(paper, part="side", side=side) == empty <= 15
