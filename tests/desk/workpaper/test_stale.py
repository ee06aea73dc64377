"""Where signatures lapsed, what changed since stands on the sheet: passages, supports, and nothing else."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from evidence.citing import uncite
from evidence.models import Citation
from procedures.actions import Entry, save_conclusion, save_result
from procedures.models import ProcedureResult
from tests.desk.workpaper.reading import DONE, words
from tests.uploads import attach, pdf


@pytest.fixture
def signed(paper, fill, sign, preparer):
    fill(paper)
    sign(paper, "prepared", preparer)
    return paper


def rewrite(paper, text: str, by, position: int = 1) -> None:
    result = ProcedureResult.objects.get(workpaper=paper, position=position)
    entry = Entry(result.outcome, text, result.reason, result.performed_on)
    save_result(result, entry, version=result.version, by=by)


def notice(html: str) -> str:
    return html.split('id="stale"')[1].split('<section class="control"', maxsplit=1)[0]


def test_nothing_is_shown_as_long_as_nothing_lapsed(page, signed, preparer):
    assert "lapsed" not in notice(page(preparer))


def test_the_changed_passage_is_marked_old_and_new(page, signed, preparer):
    rewrite(signed, DONE.work + "另抽核二筆。", preparer)
    shown = notice(page(preparer))
    assert "<ins>另抽核二筆。</ins>" in shown
    assert len(re.findall(r'<dd class="change">', shown)) == 1


def test_what_it_rests_on_is_told_by_its_lines(page, signed, preparer):
    attach(signed.results.get(position=2), pdf("補充.pdf", b"more"), by=preparer)
    uncite(Citation.objects.filter(result__workpaper=signed, result__position=1).get(), by=preparer)
    shown = words(notice(page(preparer)))
    assert "補充.pdf" in shown
    assert re.search(r"程序 1 依據", shown)


def test_a_reviewer_sees_the_difference_since_their_own_signature(page, signed, sign, preparer, reviewer):
    sign(signed, "reviewed", reviewer)
    rewrite(signed, DONE.work + "第一次補充。", preparer)
    sign(signed, "prepared", preparer)
    save_conclusion(signed, "大致符合。", version=signed.version, by=preparer)
    sign(signed, "prepared", preparer)
    shown = notice(page(reviewer))
    assert "<ins>第一次補充。</ins>" in shown
    assert "大致符合。" in words(shown).replace(" ", "")


def test_what_was_changed_back_is_said_to_be_as_it_was(page, signed, preparer):
    rewrite(signed, "其他文字。", preparer)
    rewrite(signed, DONE.work, preparer)
    shown = notice(page(preparer))
    assert "lapsed" in shown
    assert '<dd class="change">' not in shown


def test_a_long_difference_is_folded(page, signed, preparer):
    rewrite(signed, "長" * 700, preparer)
    assert '<details class="lapsed">' in notice(page(preparer))


def test_it_costs_three_queries_where_something_lapsed_and_none_elsewhere(statements, signed, preparer):
    fresh = statements(signed)
    rewrite(signed, "改一處。", preparer)
    one = statements(signed)
    for position in (1, 2, 3):
        rewrite(signed, f"改{position}。", preparer, position)
        save_conclusion(signed, f"改{position}。", version=signed.version, by=preparer)
        signed.refresh_from_db()
    with CaptureQueriesContext(connection) as counted:
        many = statements(signed)
    assert counted
    assert many == one <= fresh + 3


# Two versions side by side -----------------------------------------------------------------------


def test_the_history_compares_signed_versions(page, signed, sign, preparer):
    first = signed.content_version
    rewrite(signed, "第二版。", preparer)
    sign(signed, "prepared", preparer)
    second = signed.content_version
    rewrite(signed, "第三版。", preparer)

    def compared(**versions) -> str:
        side = page(preparer, part="side", side="history", **versions)
        return side.split('<form class="block compare"')[1].split("</form>")[0]

    assert "第二版" not in compared()
    between = compared(since=first, until=second)
    assert "第二版" in words(between).replace(" ", "")
    assert "<ins>三</ins>" in compared(since=second)


@pytest.mark.parametrize("since", ["x", "-1", "99999999999", "0"])
def test_a_version_that_is_none_compares_nothing_or_from_the_start(page, signed, preparer, since):
    assert page(preparer, part="side", side="history", since=since)


def test_taking_a_departure_back_is_told(page, paper, preparer):
    result = paper.results.get(position=1)
    save_result(result, Entry("no_exception", "檢視。", departure="改採訪談。"), version=1, by=preparer)
    result.refresh_from_db()
    paper.revisions.update(started_at="2026-01-01T00:00Z")
    save_result(result, Entry("no_exception", "檢視。"), version=result.version, by=preparer)
    assert "<del>改採訪談。</del>" in page(preparer, part="side", side="history")
