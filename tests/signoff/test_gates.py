"""What each gate waits for: exactly these blockers, each with the way to where it can be removed."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from engagements.models import Engagement, Stage
from engagements.noting import write_note
from evidence.models import Request
from findings.actions import raise_finding, save_finding
from findings.following_up import add_follow_up, assess
from findings.models import FindingRelease
from findings.releasing import first_due, release_findings
from findings.responding import Answer, record_silence, respond
from procedures.models import Outcome, ProcedureResult, SignOff, Workpaper
from procedures.queries import paper_lines
from signoff.conclusions import conclude
from signoff.fingerprint import fingerprint
from signoff.gates import blockers_into
from signoff.models import EngagementSignOff
from signoff.standing import Standing
from tests.signoff.waiting import blockers, kinds
from tests.stages import perform_all, settle_requests, sign_all
from tests.tampering import unguarded


def paper_of(engagement, code: str = "3.8.2") -> Workpaper:
    return Workpaper.objects.get(engagement=engagement, code=code)


@pytest.fixture
def finding(fieldwork, preparer):
    """A material finding on the first procedure of C-3.8.2, without a response."""
    result = ProcedureResult.objects.select_related("workpaper").get(
        workpaper__engagement=fieldwork, workpaper__code="3.8.2", position=1
    )
    ProcedureResult.objects.filter(pk=result.pk).update(outcome=Outcome.EXCEPTION)
    wording = dict.fromkeys(("title", "condition", "criterion", "risk", "recommendation"), "內容")
    return raise_finding(result, {**wording, "severity": "material", "type": "operation"}, by=preparer)


# Into review ---------------------------------------------------------------------------------


def test_review_needs_events_results_and_preparers_signatures(fieldwork):
    assert kinds(fieldwork, Stage.REVIEW) == ["profile.unanswered", "result.missing", "paper.unprepared"]


def test_the_blockers_say_how_many(fieldwork):
    texts = [blocker.text for blocker in blockers(fieldwork, Stage.REVIEW)]
    assert texts == ["尚有 5 項條件未回答。", "230 項程序尚無結果", "78 份底稿尚未編製完成簽章（A-1 …）"]


def test_a_missing_result_leads_to_the_first_paper_that_lacks_one(fieldwork, preparer):
    perform_all(fieldwork, by=preparer)
    ProcedureResult.objects.filter(workpaper=paper_of(fieldwork)).update(outcome="")
    blocker = next(b for b in blockers(fieldwork, Stage.REVIEW) if b.kind == "result.missing")
    assert blocker.url == paper_of(fieldwork).get_absolute_url()


def test_an_exception_needs_a_finding_or_an_explanation(fieldwork, preparer):
    perform_all(fieldwork, by=preparer)
    ProcedureResult.objects.filter(workpaper=paper_of(fieldwork)).update(outcome=Outcome.EXCEPTION, reason="")
    assert "finding.missing" in kinds(fieldwork, Stage.REVIEW)


def test_an_explained_exception_is_enough(fieldwork, preparer):
    perform_all(fieldwork, by=preparer)
    ProcedureResult.objects.filter(workpaper=paper_of(fieldwork)).update(outcome=Outcome.EXCEPTION, reason="已補償")
    assert "finding.missing" not in kinds(fieldwork, Stage.REVIEW)


def test_a_finding_answers_for_its_exception(finding, fieldwork):
    assert "finding.missing" not in kinds(fieldwork, Stage.REVIEW)


def test_a_paper_that_changed_after_signing_is_told_apart(review):
    paper = paper_of(review)
    Workpaper.objects.filter(pk=paper.pk).update(content_version=paper.content_version + 1)
    assert kinds(review, Stage.REVIEW) == ["paper.stale"]


# Into reporting ------------------------------------------------------------------------------


def test_reporting_needs_reviews_and_settled_requests(review):
    assert kinds(review, Stage.REPORTING) == ["paper.unreviewed", "request.open"]


def test_an_open_note_blocks_reporting(review, reviewer):
    settle_requests(review)
    sign_all(review, "reviewed", by=reviewer)
    write_note(review, anchor=paper_of(review), text="請補充", by=reviewer)
    assert kinds(review, Stage.REPORTING) == ["note.open"]


@pytest.mark.parametrize("state", ["draft", "requested", "submitted", "returned"])
def test_a_request_in_between_blocks_reporting(reporting, state):
    Request.objects.filter(engagement=reporting, number=1).update(state=state, returned_because="缺頁")
    assert kinds(reporting, Stage.REPORTING) == ["request.open"]


@pytest.mark.parametrize("state", ["accepted", "disposed"])
def test_an_accepted_or_closed_request_does_not(reporting, state):
    Request.objects.filter(engagement=reporting).update(state=state)
    assert kinds(reporting, Stage.REPORTING) == []


@pytest.mark.parametrize("outcome", [Outcome.EXCEPTION, Outcome.SCOPE_LIMITATION, Outcome.NOT_YET_OPERATING])
def test_exceptions_and_limitations_wait_for_the_partner(reporting, outcome):
    ProcedureResult.objects.filter(workpaper=paper_of(reporting), position=1).update(outcome=outcome)
    assert kinds(reporting, Stage.REPORTING) == ["paper.unapproved"]


def test_a_control_wholly_not_applicable_waits_for_the_partner(reporting):
    ProcedureResult.objects.filter(workpaper=paper_of(reporting)).update(outcome=Outcome.NOT_APPLICABLE)
    assert kinds(reporting, Stage.REPORTING) == ["paper.unapproved"]


def test_the_partners_approval_opens_it(reporting, partner):
    paper = paper_of(reporting)
    ProcedureResult.objects.filter(workpaper=paper, position=1).update(outcome=Outcome.EXCEPTION)
    version = paper.content_version
    SignOff.objects.create(
        workpaper=paper, role="approved", user=partner, content_version=version, content_hash="ab" * 32
    )
    assert kinds(reporting, Stage.REPORTING) == []


# Into quality review, issued -----------------------------------------------------------------


def test_quality_review_needs_the_conclusion_and_the_partners_signature(reporting):
    assert kinds(reporting, Stage.QUALITY_REVIEW) == [
        "conclusion.missing",
        "representation.undrafted",
        "final.unsigned",
    ]


def test_a_finding_without_response_blocks_quality_review(reporting, fieldwork, finding):
    assert "response.missing" in kinds(reporting, Stage.QUALITY_REVIEW)


def told_of(finding, partner):
    (release,) = release_findings(finding.engagement, [finding], due_on=first_due(), by=partner)
    return release


def test_a_released_finding_blocks_until_it_is_answered(reporting, fieldwork, finding, partner, broker):
    release = told_of(finding, partner)
    assert "response.missing" in kinds(reporting, Stage.QUALITY_REVIEW)
    respond(finding, Answer("refused", "另案處理。"), seen=release.pk, by=broker)
    assert "response.missing" not in kinds(reporting, Stage.QUALITY_REVIEW)


def test_that_no_answer_came_in_time_holds_no_report(reporting, fieldwork, finding, partner):
    told_of(finding, partner)
    with unguarded(FindingRelease._meta.db_table):
        FindingRelease.objects.update(due_on=timezone.localdate() - timedelta(days=1))
    assert "response.missing" in kinds(reporting, Stage.QUALITY_REVIEW)
    record_silence(finding, by=partner)
    assert "response.missing" not in kinds(reporting, Stage.QUALITY_REVIEW)


def test_a_finding_reworded_since_management_read_it_blocks_until_it_is_released_anew(
    reporting, fieldwork, finding, partner, broker
):
    release = told_of(finding, partner)
    respond(finding, Answer("given", "同意。", "資訊部"), seen=release.pk, by=broker)
    save_finding(finding, {"risk": "更高"}, version=1, by=partner)
    assert "finding.reworded" in kinds(reporting, Stage.QUALITY_REVIEW)
    release_findings(reporting, [finding], due_on=first_due(), asks=False, by=partner)
    assert {"finding.reworded", "response.missing"}.isdisjoint(kinds(reporting, Stage.QUALITY_REVIEW))


def test_an_earlier_finding_blocks_until_it_is_assessed(reporting, partner):
    report = {"source": "他所報告", "title": "未掃描", "condition": "全年未執行。", "promised": ""}
    row = add_follow_up(reporting, report, by=partner)
    assert "followup.open" in kinds(reporting, Stage.QUALITY_REVIEW)
    stands = {
        "status": "improved",
        "work": "抽核。",
        "checked_on": timezone.localdate(),
        "result": None,
        "repeat": None,
    }
    assess(row, stands, version=1, by=partner)
    assert "followup.open" not in kinds(reporting, Stage.QUALITY_REVIEW)


def test_management_s_answer_changes_the_fingerprint(fieldwork, finding, partner, broker):
    release = told_of(finding, partner)
    before = fingerprint(fieldwork)
    respond(finding, Answer("given", "同意。", "資訊部"), seen=release.pk, by=broker)
    assert fingerprint(fieldwork) != before


def test_issue_needs_the_quality_reviewer_and_the_report(quality_review):
    assert kinds(quality_review, Stage.ISSUED) == ["quality.unsigned", "report.unissued"]


def test_any_change_of_the_file_takes_the_partners_signature_back(quality_review):
    paper = paper_of(quality_review)
    Workpaper.objects.filter(pk=paper.pk).update(content_version=paper.content_version + 1)
    assert "final.unsigned" in kinds(quality_review, Stage.ISSUED)


# Fingerprint ---------------------------------------------------------------------------------


def test_the_page_and_the_verb_compute_the_same_fingerprint(quality_review):
    assert Standing(quality_review).fingerprint == fingerprint(quality_review)


def test_every_part_of_the_file_changes_the_fingerprint(reporting, preparer, partner):
    seen = [fingerprint(reporting)]
    Workpaper.objects.filter(pk=paper_of(reporting).pk).update(content_version=99)
    seen.append(fingerprint(reporting))
    conclude(reporting, kind="unmodified", rationale="無重大缺失。", by=partner)
    seen.append(fingerprint(reporting))
    conclude(reporting, kind="unmodified", rationale="另有考量。", by=partner)
    seen.append(fingerprint(reporting))
    assert len(set(seen)) == 4


def test_a_reworded_finding_changes_the_fingerprint(fieldwork, finding, preparer):
    before = fingerprint(fieldwork)
    save_finding(finding, {"risk": "更高"}, version=finding.version, by=preparer)
    assert fingerprint(fieldwork) != before


def test_a_change_taken_back_revives_no_signature(quality_review):
    before = fingerprint(quality_review)
    Workpaper.objects.filter(pk=paper_of(quality_review).pk).update(content_version=99)
    assert not EngagementSignOff.objects.filter(fingerprint=fingerprint(quality_review)).exists()
    assert EngagementSignOff.objects.filter(fingerprint=before).exists()


# Cost ----------------------------------------------------------------------------------------


def test_each_thing_is_asked_once_however_many_gates_want_it(quality_review):
    standing = Standing(Engagement.objects.get(pk=quality_review.pk), known_lines=paper_lines(quality_review))
    with CaptureQueriesContext(connection) as queries:
        blockers_into(Stage.ISSUED, standing)
        blockers_into(Stage.QUALITY_REVIEW, standing)
    # the team, and with its people; declarations; the plan; requests, conclusion, findings, earlier ones, what changed
    # last, signatures, issued reports; coverage; what bears on the conclusion, limitations by request too; both
    # letters, the second signer, the dates
    assert len(queries) == 28
