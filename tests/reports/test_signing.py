"""Who signs a report: one partner, or two, each once, and never the quality reviewer; the last signature issues it."""

import pytest
from django.utils import timezone

from engagements.actions import join_team
from engagements.models import Engagement, TeamMember
from foundation.accounts.models import User
from foundation.trail.queries import events_of
from foundation.web.refusals import Refused
from procedures.models import Workpaper
from reports.compilation import compile_binder
from reports.letter import compose
from signoff.conclusions import signoff_blockers
from signoff.cosigning import name_cosigner, possible_cosigners
from signoff.fingerprint import fingerprint
from signoff.gates import BEFORE_FINAL, FINAL_REPORT, blockers_of
from signoff.lifecycle import withdraw_engagement
from signoff.models import Cosigner, ReportVersion, Signature
from signoff.reporting import issue_blockers, issue_report, request_report
from signoff.standing import Standing
from tests.reports.conftest import finish, move, sign_again

ISSUED, RENDERED = ReportVersion.State.ISSUED, ReportVersion.State.RENDERED


@pytest.fixture
def for_two(ready, quick, partner, quality_reviewer, second_partner):
    """A final version that two partners sign."""
    name_cosigner(ready, second_partner, by=partner)
    move(ready, "reporting")
    return sign_again(Engagement.objects.get(pk=ready.pk), partner=partner, eqr=quality_reviewer)


def test_one_signature_issues_a_report_that_has_one_signer(frozen, partner):
    assert issue_report(frozen, by=partner).state == ISSUED
    signature = Signature.objects.get()
    assert (signature.user, signature.pdf_sha256) == (partner, frozen.pdf.sha256)


def test_the_first_of_two_signatures_issues_nothing(for_two, partner):
    signed = issue_report(for_two, by=partner)
    assert (signed.state, signed.issued_at) == (RENDERED, None)
    assert events_of(for_two.engagement.chain, event="report.signed").count() == 1


@pytest.mark.parametrize("second_signs_first", [False, True])
def test_the_second_signature_issues_whoever_gives_it(for_two, partner, second_partner, second_signs_first):
    signers = [second_partner, partner] if second_signs_first else [partner, second_partner]
    for signer in signers:
        report = issue_report(for_two, by=signer)
    assert (report.state, report.issued_by) == (ISSUED, signers[-1])
    assert {row.binder_sha256 for row in Signature.objects.all()} == {for_two.binder.sha256}


def test_nobody_signs_a_report_twice(for_two, partner):
    issue_report(for_two, by=partner)
    with pytest.raises(Refused):
        issue_report(for_two, by=partner)
    assert Signature.objects.count() == 1


def test_a_partner_who_is_no_signer_signs_nothing(frozen, second_partner):
    with pytest.raises(Refused):
        issue_report(frozen, by=second_partner)
    assert Signature.objects.count() == 0


def test_the_quality_reviewer_signs_no_report_even_if_named(frozen, quality_reviewer, partner):
    Cosigner.objects.create(engagement=frozen.engagement, user=quality_reviewer, named_by=partner)
    with pytest.raises(Refused):
        issue_report(frozen, by=quality_reviewer)
    assert Signature.objects.count() == 0


def test_only_another_partner_of_the_firm_can_be_named(
    ready, partner, quality_reviewer, reviewer, other_firm, second_partner
):
    assert list(possible_cosigners(ready)) == [second_partner]
    for person in (partner, quality_reviewer, reviewer, other_firm):
        with pytest.raises(Refused):
            name_cosigner(ready, person, by=partner)
    assert Cosigner.objects.count() == 0


def test_whoever_has_ever_reviewed_the_quality_is_no_second_signer(ready, partner, quality_reviewer, second_partner):
    TeamMember.objects.filter(engagement=ready, role="eqr").update(ended_on=timezone.localdate())
    assert list(possible_cosigners(ready)) == [second_partner]
    with pytest.raises(Refused):
        name_cosigner(ready, quality_reviewer, by=partner)


def test_nobody_is_named_for_an_engagement_that_was_withdrawn(ready, partner, second_partner):
    withdraw_engagement(ready, reason="管理階層不願解除限制。", by=partner)
    with pytest.raises(Refused):
        name_cosigner(ready, second_partner, by=partner)


