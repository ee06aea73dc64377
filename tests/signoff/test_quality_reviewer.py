"""案件品質複核: sees everything from planning on, comments, edits nothing, and signs before the report is frozen."""

import pytest

from engagements.models import Engagement, Stage
from engagements.noting import resolve_note, write_note
from foundation.accounts.policy import GRANTS, Permission, Role
from foundation.web.refusals import Refused
from procedures.models import Workpaper
from signoff.conclusions import sign_file
from signoff.fingerprint import fingerprint
from signoff.gates import FINAL_REPORT, blockers_of
from signoff.reporting import final_blockers, request_report
from signoff.standing import Standing

# What the quality reviewer does on an engagement besides reading: the notes, the archive copy, the signature.
# Its own declaration is the one thing that it adds to the file beside notes and its signature.
ACTS = {
    "note.add",
    "note.reply",
    "evidence.export",
    "evidence.download",
    "engagement.declare",
    "engagement.sign_quality",
}
READS = {"view", "list", "look", "draft_view"}


@pytest.fixture
def signed(quality_review, quality_reviewer) -> Engagement:
    sign_file(quality_review, "quality", seen=fingerprint(quality_review), by=quality_reviewer)
    return Engagement.objects.get(pk=quality_review.pk)


def note(engagement, by):
    paper = Workpaper.objects.select_related("engagement").get(engagement=engagement, code="D-5")
    return write_note(engagement, anchor=paper, text="請補充彙總評估之理由。", by=by)


@pytest.mark.parametrize(
    "permission", ["workpaper.view", "evidence.look", "finding.view", "report.draft_view", "trail.view"]
)
def test_sees_papers_evidence_findings_drafts_and_trail_from_planning_on(planned, quality_reviewer, permission):
    assert planned.stage == Stage.PLANNING
    assert quality_reviewer.can(permission, planned)


@pytest.mark.parametrize(
    "page", ["", "papers/", "evidence/", "findings/", "conclusion/", "representation/", "reports/"]
)
def test_every_page_of_the_file_opens(sign_in, fieldwork, quality_reviewer, page):
    assert sign_in(quality_reviewer).get(f"/engagements/{fieldwork.pk}/{page}").status_code == 200


def test_writes_notes_and_clears_them_and_changes_nothing_else(fieldwork, quality_reviewer):
    allowed = {permission for permission, roles in GRANTS.items() if Role.EQR in roles}
    of_objects = {each.value for each in allowed if not GRANTS[each] >= set(Role)}
    assert {each for each in of_objects if each.partition(".")[2] not in READS} == ACTS
    assert all(quality_reviewer.can(Permission(act), fieldwork) for act in ACTS)


def test_an_open_note_of_the_quality_reviewer_stops_the_freeze_until_it_is_cleared(signed, quality_reviewer):
    written = note(signed, quality_reviewer)
    assert [blocker.kind for blocker in final_blockers(signed)] == ["note.open"]
    with pytest.raises(Refused):
        request_report(signed, final=True, by=quality_reviewer)
    resolve_note(written, by=quality_reviewer)
    assert final_blockers(signed) == []


def test_the_report_is_not_frozen_before_the_quality_reviewer_has_signed(quality_review, partner):
    assert [blocker.kind for blocker in blockers_of(FINAL_REPORT, Standing(quality_review))] == ["quality.unsigned"]
    with pytest.raises(Refused):
        request_report(quality_review, final=True, by=partner)
