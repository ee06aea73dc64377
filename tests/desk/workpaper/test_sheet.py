"""The sheet and its index: what each person sees of a paper."""

import re
from datetime import date

import pytest
from django.utils.html import escape

from engagements.models import Engagement
from engagements.noting import write_note
from evidence.citing import Place
from findings.actions import raise_finding
from procedures.actions import Entry, save_conclusion, save_result
from procedures.models import ProcedureResult, Workpaper
from tests.desk.workpaper.reading import DONE, WORDING, foot, forms, words
from tests.uploads import attach, pdf, text

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
    citation = attach(result, pdf("作業程序.pdf"), at=Place(4, tickmark="∧"), by=preparer)
    cites = page(preparer).split(f'id="cites-{result.pk}"')[1].split("</div>")[0]
    assert f'href="{escape(citation.get_absolute_url())}"' in cites
    assert words(cites.split(">", 1)[1]) == "∧ E-001 作業程序.pdf p.4 × ＋ 佐證"


# Index -------------------------------------------------------------------------------------


def test_the_index_lists_every_paper_with_its_state(page, paper, fieldwork, fill, sign, preparer, reviewer):
    fill(paper)
    sign(paper, "prepared", preparer)
    write_note(fieldwork, anchor=paper, text="請補充。", by=reviewer)
    html = page(preparer)
    rows = re.findall(r'<a class="index-row".*?</a>', html)
    assert len(rows) == 69 + 15
    (here,) = [row for row in rows if 'aria-current="page"' in row]
    assert 'class="mark prepared"' in here
    assert words(here) == "3.8.2 弱點掃描 ✎1 3"


def test_the_neighbours_are_one_key_away(page, fieldwork, preparer):
    html = page(preparer)
    assert re.search(r'href="[^"]*/papers/3\.8\.1/" rel="prev"', html)
    assert re.search(r'href="[^"]*/papers/3\.8\.3/" rel="next"', html)
    first = page(preparer, of=Workpaper.objects.filter(engagement=fieldwork).earliest("position"))
    assert 'rel="prev"' not in first
    last = page(preparer, of=Workpaper.objects.filter(engagement=fieldwork).order_by("position").last())
    assert 'rel="next"' not in last


# Reading only ------------------------------------------------------------------------------


def test_the_quality_reviewer_reads_text_instead_of_closed_fields(page, result, preparer, quality_reviewer):
    save_result(result, DONE, version=1, by=preparer)
    html = page(quality_reviewer)
    sheet = html.split('<article class="sheet">')[1].split("</article>")[0]
    assert re.findall(r"<(?:form|textarea|input|select)\b", sheet) == []
    assert "無例外" in words(sheet)
    assert "data-autosave" not in html


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


# Parts -------------------------------------------------------------------------------------


def test_after_a_change_the_parts_that_follow_from_it_come_alone(page, paper, result, preparer):
    part = page(preparer, part="acts", seen=1)
    assert "<html" not in part
    assert "data-autosave" not in part
    swapped = re.findall(r'id="([\w-]+)"[^>]* hx-swap-oob="true"', part)
    parts = ("cites", "duties", "follows", "refers", "note-mark")
    each = [f"{name}-{pk}" for pk in paper.results.values_list("pk", flat=True) for name in parts]
    whole = {"row", "signs", "stale", "interim", "before-signing", "suggestions", "refers-conclusion", "legend"}
    assert set(swapped) == {*whole, "crossing", *each}
