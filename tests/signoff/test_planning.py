"""The plan: the risk of 22 areas, the partner's approval of them and of papers B-1 to B-4, and what ends it."""

import pytest
from django.db import IntegrityError, transaction

from desk.my_work import my_engagements, waiting_for_my_approval
from engagements.models import AreaRisk, Engagement, PlanApproval, Stage
from engagements.risks import area_row, area_rows, assess
from foundation.trail.models import Event
from foundation.web.refusals import Refused
from procedures.actions import Entry, save_result
from procedures.models import SignOff, Workpaper
from procedures.queries import paper_lines
from procedures.workflow import needs_partner
from signoff.gates import blockers_into
from signoff.lifecycle import advance, open_fieldwork, send_back
from signoff.planning import Plan, approve_plan
from signoff.standing import Standing
from tests import beginnings, stages
from tests.papers import sign

HTMX = {"headers": {"HX-Request": "true"}}


def kinds(engagement, stage: Stage) -> list[str]:
    return [blocker.kind for blocker in blockers_into(stage, Standing(Engagement.objects.get(pk=engagement.pk)))]


def rate(engagement, code: str, level: str, why: str = "", *, by) -> AreaRisk:
    return assess(engagement, area_row(engagement, code), level=level, why=why, by=by)


def approve(engagement, *, by) -> PlanApproval:
    return approve_plan(engagement, seen=Plan(engagement).fingerprint, by=by)


@pytest.fixture
def planning(engagement, partner) -> Engagement:
    """In PLANNING with nothing planned."""
    beginnings.accepted(engagement, partner=partner)
    return advance(engagement, expected=Stage.ACCEPTANCE, by=partner)


@pytest.fixture
def ready(planning, preparer, partner) -> Engagement:
    """Every area rated, papers B-1 to B-4 written and signed as prepared, through the verbs."""
    for row in area_rows(planning):
        assess(planning, row, level="moderate", why="", by=partner)
    for paper in Workpaper.objects.filter(engagement=planning, code__in=("B-1", "B-2", "B-3", "B-4")):
        memo = paper.results.get()
        save_result(memo, Entry(work="詳述。"), version=memo.version, by=preparer)
        sign(paper, by=preparer)
    return planning


# Risks ---------------------------------------------------------------------------------------


def test_there_are_22_areas_chapters_1_and_2_standing_as_one_each(planning):
    codes = [row.code for row in area_rows(planning)]
    assert codes == ["1", "2", *(f"3.{number}" for number in range(1, 21))]


@pytest.mark.parametrize(("level", "why"), [("high", " "), ("low", ""), ("grave", "重大")])
def test_high_and_low_say_why_and_other_levels_are_none(planning, partner, level, why):
    with pytest.raises(Refused):
        rate(planning, "3.8", level, why, by=partner)
    assert not AreaRisk.objects.exists()


def test_each_change_is_an_event_and_the_same_again_is_none(planning, partner):
    for level, why in (("moderate", ""), ("high", "權限複雜"), ("high", "權限複雜 ")):
        risk = rate(planning, "3.8", level, why, by=partner)
    assert risk.version == Event.objects.filter(name="risk.assessed").count() == 2


# Approval ------------------------------------------------------------------------------------


def test_the_approval_waits_for_every_area_and_four_papers(planning, partner):
    with pytest.raises(Refused):
        approve(planning, by=partner)
    kinds_of = [blocker.kind for blocker in Plan(planning).blockers]
    assert kinds_of == ["risk.missing", *["plan.unprepared"] * 4]


def test_a_paper_that_changed_since_it_was_signed_keeps_the_plan_from_approval(ready, preparer, partner):
    memo = Workpaper.objects.get(engagement=ready, code="B-2").results.get()
    save_result(memo, Entry(work="改寫。"), version=memo.version, by=preparer)
    assert [blocker.kind for blocker in Plan(ready).blockers] == ["plan.unprepared"]


def test_an_approved_plan_opens_the_gate_into_fieldwork(ready, partner):
    stages.answer_profile(ready, by=partner)
    assert kinds(ready, Stage.FIELDWORK) == ["plan.unapproved"]
    approve(ready, by=partner)
    assert kinds(ready, Stage.FIELDWORK) == []


def test_a_partner_who_looks_at_an_old_page_approves_nothing(ready, partner):
    seen = Plan(ready).fingerprint
    rate(ready, "3.8", "high", "權限複雜", by=partner)
    with pytest.raises(Refused):
        approve_plan(ready, seen=seen, by=partner)
    assert not PlanApproval.objects.exists()


def test_approving_twice_leaves_one_approval(ready, partner):
    assert approve(ready, by=partner) == approve(ready, by=partner)


def test_a_risk_that_changes_makes_the_approval_stale_even_when_it_is_taken_back(ready, partner):
    approve(ready, by=partner)
    for level in ("high", "moderate"):
        rate(ready, "3.8", level, "權限複雜", by=partner)
    plan = Plan(ready)
    assert (plan.approval, plan.outdated.approved_by) == (None, partner)
    assert "plan.stale" in kinds(ready, Stage.FIELDWORK)


def test_a_stale_plan_keeps_the_partner_from_signing_the_file(reporting, partner):
    assert "plan.stale" not in kinds(reporting, Stage.QUALITY_REVIEW)
    rate(reporting, "3.8", "moderate", "重新評估", by=partner)
    assert "plan.stale" in kinds(reporting, Stage.QUALITY_REVIEW)


