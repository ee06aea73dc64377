"""A reissue opens an issued report's file again; the report that comes of it takes the other's place, and both stay."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from engagements.actions import answer_condition
from engagements.models import Engagement, Stage
from engagements.validators import check_open
from evidence.receiving import begin_upload
from foundation.accounts.policy import Role
from foundation.trail.queries import events_of
from foundation.web.refusals import Refused
from procedures.actions import Entry, save_result
from procedures.models import ProcedureResult
from reports.actions import save_letter_entries
from reports.binder import Binder
from reports.letter import Option, compose
from signoff.conclusions import conclude
from signoff.fingerprint import fingerprint
from signoff.gates import blockers_into
from signoff.issued import withdraw_report
from signoff.lifecycle import send_back, withdraw_engagement
from signoff.models import Reissue, ReportVersion
from signoff.reissuing import cancel_reissue, open_reissue
from signoff.reporting import issue_report
from signoff.representations import ComeBack, draft_representation, record_signed
from signoff.standing import Standing
from tests.reports.conftest import sign_again
from tests.scenes import scene
from tests.uploads import deposit, pdf, text, uploaded

State = ReportVersion.State
REASON = "報告書所載機房地址誤植。"


def reopened(report, kind="editorial", *, by):
    open_reissue(report.engagement, kind=kind, reason=REASON, by=by)
    return Engagement.objects.get(pk=report.engagement_id)


@pytest.fixture
def reissued(issued, partner, quality_reviewer):
    """An editorial reissue that is through: the new version, issued."""

    def reissue():
        engagement = reopened(issued, by=partner)
        return issue_report(sign_again(engagement, partner=partner, eqr=quality_reviewer), by=partner)

    return scene("reissued", reissue)


def test_a_reissue_goes_back_to_reporting_and_the_old_report_stays_in_force(issued, partner):
    engagement = reopened(issued, by=partner)
    issued.refresh_from_db()
    assert (engagement.stage, issued.state) == (Stage.REPORTING, State.ISSUED)
    assert events_of(engagement.chain, event="engagement.reissued").count() == 1


def test_the_day_of_the_first_issue_stays_through_a_reissue(issued, partner, quality_reviewer):
    day = timezone.localdate() - timedelta(days=20)
    assert Engagement.objects.get().issued_on == timezone.localdate()
    Engagement.objects.update(issued_on=day)
    engagement = reopened(issued, by=partner)
    assert not engagement.is_awaited
    issue_report(sign_again(engagement, partner=partner, eqr=quality_reviewer), by=partner)
    assert Engagement.objects.get().issued_on == day


def test_the_file_s_signatures_lapse_with_a_reissue(issued, partner):
    before = Standing(issued.engagement).signed
    engagement = reopened(issued, by=partner)
    assert before == {"final", "quality"}
    assert Standing(engagement).signed == set()


@pytest.mark.parametrize(("kind", "reason"), [("", REASON), ("cosmetic", REASON), ("material", " ")])
def test_a_reissue_needs_a_kind_and_a_reason(issued, partner, kind, reason):
    with pytest.raises(Refused):
        open_reissue(issued.engagement, kind=kind, reason=reason, by=partner)
    assert Reissue.objects.count() == 0


def test_what_is_not_issued_is_not_reissued(frozen, partner):
    with pytest.raises(Refused):
        open_reissue(frozen.engagement, kind="material", reason=REASON, by=partner)


def test_one_reissue_is_under_way_at_a_time(issued, partner):
    engagement = reopened(issued, by=partner)
    with pytest.raises(Refused):
        open_reissue(engagement, kind="material", reason=REASON, by=partner)
    assert Reissue.objects.count() == 1


def a_change(engagement):
    result = ProcedureResult.objects.filter(workpaper__engagement=engagement, workpaper__code="3.8.2").first()
    return result, Entry(outcome="exception", work="漏列一次掃描。")


def test_a_material_reissue_opens_papers(issued, partner, preparer):
    result, entry = a_change(reopened(issued, "material", by=partner))
    assert save_result(result, entry, version=result.version, by=preparer, reopening=True)


def test_an_editorial_reissue_opens_the_letter_alone(issued, partner, preparer):
    engagement = reopened(issued, by=partner)
    result, entry = a_change(engagement)
    event = engagement.answers.filter(condition__kind="event").first()
    closed = (
        lambda: check_open(engagement),
        lambda: save_result(result, entry, version=result.version, by=preparer),
        lambda: conclude(engagement, kind="qualified", rationale="改列。", by=partner),
        lambda: answer_condition(engagement, event.condition, applies=False, reason="無。", by=partner),
        lambda: send_back(engagement, reason="重看底稿。", by=partner),
    )
    for act in closed:
        with pytest.raises(Refused):
            act()
    values = {"評估系統": "交易平台", "場所": "臺中"}
    assert save_letter_entries(engagement, values=values, options=[Option.DIRECT], by=partner).values == values


def test_an_editorial_reissue_takes_a_representation_letter_of_its_own_and_no_other_evidence(issued, partner):
    engagement = reopened(issued, by=partner)
    letter = draft_representation(engagement, "# 客戶聲明書\n\n重行聲明。", by=partner)
    begin_upload(engagement, name="聲明書.pdf", size=9, by=partner)
    Engagement.objects.filter(pk=engagement.pk).update(period_start="2025-01-01", period_end="2025-12-31")
    came = ComeBack(timezone.localdate(), "董事長", uploaded(pdf(), to=engagement, by=partner))
    assert record_signed(letter, came, by=partner).scan.engagement_id == engagement.pk
    with pytest.raises(Refused):
        deposit(engagement, [text()], by=partner)


def test_the_gate_before_the_issue_waits_for_the_new_report(issued, partner):
    engagement = reopened(issued, by=partner)
    assert "report.unissued" in {blocker.kind for blocker in blockers_into(Stage.ISSUED, Standing(engagement))}


def test_the_new_report_takes_the_place_of_the_old_one_and_both_point_at_each_other(issued, reissued):
    old = ReportVersion.objects.get(pk=issued.pk)
    assert (old.state, reissued.state) == (State.SUPERSEDED, State.ISSUED)
    assert reissued.reissue.of == old
    assert old.reissues.get().version == reissued
    assert old.pdf.sha256 == issued.pdf.sha256
    assert reissued.report_number != old.report_number
    assert not Engagement.objects.get(pk=old.engagement_id).wording_only


def test_the_new_report_prints_what_it_replaces_and_why(issued, reissued):
    with reissued.binder.open() as file:
        binder = Binder.from_json(file.read())
    text = "".join(paragraph.text for paragraph in compose(binder).paragraphs)
    assert (binder.superseded.number, binder.superseded.material) == (issued.report_number, False)
    assert f"第 {issued.report_number} 號報告" in text
    assert REASON.rstrip("。") in text


def test_an_engagement_is_not_withdrawn_while_its_report_is_reissued(issued, partner):
    engagement = reopened(issued, by=partner, kind="material")
    with pytest.raises(Refused, match="報告已出具"):
        withdraw_engagement(engagement, reason="無法繼續。", by=partner)


def test_a_reissue_can_be_cancelled_while_nothing_was_changed(issued, partner):
    engagement = reopened(issued, by=partner)
    cancel_reissue(engagement, reason="地址無誤。", by=partner)
    assert Engagement.objects.get(pk=engagement.pk).stage == Stage.ISSUED
    assert not Engagement.objects.get(pk=engagement.pk).is_open_for_work
    assert ReportVersion.objects.get(pk=issued.pk).state == State.ISSUED


def test_a_reissue_cannot_be_cancelled_once_the_file_was_changed(issued, partner):
    engagement = reopened(issued, by=partner)
    save_letter_entries(engagement, values={"場所": "臺中"}, options=[Option.DIRECT], by=partner)
    with pytest.raises(Refused):
        cancel_reissue(engagement, reason="地址無誤。", by=partner)
    assert Engagement.objects.get(pk=engagement.pk).stage == Stage.REPORTING


def test_a_cancelled_reissue_may_be_followed_by_another(issued, partner):
    engagement = reopened(issued, by=partner)
    cancel_reissue(engagement, reason="地址無誤。", by=partner)
    assert reopened(issued, "material", by=partner).stage == Stage.REPORTING


def test_a_withdrawn_report_can_be_reissued(issued, partner, quality_reviewer):
    day = issued.report_date
    withdraw_report(issued, reason="結論有誤。", told_on=day, told_by="函告", by=partner)
    engagement = reopened(issued, "material", by=partner)
    issue_report(sign_again(engagement, partner=partner, eqr=quality_reviewer), by=partner)
    assert ReportVersion.objects.get(pk=issued.pk).state == State.SUPERSEDED


def test_only_the_file_s_partner_reissues(issued, sign_in, reviewer, quality_reviewer, partner):
    url = f"/engagements/{issued.engagement_id}/reports/reissue/"
    for user in (reviewer, quality_reviewer):
        assert sign_in(user).post(url, {"kind": "editorial", "reason": REASON}).status_code == 403
    assert Role.PARTNER in issued.engagement.roles_of(partner)
    sign_in(partner).post(url, {"kind": "editorial", "reason": REASON})
    assert Reissue.objects.get().opened_by == partner


def test_nothing_of_a_closed_reissue_changes_any_more(reissued):
    for change in ({"reason": "x"}, {"version": None}, {"closed_at": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Reissue.objects.update(**change)


def test_a_reissue_and_the_file_around_it_are_told_by_the_trail(issued, partner):
    engagement = reopened(issued, by=partner)
    assert fingerprint(engagement) == Reissue.objects.get().opened_with
