"""Changes behind the trail of what a sheet holds beside results, and of the firm's library, are found."""

import pytest

from controls.models import CoverageGap
from engagements.models import Engagement
from evidence.citing import Place, cite
from evidence.models import Citation
from procedures.additions import add_procedure, decline_gap, drop_added, reconsider_gap, reword_added
from procedures.library import add_entry, retire_entry, reword_entry
from procedures.matrices import Column, save_matrix
from procedures.models import DeclinedGap, Matrix, Phrase, ProcedureResult, Tickmark, Workpaper
from tests.tampering import DIFFERS, answers_told, found, found_beside_supports, missing, remove, tamper, unguarded
from tests.uploads import deposit, pdf

pytestmark = pytest.mark.usefixtures("english")
CLAUSES = 7


@pytest.fixture
def fieldwork(fieldwork, partner) -> Engagement:
    return answers_told(fieldwork, by=partner)


@pytest.fixture
def added(paper, preparer) -> ProcedureResult:
    """An added procedure that was worded anew; another one was dropped."""
    drop_added(add_procedure(paper, "誤列之程序。", by=preparer), by=preparer)
    added = add_procedure(paper, "檢查權限是否定期更新。", by=preparer)
    reword_added(added, "檢查權限是否每半年更新。", by=preparer)
    assert found() == []
    return added


@pytest.fixture
def declined(fieldwork, preparer) -> DeclinedGap:
    """A gap that was declined, reconsidered and declined again."""
    paper = Workpaper.objects.get(engagement=fieldwork, code="3.3")
    gap = CoverageGap.objects.get(point=paper.control_point)
    decline_gap(paper, gap, reason="於他處查核。", by=preparer)
    reconsider_gap(paper, gap, by=preparer)
    declined = decline_gap(paper, gap, reason="容量評估於 C-3.8.1 查核。", by=preparer)
    assert found() == []
    return declined


@pytest.fixture
def matrix(fieldwork, preparer) -> Matrix:
    result = Workpaper.objects.get(engagement=fieldwork, code="3.14.3").results.get()
    matrix = save_matrix(result, [Column("合約甲", ("yes",) * CLAUSES)], version=1, by=preparer)
    assert found() == []
    return matrix


def test_the_wording_of_an_added_procedure(added):
    with unguarded(ProcedureResult._meta.db_table):
        ProcedureResult.objects.filter(pk=added.pk).update(text="輕鬆之程序。")
    assert found() == [
        f"procedures.ProcedureResult {added.pk}: {DIFFERS} procedure.added / procedure.reworded: wording"
    ]


def test_the_reason_why_a_suggestion_was_declined(declined):
    tamper(DeclinedGap, reason="不必。")
    assert found() == [f"procedures.DeclinedGap {declined.pk}: {DIFFERS} gap.declined: reason"]


def test_a_decision_that_is_gone(declined):
    key = declined.pk
    remove(declined)
    assert missing(f"procedures.DeclinedGap {key}", "gap.declined")


def test_a_mark_of_a_matrix(matrix):
    tamper(Matrix, marks=[["no"]] * CLAUSES)
    assert found() == [f"procedures.Matrix {matrix.pk}: {DIFFERS} matrix.saved: hash"]


def test_the_meaning_that_a_citation_keeps(paper, result, fieldwork, preparer):
    citation = cite(result, deposit(fieldwork, [pdf()], by=preparer)[0], at=Place(1), by=preparer)
    assert found() == []
    tamper(Citation, meaning="什麼都行")
    assert found_beside_supports() == [f"evidence.Citation {citation.pk}: {DIFFERS} evidence.cited: meaning"]


def test_an_entry_of_the_library(firm, reviewer):
    tickmark = add_entry(Tickmark(firm=firm, sign="※", meaning="詳備註"), by=reviewer)
    phrase = add_entry(Phrase(firm=firm, use="work", title="觀察", text="實地觀察〔場所〕。"), by=reviewer)
    changed = Phrase(firm=firm, use="work", title="觀察", text="於〔日期〕實地觀察〔場所〕。")
    reword_entry(phrase, changed, by=reviewer)
    retire_entry(tickmark, by=reviewer)
    assert found() == []
    Tickmark.objects.filter(pk=tickmark.pk).update(meaning="免查")
    Phrase.objects.filter(pk=changed.pk).update(text="免查。")
    assert found() == [
        f"procedures.Tickmark {tickmark.pk}: {DIFFERS} tickmark.added: meaning",
        f"procedures.Phrase {changed.pk}: {DIFFERS} phrase.added: text",
    ]


def test_an_entry_put_back_into_use(firm, reviewer):
    tickmark = add_entry(Tickmark(firm=firm, sign="※", meaning="詳備註"), by=reviewer)
    retire_entry(tickmark, by=reviewer)
    Tickmark.objects.filter(pk=tickmark.pk).update(retired_at=None)
    assert missing(f"procedures.Tickmark {tickmark.pk}", "tickmark.retired")
