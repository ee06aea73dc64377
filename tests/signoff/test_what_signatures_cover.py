"""The signatures on the file cover all that the report prints; nothing of it changes and leaves them valid."""

from datetime import date

import pytest

from controls.models import Condition
from engagements.actions import answer_condition, join_team, leave_team
from engagements.models import Engagement, TeamMember
from foundation.accounts.policy import Role
from foundation.web.refusals import Refused
from procedures.actions import Entry, save_result
from procedures.models import ProcedureResult
from reports.actions import save_letter_entries
from signoff.conclusions import conclude, sign_file
from signoff.fingerprint import fingerprint
from signoff.gates import FINAL_REPORT, blockers_of
from signoff.lifecycle import send_back
from signoff.models import ReportVersion
from signoff.reporting import issue_report
from signoff.standing import Standing
from tests.conftest import person
from tests.uploads import deposit, pdf


@pytest.fixture
def signed(quality_review, quality_reviewer):
    """Signed by the partner and by the quality reviewer."""
    sign_file(quality_review, "quality", seen=fingerprint(quality_review), by=quality_reviewer)
    return Engagement.objects.get(pk=quality_review.pk)


def open_points(engagement):
    return {blocker.kind for blocker in blockers_of(FINAL_REPORT, Standing(Engagement.objects.get(pk=engagement.pk)))}


def test_a_signed_file_has_no_open_point(signed):
    assert open_points(signed) == set()


def test_a_conclusion_that_is_changed_and_changed_back_is_not_the_one_that_was_signed(signed, partner):
    kind, rationale = signed.conclusion.kind, signed.conclusion.rationale
    conclude(signed, kind="qualified", rationale=rationale, departure="合計重大。", by=partner)
    conclude(signed, kind=kind, rationale=rationale, by=partner)
    assert open_points(signed) == {"final.unsigned", "quality.unsigned"}


def answer_an_event(signed, by):
    condition = Condition.objects.filter(version=signed.catalogue, kind=Condition.Kind.EVENT).first()
    answer_condition(signed, condition, applies=False, reason="查無紀錄。", by=by)


def fill_in_the_letter(signed, by):
    save_letter_entries(signed, values={"排除事項": "境外系統"}, options=[], by=by)


def add_evidence(signed, by):
    deposit(signed, [pdf("補充.pdf")], by=by)


def roll_somebody_off(signed, by):
    leave_team(TeamMember.objects.get(engagement=signed, role=Role.STAFF), by=by)


def reword_a_paper(signed, by):
    result = ProcedureResult.objects.filter(workpaper__engagement=signed).first()
    save_result(result, Entry(result.outcome, "改寫。", result.reason, date(2026, 6, 1)), version=result.version, by=by)


@pytest.mark.parametrize(
    "act",
    [answer_an_event, fill_in_the_letter, add_evidence, roll_somebody_off, reword_a_paper],
    ids=lambda act: act.__name__,
)
def test_whatever_the_report_prints_changes_the_fingerprint(signed, partner, act):
    before = fingerprint(signed)
    act(signed, partner)
    assert fingerprint(signed) != before
    assert {"final.unsigned", "quality.unsigned"} <= open_points(signed)


def test_sending_the_file_back_lets_its_signatures_lapse(signed, partner):
    before = fingerprint(signed)
    send_back(signed, reason="補充程序", by=partner)
    assert fingerprint(signed) != before


def test_without_a_partner_on_the_team_there_is_no_final_report(signed, admin):
    leave_team(TeamMember.objects.get(engagement=signed, role=Role.PARTNER), by=admin)
    assert "team.partner" in open_points(signed)


def test_a_partner_who_came_later_signs_the_file_before_issuing_it(signed, partner, admin, firm, monkeypatch):
    second = person("鄭新任", "second@firm.example", firm, Role.PARTNER)
    report = ReportVersion(engagement=signed, number=1, final=True, fingerprint=fingerprint(signed))
    report.state = ReportVersion.State.RENDERED
    report.save()
    monkeypatch.setattr("signoff.reporting.issue_blockers", lambda _report: [])  # the file itself is in order
    with pytest.raises(Refused, match="最終簽章"):
        issue_report(report, by=second)


def test_whoever_reviewed_the_quality_does_not_join_to_work(signed, quality_reviewer, admin):
    leave_team(TeamMember.objects.get(engagement=signed, user=quality_reviewer), by=admin)
    with pytest.raises(Refused, match="品質複核"):
        join_team(signed, user=quality_reviewer, role=Role.MANAGER, by=admin)


def test_whoever_worked_does_not_come_back_to_review_the_quality(signed, partner, admin):
    leave_team(TeamMember.objects.get(engagement=signed, user=partner), by=admin)
    with pytest.raises(Refused, match="不得擔任案件品質複核"):
        join_team(signed, user=partner, role=Role.EQR, by=admin)


def test_the_quality_reviewer_is_a_partner_and_only_one(engagement, firm, admin):
    manager = person("郭經理", "manager2@firm.example", firm, Role.MANAGER)
    second = person("鄭新任", "second@firm.example", firm, Role.PARTNER)
    with pytest.raises(Refused, match="僅限本事務所會計師"):
        join_team(engagement, user=manager, role=Role.EQR, by=admin)
    with pytest.raises(Refused, match="已有案件品質複核人員"):
        join_team(engagement, user=second, role=Role.EQR, by=admin)


def test_no_answer_changes_once_the_report_is_issued(signed, partner):
    Engagement.objects.filter(pk=signed.pk).update(stage="issued")
    with pytest.raises(Refused, match="報告已出具"):
        answer_an_event(signed, partner)  # from a page loaded before


def test_a_fact_is_not_answered_from_a_page_loaded_before_fieldwork(engagement, planned, fieldwork, partner):
    stale = Engagement(pk=engagement.pk, catalogue=engagement.catalogue, fieldwork_opened_at=None)
    condition = Condition.objects.filter(version=engagement.catalogue, kind=Condition.Kind.PROFILE).first()
    with pytest.raises(Refused, match="執行階段已開啟"):
        answer_condition(stale, condition, applies=False, reason="無", by=partner)


@pytest.mark.parametrize(
    ("whose", "field"),
    [("firm", "name"), ("auditee", "address"), ("partner", "name"), ("partner", "certificate")],
)
def test_what_the_report_prints_of_companies_and_people_is_covered(quality_review, partner, whose, field):
    before = fingerprint(quality_review)
    printed = partner if whose == "partner" else getattr(quality_review, whose)
    type(printed).objects.filter(pk=printed.pk).update(**{field: "另一"})
    assert fingerprint(Engagement.objects.get(pk=quality_review.pk)) != before