def test_an_approval_is_never_altered(ready, partner):
    row = approve(ready, by=partner)
    with pytest.raises(IntegrityError), transaction.atomic():
        PlanApproval.objects.filter(pk=row.pk).update(fingerprint="ab" * 32)


# What follows from a high risk ---------------------------------------------------------------


def test_papers_of_a_high_risk_area_wait_for_the_partner(reporting, partner):
    rate(reporting, "3.8", "high", "權限複雜", by=partner)
    lines = paper_lines(reporting)
    assert {line.area_number for line in lines if line.partner} == {8, 0}  # and the memorandum, which has no area
    assert "paper.unapproved" in kinds(reporting, Stage.REPORTING)


def test_so_do_those_of_a_chapter_without_areas(fieldwork, partner):
    rate(fieldwork, "1", "high", "人員更迭頻繁", by=partner)
    asked = {line.code for line in paper_lines(fieldwork) if line.partner and line.section == "C"}
    assert asked == {line.code for line in paper_lines(fieldwork) if line.chapter_number == 1}


def test_the_verb_the_lines_and_the_partners_list_agree(fieldwork, partner, preparer, reviewer):
    rate(fieldwork, "3.8", "high", "權限複雜", by=partner)
    paper = Workpaper.objects.get(engagement=fieldwork, code="3.8.2")
    SignOff.objects.create(
        workpaper=paper, role="reviewed", user=reviewer, content_version=paper.content_version, content_hash="ab" * 32
    )
    assert needs_partner(paper)
    assert not needs_partner(Workpaper.objects.get(engagement=fieldwork, code="3.9.1"))
    assert waiting_for_my_approval(partner, my_engagements(partner)).rows == [paper]


# Going back ----------------------------------------------------------------------------------


def test_fieldwork_goes_back_to_planning_and_forward_again_creates_nothing_twice(fieldwork, partner):
    papers = Workpaper.objects.filter(engagement=fieldwork).count()
    opened_at = fieldwork.fieldwork_opened_at
    send_back(fieldwork, reason="重新評估風險", by=partner)
    assert kinds(fieldwork, Stage.FIELDWORK) == ["plan.unapproved"]
    beginnings.approved(fieldwork, partner=partner)
    again = open_fieldwork(fieldwork, by=partner)
    assert (again.stage, again.fieldwork_opened_at) == ("fieldwork", opened_at)
    assert Workpaper.objects.filter(engagement=fieldwork).count() == papers


def test_planning_goes_back_to_acceptance_which_is_decided_anew(planned, partner):
    beginnings.lettered(planned, partner=partner)
    send_back(planned, reason="發現其他服務", by=partner)
    assert kinds(planned, Stage.PLANNING) == ["acceptance.missing"]
    with pytest.raises(Refused):
        advance(planned, expected=Stage.ACCEPTANCE, by=partner)


def test_going_back_from_review_ends_no_approval(review, partner):
    send_back(review, reason="補充", by=partner)
    assert Plan(review).approval


# The page ------------------------------------------------------------------------------------


def url(engagement, page: str = "") -> str:
    return f"/engagements/{engagement.pk}/plan/{page}"


def test_a_row_is_saved_by_itself_and_the_approval_is_told_anew(sign_in, planning, reviewer):
    answer = sign_in(reviewer).post(url(planning, "areas/3.8/"), {"level": "high", "why": "權限複雜"}, **HTMX)
    page = answer.content.decode()
    assert (AreaRisk.objects.get().level, 'data-state="saved"' in page, 'id="approving" hx-swap-oob' in page) == (
        "high",
        True,
        True,
    )


@pytest.mark.parametrize("typed", [{"level": "high"}, {"why": "權限複雜"}, {"level": "x" * 300, "why": "y" * 1001}])
def test_what_is_wrong_with_a_row_is_said_beside_it(sign_in, planning, reviewer, typed):
    answer = sign_in(reviewer).post(url(planning, "areas/3.8/"), typed, **HTMX)
    assert (answer.status_code, 'data-state="invalid"' in answer.content.decode()) == (422, True)
    assert not AreaRisk.objects.exists()


def test_an_area_that_the_guideline_has_not_is_not_found(sign_in, planning, reviewer):
    assert sign_in(reviewer).post(url(planning, "areas/3.21/"), {"level": "moderate"}).status_code == 404


def test_the_partner_approves_what_the_page_shows(sign_in, ready, partner):
    client = sign_in(partner)
    seen = Plan(ready).fingerprint
    assert seen in client.get(url(ready)).content.decode()
    client.post(url(ready, "approval/"), {"fingerprint": seen})
    assert PlanApproval.objects.get().approved_by == partner


def test_the_manager_sees_no_button_to_approve(sign_in, ready, reviewer):
    client = sign_in(reviewer)
    assert "plan/approval/" not in client.get(url(ready)).content.decode()
    assert client.post(url(ready, "approval/")).status_code == 403


def test_staff_read_the_plan_and_change_nothing(sign_in, ready, preparer):
    client = sign_in(preparer)
    assert "plan/areas/" not in client.get(url(ready)).content.decode()
    assert client.post(url(ready, "areas/3.8/"), {"level": "moderate"}).status_code == 403


def test_the_page_costs_the_same_with_every_area_rated(sign_in, planning, partner, django_assert_max_num_queries):
    client = sign_in(partner)
    client.get(url(planning))
    with django_assert_max_num_queries(16) as few:
        client.get(url(planning))
    beginnings.planned(planning, partner=partner)
    with django_assert_max_num_queries(len(few) + 1):  # the fingerprint of an approval
        client.get(url(planning))
