"""The proposal, the partner's decision, and the two signatures on the whole file."""

import pytest
from django.db import IntegrityError, transaction

from engagements.models import Engagement, Stage, TeamMember
from evidence.models import Request
from evidence.requests import dispose_request
from findings.models import Finding
from foundation.trail.models import Event
from foundation.web.refusals import Refused
from procedures.models import Outcome, ProcedureResult, Revision, Workpaper
from signoff.conclusions import conclude, sign_file
from signoff.fingerprint import fingerprint
from signoff.lifecycle import advance
from signoff.models import Conclusion, ConclusionKind, EngagementSignOff
from signoff.standing import Standing
from tests.conftest import person
from tests.stages import represent

FINAL, QUALITY = EngagementSignOff.Role.FINAL, EngagementSignOff.Role.QUALITY


def sign(engagement, role, *, by, seen: str | None = None) -> EngagementSignOff:
    return sign_file(engagement, role, seen=fingerprint(engagement) if seen is None else seen, by=by)


def proposal(engagement):
    return Standing(engagement).proposal()


def add_finding(engagement, severity: str, by) -> None:
    Finding.objects.create(
        engagement=engagement,
        number=1,
        title="缺失",
        condition="情況",
        criterion="標準",
        severity=severity,
        type="operation",
        risk="風險",
        recommendation="建議",
        raised_by=by,
    )


@pytest.fixture
def concluded(reporting, partner) -> Engagement:
    conclude(reporting, kind="unmodified", rationale="無重大缺失。", by=partner)
    represent(reporting, by=partner)
    return reporting


# Proposal ------------------------------------------------------------------------------------


def test_without_material_finding_or_limitation_the_proposal_is_unmodified(reporting):
    assert proposal(reporting).kind == ConclusionKind.UNMODIFIED


@pytest.fixture
def limiting(review, reviewer) -> Request:
    """A request that is closed because the document wasn't provided, as a limitation of the scope."""
    request = Request.objects.filter(engagement=review).exclude(state__in=Request.SETTLED_STATES).first()
    dispose_request(request, disposition="limitation", reason="經催請仍未提供。", by=reviewer)
    return Request.objects.get(pk=request.pk)


def test_a_request_closed_as_a_scope_limitation_counts_with_the_procedures_that_needed_it(review, limiting):
    proposed = proposal(review)
    assert proposed.kind == ConclusionKind.QUALIFIED
    [rule] = [rule for rule in proposed.rules if rule.name == "limitation"]
    [weighed] = rule.rests_on
    procedure = limiting.documents.first().procedure
    assert weighed.label.startswith(f"{limiting.label} ")
    assert f"{procedure.point.index}-{procedure.no}" in weighed.label
    assert weighed.url == limiting.get_absolute_url()


def test_a_procedure_that_says_so_counts_in_place_of_the_request(review, limiting):
    procedure = limiting.documents.first().procedure
    ProcedureResult.objects.filter(workpaper__engagement=review, procedure=procedure).update(
        outcome=Outcome.SCOPE_LIMITATION
    )
    [rule] = [rule for rule in proposal(review).rules if rule.name == "limitation"]
    [weighed] = rule.rests_on
    assert weighed.label.startswith(procedure.point.index)


def test_a_request_closed_for_another_reason_limits_nothing(review, reviewer):
    request = Request.objects.filter(engagement=review).exclude(state__in=Request.SETTLED_STATES).first()
    dispose_request(request, disposition="obtained", reason="以系統匯出替代。", by=reviewer)
    assert proposal(review).kind == ConclusionKind.UNMODIFIED


@pytest.mark.parametrize("severity", ["significant", "minor", "advisory"])
def test_smaller_findings_are_disclosed_and_modify_nothing(reporting, preparer, severity):
    add_finding(reporting, severity, preparer)
    assert proposal(reporting).kind == ConclusionKind.UNMODIFIED


def test_a_material_finding_is_proposed_as_qualified(reporting, preparer):
    add_finding(reporting, "material", preparer)
    assert proposal(reporting).kind == ConclusionKind.QUALIFIED


def test_a_scope_limitation_is_proposed_as_qualified(reporting):
    result = ProcedureResult.objects.filter(workpaper__engagement=reporting).first()
    ProcedureResult.objects.filter(pk=result.pk).update(outcome=Outcome.SCOPE_LIMITATION)
    assert proposal(reporting).kind == ConclusionKind.QUALIFIED


# Decision ------------------------------------------------------------------------------------


def test_the_decision_is_kept_with_its_rationale_and_person(concluded, partner):
    decided = Conclusion.objects.get(engagement=concluded)
    assert (decided.kind, decided.rationale, decided.decided_by) == ("unmodified", "無重大缺失。", partner)


def test_the_partner_may_decide_otherwise_than_proposed_and_says_why(reporting, partner):
    decided = conclude(reporting, kind="adverse", rationale="缺失普遍。", departure="各項合計重大且廣泛。", by=partner)
    assert (decided.kind, decided.proposed, decided.departure) == ("adverse", "unmodified", "各項合計重大且廣泛。")


def test_another_decision_than_proposed_is_refused_without_the_reason(reporting, partner):
    with pytest.raises(Refused):
        conclude(reporting, kind="adverse", rationale="缺失普遍。", by=partner)
    assert not Conclusion.objects.exists()


def test_a_decision_needs_its_rationale(reporting, partner):
    with pytest.raises(Refused):
        conclude(reporting, kind="unmodified", rationale=" ", by=partner)
    assert not Conclusion.objects.exists()


