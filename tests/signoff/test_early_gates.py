"""What the gates into planning and fieldwork wait for."""

from datetime import date

from engagements.accepting import declare, declare_for_firm, record_letter
from engagements.actions import join_team
from engagements.models import ProfileAnswer, Stage, TeamMember
from foundation.accounts.policy import Role
from signoff.gates import blockers_into
from signoff.standing import Standing
from tests import beginnings
from tests.beginnings import lettered
from tests.conftest import person
from tests.signoff.waiting import blockers, kinds
from tests.uploads import pdf, uploaded


def test_planning_needs_a_partner_acceptance_declarations_and_the_letter(engagement):
    TeamMember.objects.filter(engagement=engagement, role="partner").delete()
    found = ["team.partner", "acceptance.missing", "declaration.missing", "letter.missing"]
    assert kinds(engagement, Stage.PLANNING) == found


def test_planning_needs_nothing_else(engagement, partner):
    beginnings.accepted(engagement, partner=partner)
    assert kinds(engagement, Stage.PLANNING) == []


def test_each_blocker_leads_to_its_part_of_the_page(engagement):
    places = [blocker.url.partition("/acceptance/")[2] for blocker in blockers(engagement, Stage.PLANNING)]
    assert places == ["#decision", "#declarations", "#letter"]


def test_a_threat_without_safeguard_blocks_planning_until_there_is_one(engagement, partner, preparer):
    beginnings.accepted(engagement, partner=partner)
    threat = {"threats": "持有股票", "competence": "CISA", "by": preparer}
    declare(engagement, safeguards="", **threat)
    assert kinds(engagement, Stage.PLANNING) == ["declaration.unsafe"]
    declare(engagement, safeguards="已處分", **threat)
    assert kinds(engagement, Stage.PLANNING) == []


def test_the_firms_own_threat_needs_its_safeguard_too(engagement, partner):
    beginnings.accepted(engagement, partner=partner)
    declare_for_firm(engagement, threats="代管服務", safeguards="", by=partner)
    assert kinds(engagement, Stage.PLANNING) == ["declaration.unsafe"]


def test_a_letter_without_the_clause_of_article_22_is_not_enough(engagement, partner):
    beginnings.accepted(engagement, partner=partner)
    upload = uploaded(pdf(extra=b"2"), to=engagement, by=partner)
    record_letter(engagement, upload, dated_on=date(2026, 1, 6), has_clause=False, by=partner)
    assert kinds(engagement, Stage.PLANNING) == ["letter.clause"]


def test_a_catalogue_that_may_still_change_is_not_worked_from(planned):
    planned.catalogue.status = "draft"
    found = blockers_into(Stage.FIELDWORK, Standing(planned))
    assert [blocker.kind for blocker in found] == ["catalogue.draft"]


def test_whoever_joins_later_declares_before_review_and_before_the_partner_signs(review, reporting, admin, firm):
    late = person("郭新進", "late@firm.example", firm, Role.STAFF)
    join_team(reporting, user=late, role=Role.STAFF, by=admin)
    assert kinds(reporting, Stage.REVIEW) == ["declaration.missing"]
    assert "declaration.missing" in kinds(reporting, Stage.QUALITY_REVIEW)


def test_a_letter_without_the_clause_that_took_the_other_s_place_holds_up_the_partner_s_signature(reporting, partner):
    lettered(reporting, partner=partner)
    assert "letter.clause" not in kinds(reporting, Stage.QUALITY_REVIEW)
    upload = uploaded(pdf("新委任書.pdf"), to=reporting, by=partner)
    record_letter(reporting, upload, dated_on=date(2026, 2, 6), has_clause=False, by=partner)
    assert "letter.clause" in kinds(reporting, Stage.QUALITY_REVIEW)


def test_fieldwork_needs_partner_quality_reviewer_and_profile(engagement):
    TeamMember.objects.filter(engagement=engagement).delete()
    assert kinds(engagement, Stage.FIELDWORK) == ["team.partner", "team.eqr", "profile.unanswered", "plan.unapproved"]


def test_the_blocker_counts_the_open_conditions_and_leads_to_the_profile(engagement):
    blocker = blockers(engagement, Stage.FIELDWORK)[0]
    assert (blocker.text, blocker.url) == ("尚有 32 項條件未回答。", f"/engagements/{engagement.pk}/profile/")


def test_fieldwork_does_not_wait_for_events(planned):
    assert kinds(planned, Stage.FIELDWORK) == []


def test_a_quality_reviewer_who_left_counts_no_more(planned):
    TeamMember.objects.filter(engagement=planned, role="eqr").update(ended_on="2020-01-01")
    assert kinds(planned, Stage.FIELDWORK) == ["team.eqr"]


def test_answers_of_another_engagement_do_not_count(planned, partner, broker_company, exchange_company):
    ProfileAnswer.objects.filter(engagement=planned).first().delete()
    assert blockers(planned, Stage.FIELDWORK)[0].text == "尚有 1 項條件未回答。"
