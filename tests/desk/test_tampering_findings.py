"""Findings, notes and the conclusion, changed behind the application's back, are found by the verification."""

from datetime import date

import pytest
from django.utils import timezone

from engagements.models import Engagement, Note, Review
from engagements.noting import Direction, Spot, direct_note, reopen_note, resolve_note, write_note
from engagements.reviews import start_review
from findings.actions import link, raise_finding, save_finding, unlink
from findings.following_up import add_follow_up, assess
from findings.grouping import Judgement, dissolve_group, group_findings
from findings.models import Finding, FindingGroup, FindingLink, FindingRelease, FollowUp, ManagementResponse
from findings.releasing import first_due, release_findings
from findings.responding import Answer, respond
from procedures.actions import Entry, save_result
from procedures.assigning import assign
from procedures.models import Outcome, ProcedureResult, Workpaper
from procedures.reviewing import submit_review
from signoff.conclusions import conclude
from signoff.models import Conclusion
from tests.tampering import DIFFERS, answers_told, found, missing, remove, tamper, unguarded

WORK = "抽核防火牆規則異動 25 筆，2 筆未經核准。"
WORDING = {
    "title": "未執行弱點掃描",
    "condition": "下半年度未執行。",
    "criterion": "控制重點 3.8.2",
    "severity": "minor",
    "type": "operation",
    "risk": "弱點未及時修補。",
    "recommendation": "訂定時程。",
}


pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def fieldwork(fieldwork, partner) -> Engagement:
    return answers_told(fieldwork, by=partner)


# Findings, notes, the conclusion -----------------------------------------------------------


@pytest.fixture
def finding(result, preparer) -> Finding:
    save_result(result, Entry(Outcome.EXCEPTION, WORK, "", date(2026, 11, 2)), version=1, by=preparer)
    raised = raise_finding(result, WORDING, by=preparer)
    saved = save_finding(raised, {"title": "下半年度未執行弱點掃描", "bears": "disclosed"}, version=1, by=preparer)
    assert found() == []
    return saved


def test_a_reworded_finding_is_found(finding):
    tamper(Finding, severity="advisory")
    assert found() == [f"findings.Finding {finding.pk}: {DIFFERS} finding.raised / finding.saved: digest"]


def test_another_effect_on_the_conclusion_is_found(finding):
    tamper(Finding, bears="pervasive")
    assert found() == [f"findings.Finding {finding.pk}: {DIFFERS} finding.raised / finding.saved: judged"]


def test_a_finding_put_back_to_its_first_wording_is_found(finding):
    tamper(Finding, title=WORDING["title"], bears="")
    assert found() == [f"findings.Finding {finding.pk}: {DIFFERS} finding.raised / finding.saved: digest, judged"]


@pytest.fixture
def answered(finding, partner, broker) -> ManagementResponse:
    (release,) = release_findings(finding.engagement, [finding], due_on=first_due(), by=partner)
    answer = respond(finding, Answer("given", "同意。", "資訊部"), seen=release.pk, by=broker)
    assert found() == []
    return answer


@pytest.mark.parametrize(
    ("change", "fact"),
    [({"due_on": date(2030, 1, 1)}, "due_on"), ({"asks": False}, "asks"), ({"wording": {"title": "甲"}}, "digest")],
)
def test_what_management_was_told_is_found_when_it_was_changed(answered, change, fact):
    release = answered.release
    tamper(FindingRelease, **change)
    assert found() == [f"findings.FindingRelease {release.pk}: {DIFFERS} finding.released: {fact}"]


@pytest.mark.parametrize(
    ("change", "fact"),
    [({"text": "不同意。"}, "digest"), ({"owner": "他人"}, "digest"), ({"kind": "refused"}, "answer")],
)
def test_another_answer_of_management_is_found(answered, change, fact):
    tamper(ManagementResponse, **change)
    assert found() == [f"findings.ManagementResponse {answered.pk}: {DIFFERS} finding.answered: {fact}"]


def test_an_answer_in_another_s_name_is_found(answered, preparer):
    tamper(ManagementResponse, recorded_by=preparer)
    assert found() == [f"findings.ManagementResponse {answered.pk}: {DIFFERS} finding.answered: id"]