def test_there_are_four_conclusions_and_no_fifth(reporting, partner):
    with pytest.raises(Refused):
        conclude(reporting, kind="perfect", rationale="很好", by=partner)


def test_nothing_is_decided_once_the_report_is_issued(concluded, partner):
    Engagement.objects.filter(pk=concluded.pk).update(stage=Stage.ISSUED)
    with pytest.raises(Refused):
        conclude(concluded, kind="adverse", rationale="改變", by=partner)


def test_the_decision_is_an_event_with_its_rationale(concluded):
    event = Event.objects.get(chain__key=concluded.chain, name="conclusion.decided")
    assert event.content["reason"] == "無重大缺失。"
    assert event.content["facts"].items() >= {"kind": "unmodified", "proposed": "unmodified", "pervasive": ""}.items()


# Final sign-off ------------------------------------------------------------------------------


def test_the_partner_signs_the_file_as_it_is(concluded, partner):
    assert sign(concluded, FINAL, by=partner).fingerprint == fingerprint(concluded)


def test_the_partner_does_not_sign_before_reporting(review, partner):
    with pytest.raises(Refused, match="報告編製"):
        sign(review, FINAL, by=partner)


def test_the_partner_does_not_sign_without_a_conclusion(reporting, partner):
    with pytest.raises(Refused) as refused:
        sign(reporting, FINAL, by=partner)
    assert "尚未作成結論。" in refused.value.reasons


def test_a_file_that_changed_under_the_signers_eyes_is_not_signed(concluded, partner):
    seen = fingerprint(concluded)
    Workpaper.objects.filter(engagement=concluded, code="3.8.2").update(content_version=99)
    with pytest.raises(Refused):
        sign(concluded, FINAL, by=partner, seen=seen)
    assert not EngagementSignOff.objects.exists()


def test_nobody_signs_the_same_file_twice(concluded, partner):
    sign(concluded, FINAL, by=partner)
    with pytest.raises(Refused):
        sign(concluded, FINAL, by=partner)
    assert EngagementSignOff.objects.count() == 1


def test_the_database_refuses_a_second_signature_of_the_same_person(concluded, partner):
    signed = sign(concluded, FINAL, by=partner)
    with pytest.raises(IntegrityError), transaction.atomic():
        EngagementSignOff.objects.create(
            engagement=concluded, role=QUALITY, user=partner, fingerprint=signed.fingerprint
        )


def test_a_signature_is_an_event_with_the_fingerprint(concluded, partner):
    signed = sign(concluded, FINAL, by=partner)
    event = Event.objects.get(chain__key=concluded.chain, name="file.signed")
    assert event.content["facts"] == {"role": "final", "fingerprint": signed.fingerprint, "signoff": signed.pk}


# Quality review ------------------------------------------------------------------------------


def test_the_quality_reviewer_signs_after_the_partner(quality_review, quality_reviewer):
    assert sign(quality_review, QUALITY, by=quality_reviewer).role == QUALITY


def test_the_quality_reviewer_does_not_sign_before_the_stage_of_quality_review(concluded, partner, quality_reviewer):
    sign(concluded, FINAL, by=partner)
    with pytest.raises(Refused, match="品質複核"):
        sign(concluded, QUALITY, by=quality_reviewer)


def test_whoever_wrote_on_a_paper_does_not_review_the_engagements_quality(quality_review, quality_reviewer):
    paper = Workpaper.objects.get(engagement=quality_review, code="3.8.2")
    Revision.objects.create(workpaper=paper, author=quality_reviewer, content={}, content_version=1)
    with pytest.raises(Refused, match="曾參與"):
        sign(quality_review, QUALITY, by=quality_reviewer)


def test_whoever_reviewed_a_paper_does_not_either(quality_review, reviewer):
    with pytest.raises(Refused, match="曾參與"):
        sign(quality_review, QUALITY, by=reviewer)


def test_a_change_after_the_partners_signature_stops_the_quality_reviewer(quality_review, quality_reviewer, partner):
    conclude(quality_review, kind="qualified", rationale="重新考量。", departure="合計重大。", by=partner)
    with pytest.raises(Refused) as refused:
        sign(quality_review, QUALITY, by=quality_reviewer)
    assert refused.value.reasons == ["會計師尚未就現行內容簽章。"]


def test_the_partner_signs_again_and_the_quality_reviewer_can(quality_review, quality_reviewer, partner):
    conclude(quality_review, kind="qualified", rationale="重新考量。", departure="合計重大。", by=partner)
    sign(quality_review, FINAL, by=partner)
    sign(quality_review, QUALITY, by=quality_reviewer)
    assert EngagementSignOff.objects.filter(fingerprint=fingerprint(quality_review)).count() == 2


def test_signatures_stay_when_their_signer_leaves_the_team(quality_review, partner):
    TeamMember.objects.filter(user=partner).update(ended_on="2026-01-01")
    assert EngagementSignOff.objects.filter(user=partner).exists()


def test_with_the_partners_signature_the_engagement_enters_quality_review(concluded, partner, firm):
    with pytest.raises(Refused):
        advance(concluded, expected=Stage.REPORTING, by=partner)
    sign(concluded, FINAL, by=partner)
    assert advance(concluded, expected=Stage.REPORTING, by=partner).stage == Stage.QUALITY_REVIEW


def test_a_second_person_signing_the_same_fingerprint_needs_the_role_of_that_signature(quality_review, firm):
    stranger = person("蔡志明", "stranger@firm.example", firm, "partner")
    assert not stranger.can("engagement.sign_final", quality_review)
    assert not stranger.can("engagement.sign_quality", quality_review)