def test_a_second_signer_who_becomes_the_first_one_doesn_t_sign_for_two(for_two, partner, second_partner):
    engagement = for_two.engagement
    TeamMember.objects.filter(engagement=engagement, role="partner").update(ended_on=timezone.localdate())
    join_team(engagement, user=second_partner, role="partner", by=partner)
    blockers = blockers_of(BEFORE_FINAL, Standing(Engagement.objects.get(pk=engagement.pk)))
    (unfit,) = [blocker for blocker in blockers if blocker.kind == "cosigner.unfit"]
    assert second_partner.name in unfit.text
    assert unfit.url.endswith("/reports/")


def test_a_second_signer_who_may_sign_is_no_blocker(for_two):
    engagement = Engagement.objects.get(pk=for_two.engagement_id)
    assert blockers_of(FINAL_REPORT, Standing(engagement)) == []


def test_another_certificate_of_the_second_signer_makes_the_file_s_signatures_lapse(for_two, second_partner):
    User.objects.filter(pk=second_partner.pk).update(certificate="金管會證字第 9999 號")
    assert "report.outdated" in {blocker.kind for blocker in issue_blockers(for_two)}


def test_who_signed_an_earlier_report_does_not_review_the_quality_of_the_next(for_two, partner, second_partner):
    issue_report(for_two, by=second_partner)
    name_cosigner(for_two.engagement, None, by=partner)
    blockers = signoff_blockers(
        Standing(Engagement.objects.get(pk=for_two.engagement_id)), "quality", by=second_partner
    )
    assert "quality.worked" in {blocker.kind for blocker in blockers}


def test_naming_a_second_signer_makes_the_file_s_signatures_lapse(ready, partner, second_partner):
    before = fingerprint(ready)
    name_cosigner(ready, second_partner, by=partner)
    named = fingerprint(ready)
    name_cosigner(ready, second_partner, by=partner)
    assert fingerprint(ready) == named != before
    name_cosigner(ready, None, by=partner)
    assert fingerprint(ready) not in {before, named}


def test_both_signers_stand_under_the_letter(ready, partner, second_partner):
    name_cosigner(ready, second_partner, by=partner)
    version = ReportVersion(engagement=ready, number=1)
    text = "".join(paragraph.text for paragraph in compose(compile_binder(version)).paragraphs)
    assert f"{partner.name}、{second_partner.name}" in text


def test_after_the_issue_nobody_is_named(issued, partner, second_partner):
    with pytest.raises(Refused):
        name_cosigner(issued.engagement, second_partner, by=partner)


def test_the_second_signer_reads_and_signs_the_final_version_and_no_draft(for_two, partner, second_partner, sign_in):
    draft = finish(request_report(Engagement.objects.get(pk=for_two.engagement_id), by=partner))
    client = sign_in(second_partner)
    assert client.get(for_two.get_absolute_url()).status_code == 200
    assert client.get(draft.get_absolute_url()).status_code == 404


def test_the_second_signer_s_home_leads_to_the_report_until_it_is_signed(for_two, partner, second_partner, sign_in):
    client = sign_in(second_partner)
    assert client.get("/").context["to_cosign"] == [for_two]
    assert for_two.get_absolute_url() in client.get("/").content.decode()
    issue_report(for_two, by=second_partner)
    assert client.get("/").context["to_cosign"] == []
    assert sign_in(partner).get("/").context["to_cosign"] == []


def test_a_second_signer_who_left_the_firm_s_partners_sees_nothing(for_two, second_partner):
    User.objects.filter(pk=second_partner.pk).update(role="manager")
    changed = User.objects.get(pk=second_partner.pk)
    assert not ReportVersion.objects.visible_to(changed).exists()
    assert ReportVersion.objects.get(pk=for_two.pk).roles_of(changed) == frozenset()


def test_a_paper_that_changes_between_the_last_signature_and_the_freeze_holds_up_the_freeze(ready, partner):
    Workpaper.objects.filter(engagement=ready, code="1.1").update(content_version=99)
    with pytest.raises(Refused):
        request_report(ready, final=True, by=partner)
    assert ReportVersion.objects.count() == 0


def test_a_paper_that_changes_between_the_freeze_and_the_issue_holds_up_the_issue(frozen, partner):
    Workpaper.objects.filter(engagement=frozen.engagement, code="1.1").update(content_version=99)
    with pytest.raises(Refused):
        issue_report(frozen, by=partner)
    assert Signature.objects.count() == 0