def test_a_deleted_answer_is_found(answered):
    row = f"findings.ManagementResponse {answered.pk}"
    remove(answered)
    assert missing(row, "finding.answered") == found()


def test_a_group_judged_past_the_trail_is_found(finding, result, preparer):
    other = raise_finding(result, WORDING | {"title": "乙"}, by=preparer)
    judged = Judgement("甲", "同一原因。", "significant")
    group = group_findings(finding.engagement, judged, [finding, other], by=preparer)
    assert found() == []
    group.members.remove(other)
    differs = [f"findings.FindingGroup {group.pk}: {DIFFERS} finding.grouped: digest"]
    assert found() == differs
    group.members.add(other)
    tamper(FindingGroup, severity="minor")
    assert found() == differs
    tamper(FindingGroup, severity="significant")
    dissolve_group(group, by=preparer)
    assert found() == []


@pytest.mark.parametrize(
    ("change", "events"),
    [
        ({"title": "甲"}, "followup.added"),
        ({"work": "無。"}, "followup.assessed"),
        ({"status": "improving"}, "followup.assessed"),
    ],
)
def test_an_earlier_finding_said_to_stand_otherwise_is_found(fieldwork, preparer, change, events):
    report = {"source": "他所報告", "title": "未掃描", "condition": "全年未執行。", "promised": ""}
    row = add_follow_up(fieldwork, report, by=preparer)
    stands = {"status": "improved", "work": "抽核。", "checked_on": timezone.localdate()}
    assess(row, {**stands, "result": None, "repeat": None}, version=1, by=preparer)
    assert found() == []
    tamper(FollowUp, **change)
    assert found() == [f"findings.FollowUp {row.pk}: {DIFFERS} {events}: digest"]


def test_a_deleted_finding_is_found(finding, preparer):
    row = f"findings.Finding {finding.pk}"
    unlink(finding, finding.results.get(), by=preparer)
    remove(finding)
    assert missing(row, "finding.raised") == found()


def test_a_renumbered_finding_is_found_by_the_event_of_its_link(finding):
    tamper(Finding, number=7)
    assert found() == [f"findings.FindingLink {finding.links.get().pk}: {DIFFERS} finding.linked: finding"]


def test_a_deleted_link_of_a_finding_is_found(finding):
    tie = finding.links.get()
    remove(tie)
    assert missing(f"findings.FindingLink {tie.pk}", "finding.linked") == found()
    assert len(found()) == 1


def test_a_finding_that_was_tied_to_a_result_past_the_trail_is_found(finding, fieldwork):
    other = ProcedureResult.objects.filter(workpaper__engagement=fieldwork).exclude(pk=finding.results.get().pk).first()
    tie = FindingLink.objects.create(finding=finding, result=other)
    assert found() == [f"findings.FindingLink {tie.pk}: the trail has no event finding.linked about it"]


def test_who_unties_a_finding_and_ties_it_again_has_tampered_with_nothing(finding, preparer):
    result = finding.results.get()
    unlink(finding, result, by=preparer)
    assert found() == []
    link(finding, result, by=preparer)
    assert found() == []


def test_a_deleted_note_is_found(fieldwork, paper, reviewer):
    note = write_note(fieldwork, anchor=paper, text="請補充。", by=reviewer)
    row = f"engagements.Note {note.pk}"
    assert found() == []
    remove(note)
    assert {*missing(row, "note.written"), *missing(row, "note.directed / note.written")} == set(found())


def test_a_reworded_note_is_found(fieldwork, paper, reviewer):
    note = write_note(fieldwork, anchor=paper, text="請補充。", by=reviewer)
    tamper(Note, text="可。")
    assert found() == [f"engagements.Note {note.pk}: {DIFFERS} note.written: digest"]


def test_a_note_that_was_given_to_somebody_else_past_the_trail_is_found(fieldwork, paper, reviewer, preparer):
    note = write_note(fieldwork, anchor=paper, text="請補充。", direction=Direction(preparer), by=reviewer)
    tamper(Note, assignee=reviewer)
    assert found() == [f"engagements.Note {note.pk}: {DIFFERS} note.directed / note.written: assignee"]


