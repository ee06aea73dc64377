"""Who wrote on a paper, changed behind the trail's back, is found: authors don't review what they wrote."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from controls.models import CoverageGap
from engagements.models import Engagement
from evidence.citing import cite, uncite
from evidence.decisions import describe
from evidence.times import Covered
from findings.actions import raise_finding, unlink
from procedures.actions import Entry, save_conclusion, save_result
from procedures.additions import add_procedure, decline_gap, drop_added, reconsider_gap, reword_added
from procedures.authorship import written_on
from procedures.duties import Telling, state_frequency, tell_occurrence, withdraw_occurrence
from procedures.general import add_paper
from procedures.matrices import Column, save_matrix
from procedures.models import Revision, Workpaper
from tests.findings.conftest import WORDING
from tests.tampering import answers_told, found, remove
from tests.uploads import deposit, pdf

pytestmark = pytest.mark.usefixtures("english")
ENTRY = Entry("exception", "抽核 25 筆，2 筆未經核准。", "影響輕微。", date(2026, 11, 2))
ISNT = "who wrote what on the paper isn't what the trail tells"


@pytest.fixture
def fieldwork(fieldwork, partner) -> Engagement:
    return answers_told(fieldwork, by=partner)


@pytest.fixture
def revision(paper, result, preparer) -> Revision:
    """What somebody saved twice within five minutes."""
    saved = save_result(result, ENTRY, version=1, by=preparer)
    save_result(saved, Entry(**{name: getattr(ENTRY, name) for name in ("outcome", "reason")}), version=2, by=preparer)
    assert found() == []
    return Revision.objects.get()


def of(row: str, paper: Workpaper) -> list[str]:
    return [f"{row} ({paper.engagement}, {paper.index}): {ISNT}"]


def test_whatever_is_written_on_papers_the_trail_tells_by_whom(fieldwork, paper, result, preparer, reviewer):
    by = {"by": preparer}
    save_result(result, ENTRY, version=1, **by)
    save_conclusion(paper, "例外 1 項。", version=1, by=reviewer)
    finding = raise_finding(result, WORDING, by=reviewer)
    unlink(finding, result, **by)
    piece = deposit(fieldwork, [pdf()], **by)[0]
    citation = cite(result, piece, **by)
    describe(piece, title="弱掃報告", covered=Covered.on(date(2026, 3, 31)), by=reviewer)
    uncite(citation, **by)
    drop_added(reword_added(add_procedure(paper, "檢查。", **by), "檢查權限。", by=reviewer), **by)
    add_paper(fieldwork, section="B", title="專家會議", **by)
    _write_on_other_sheets(fieldwork, by=preparer)
    assert Revision.objects.count() == 17
    assert found() == []


def _write_on_other_sheets(fieldwork, *, by) -> None:
    gapped, listed, scanned, watched = (
        Workpaper.objects.get(engagement=fieldwork, code=code) for code in ("3.3", "3.14.3", "3.8.2", "2.2")
    )
    gap = CoverageGap.objects.get(point=gapped.control_point)
    decline_gap(gapped, gap, reason="於他處查核。", by=by)
    reconsider_gap(gapped, gap, by=by)
    save_matrix(listed.results.get(), [Column("合約甲", ("yes",) * 7)], version=1, by=by)
    told = Telling("not_provided", "已催請提供。")
    scan = scanned.point.frequency_rules.get()
    withdraw_occurrence(tell_occurrence(scanned, scan, fieldwork.period_start, told, by=by), by=by)
    watch = watched.point.frequency_rules.latest("position")
    state_frequency(watched, watch, frequency="quarterly", source="存取控制規範第 5 條。", by=by)


@pytest.mark.parametrize(
    "forged", [{"content": {"work": "均經核准。"}}, {"content_version": 1}, {"saved_at": "2026-11-01T00:00:00Z"}]
)
def test_a_revision_that_says_something_else_is_found(revision, paper, forged):
    Revision.objects.update(**forged)
    assert found() == of(f"procedures.Revision {revision.pk}", paper)


def test_a_revision_that_was_given_to_another_author_is_found(revision, paper, reviewer):
    Revision.objects.update(author=reviewer)
    assert found() == of(f"procedures.Revision {revision.pk}", paper)


def test_a_revision_that_is_gone_is_found_though_its_author_has_another(revision, paper, preparer):
    save_conclusion(paper, "例外 1 項。", version=1, by=preparer)
    remove(revision)
    assert found() == of(f"procedures.Revision {revision.pk}", paper)


def test_a_revision_that_nobody_wrote_is_found(revision, paper, preparer):
    forged = Revision.objects.create(workpaper=paper, author=preparer, content={}, content_version=9)
    assert found() == of(f"procedures.Revision {forged.pk}", paper)


def test_papers_are_asked_about_together(fieldwork, paper, preparer):
    def queries() -> int:
        with CaptureQueriesContext(connection) as counted:
            list(written_on())
        return len(counted)

    save_conclusion(paper, "符合。", version=1, by=preparer)
    one = queries()
    for each in Workpaper.objects.filter(engagement=fieldwork).exclude(pk=paper.pk)[:20]:
        save_conclusion(each, "符合。", version=1, by=preparer)
    assert queries() == one


# Before events told of revisions -----------------------------------------------------------------


@pytest.fixture
def old(paper, result, preparer, reviewer, monkeypatch) -> Revision:
    """What a preparer saved and a reviewer concluded when events told of no revision."""
    monkeypatch.setattr("procedures.actions.revised", lambda revision: {"content": revision.content_version})
    save_result(result, ENTRY, version=1, by=preparer)
    save_conclusion(paper, "例外 1 項。", version=1, by=reviewer)
    monkeypatch.undo()
    return Revision.objects.get(author=preparer)


def test_an_old_trail_is_whole(old):
    assert found() == []


def test_in_an_old_trail_too_an_author_who_is_gone_is_found(old, paper, preparer):
    remove(old)
    assert found() == of(f"accounts.User {preparer.pk}", paper)


def test_in_an_old_trail_too_an_author_who_never_wrote_is_found(old, paper, preparer, partner):
    forged = Revision.objects.create(workpaper=paper, author=partner, content={}, content_version=2)
    assert found() == of(f"procedures.Revision {forged.pk}", paper)


def test_what_described_evidence_meant_for_papers_is_taken_for_true_in_an_old_trail(
    fieldwork, result, preparer, reviewer, monkeypatch
):
    piece = deposit(fieldwork, [pdf()], by=preparer)[0]
    cite(result, piece, by=preparer)
    monkeypatch.setattr("evidence.citing.record", lambda *_event, **_facts: None)
    monkeypatch.setattr("evidence.decisions.RESTATED", "said-nothing-of")
    describe(piece, title="弱掃報告", covered=Covered.on(date(2026, 3, 31)), by=reviewer)
    monkeypatch.undo()
    assert found() == []
