"""The side: evidence, requests, notes, history."""

import re
from datetime import date

from engagements.noting import reply_to_note, resolve_note, write_note
from evidence.citing import Place
from evidence.times import Covered
from procedures.actions import Entry, save_result
from tests.desk.workpaper.reading import words
from tests.uploads import answer_request, attach, pdf


def test_evidence_is_listed_with_its_time_and_procedures(page, result, preparer):
    covered = Covered.span(date(2026, 4, 20), date(2026, 5, 18))
    citation = attach(result, pdf("掃描報告.pdf"), covered=covered, at=Place(12), by=preparer)
    side = words(page(preparer, part="side", side="evidence"))
    assert "E-001 掃描報告.pdf" in side
    assert "涵蓋 115/04/20 – 115/05/18" in side
    assert "程序 1 ✓ p.12" in side
    assert citation.evidence.file.short_hash in side


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