def test_a_note_whose_quotation_was_reworded_is_found(fieldwork, paper, result, reviewer):
    note = write_note(fieldwork, anchor=paper, text="請補充。", spot=Spot(result.pk, "程序 1", "原文"), by=reviewer)
    tamper(Note, quote="改過")
    assert found() == [f"engagements.Note {note.pk}: {DIFFERS} note.written: quote"]


def test_a_note_that_was_directed_and_opened_again_is_as_the_trail_says(fieldwork, paper, reviewer, preparer):
    note = write_note(fieldwork, anchor=paper, text="請補充。", by=reviewer)
    direct_note(note, Direction(preparer, date(2026, 12, 4)), by=reviewer)
    resolve_note(note, by=reviewer)
    reopen_note(note, by=reviewer)
    assert found() == []


def test_the_summary_of_a_review_that_was_reworded_is_found(fieldwork, reviewer):
    review = submit_review(start_review(fieldwork, by=reviewer), summary="良好。", sign=(), by=reviewer)
    assert found() == []
    tamper(Review, summary="不佳。")
    assert found() == [f"engagements.Review {review.pk}: {DIFFERS} review.submitted: summary"]


def test_a_paper_that_was_given_to_somebody_past_the_trail_is_found(fieldwork, paper, reviewer, preparer):
    with unguarded(Workpaper._meta.db_table):
        Workpaper.objects.filter(pk=paper.pk).update(assignee=preparer)
    assert found() == [f"procedures.Workpaper {paper.pk}: the trail has no event workpaper.assigned about it"]


def test_a_paper_that_was_given_and_taken_back_is_as_the_trail_says(fieldwork, paper, reviewer, preparer):
    assign(fieldwork, [paper.pk], to=preparer, by=reviewer)
    assert found() == []
    assign(fieldwork, [paper.pk], to=None, by=reviewer)
    assert found() == []


def test_a_note_that_was_closed_in_another_s_name_is_found(fieldwork, paper, reviewer, preparer):
    note = write_note(fieldwork, anchor=paper, text="請補充。", by=reviewer)
    resolve_note(note, by=reviewer)
    assert found() == []
    tamper(Note, resolved_by=preparer)
    assert found() == [f"engagements.Note {note.pk}: {DIFFERS} note.resolved: id"]


def test_a_note_that_was_closed_past_the_trail_is_found(fieldwork, paper, reviewer):
    note = write_note(fieldwork, anchor=paper, text="請補充。", by=reviewer)
    tamper(Note, resolved_at=timezone.now(), resolved_by=reviewer)
    assert found() == [f"engagements.Note {note.pk}: the trail has no event note.resolved about it"]


def test_a_note_that_was_opened_again_past_the_trail_is_found(fieldwork, paper, reviewer):
    note = write_note(fieldwork, anchor=paper, text="請補充。", by=reviewer)
    resolve_note(note, by=reviewer)
    tamper(Note, resolved_at=None, resolved_by=None)
    assert missing(f"engagements.Note {note.pk}", "note.resolved") == found()
    assert len(found()) == 1


def test_a_note_in_another_s_name_is_found(fieldwork, paper, reviewer, preparer):
    note = write_note(fieldwork, anchor=paper, text="請補充。", by=reviewer)
    tamper(Note, author=preparer)
    assert found() == [f"engagements.Note {note.pk}: {DIFFERS} note.written: id"]


@pytest.mark.parametrize(("change", "fact"), [({"kind": "unmodified"}, "kind"), ({"rationale": "無。"}, "reason")])
def test_another_conclusion_is_found(fieldwork, partner, change, fact):
    conclude(fieldwork, kind="qualified", rationale="一項重大缺失。", departure="合計重大。", by=partner)
    assert found() == []
    tamper(Conclusion, **change)
    assert found() == [f"signoff.Conclusion {fieldwork.pk}: {DIFFERS} conclusion.decided: {fact}"]
