"""Signing: what the page offers, prints and says about a paper's signatures."""

import re
from datetime import date

from engagements.noting import write_note
from procedures.actions import Entry, save_conclusion
from tests.desk.workpaper.reading import foot, forms, words


def test_a_shut_gate_prints_what_stands_before_it(page, preparer):
    html = page(preparer)
    assert "data-signoff" not in html
    assert "尚缺 4 項" in words(foot(html))
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
    assert "Waits for the in-charge's or manager's signature" in words(foot(page(preparer, language="en")))


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


def test_the_quality_reviewer_is_told_what_they_may_do_and_is_offered_no_signature(page, paper, fill, quality_reviewer):
    fill(paper)
    html = page(quality_reviewer, language="en")
    assert "Quality review: reading and notes" in words(html)
    assert "Waits for the preparer's signature" in words(foot(html))
    assert "data-signoff" not in html


def test_nobody_else_is_told_so(page, preparer):
    assert "Quality review: reading and notes" not in words(page(preparer, language="en"))
