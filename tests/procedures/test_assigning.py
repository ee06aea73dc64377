"""Who has which paper: assigned by those who lead, handed over, and kept from other juniors."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from engagements.actions import join_team, leave_team
from engagements.models import TeamMember
from engagements.noting import Direction, write_note
from foundation.accounts.models import User
from foundation.accounts.policy import Role
from foundation.trail.models import Event
from foundation.web.refusals import Refused
from procedures.actions import Entry, save_conclusion, save_result
from procedures.assigning import assign, hand_over
from procedures.gates import Standing
from procedures.models import Workpaper
from tests.conftest import person
from tests.papers import sign


@pytest.fixture
def second(firm, fieldwork, partner) -> User:
    """Another junior on the team."""
    user = person("林查帳", "second@firm.example", firm, Role.STAFF)
    join_team(fieldwork, user=user, role=Role.STAFF, by=partner)
    return user


@pytest.fixture
def papers(fieldwork) -> list[Workpaper]:
    return list(
        Workpaper.objects.filter(engagement=fieldwork, code__in=["3.8.2", "3.8.3", "3.8.4"]).order_by("position")
    )


def who_has(papers) -> list[User | None]:
    return [paper.assignee for paper in Workpaper.objects.filter(pk__in=[paper.pk for paper in papers])]


def given(event: str) -> list[tuple[str, str]]:
    told = [each.content for each in Event.objects.filter(name=event).order_by("seq")]
    return [(each["object"]["label"], each["facts"].get("assignee", "")) for each in told]


def test_papers_are_given_to_a_member_each_with_its_event(fieldwork, papers, preparer, reviewer):
    assign(fieldwork, [paper.pk for paper in papers[:2]], to=preparer, by=reviewer)
    assert who_has(papers) == [preparer, preparer, None]
    assert given("workpaper.assigned") == [("C-3.8.2", str(preparer.pk)), ("C-3.8.3", str(preparer.pk))]


def test_what_somebody_has_already_is_not_told_again(fieldwork, papers, preparer, reviewer):
    assign(fieldwork, [papers[0].pk], to=preparer, by=reviewer)
    assert assign(fieldwork, [papers[0].pk], to=preparer, by=reviewer) == []
    assert len(given("workpaper.assigned")) == 1


def test_a_paper_is_taken_back(fieldwork, papers, preparer, reviewer):
    assign(fieldwork, [papers[0].pk], to=preparer, by=reviewer)
    assign(fieldwork, [papers[0].pk], to=None, by=reviewer)
    assert who_has(papers[:1]) == [None]
    assert given("workpaper.unassigned") == [("C-3.8.2", "")]


@pytest.mark.parametrize("who", ["quality_reviewer", "admin", "broker", "other_firm"])
def test_whoever_does_not_write_on_papers_gets_none(fieldwork, papers, reviewer, request, who):
    with pytest.raises(Refused):
        assign(fieldwork, [papers[0].pk], to=request.getfixturevalue(who), by=reviewer)
    assert who_has(papers[:1]) == [None]


def test_a_paper_of_another_engagement_is_left_alone(engagement, fieldwork, papers, preparer, reviewer):
    assign(fieldwork, [papers[0].pk, "00000000-0000-0000-0000-000000000000"], to=preparer, by=reviewer)
    assert Workpaper.objects.exclude(assignee=None).count() == 1


def test_assigning_does_not_touch_signatures(fieldwork, papers, preparer, reviewer):
    signoff = sign(papers[0], by=preparer)
    assign(fieldwork, [papers[0].pk], to=preparer, by=reviewer)
    papers[0].refresh_from_db()
    assert papers[0].content_version == signoff.content_version


# Handing over ------------------------------------------------------------------------------


def test_all_that_somebody_has_goes_to_another_for_a_reason_what_is_reviewed_too(
    fieldwork, papers, preparer, second, reviewer
):
    assign(fieldwork, [paper.pk for paper in papers], to=preparer, by=reviewer)
    sign(papers[0], by=preparer)
    sign(papers[0], by=reviewer, role="reviewed")
    note = write_note(fieldwork, anchor=papers[1], text="請補。", direction=Direction(preparer), by=reviewer)

    hand_over(fieldwork, giver=preparer, taker=second, reason="調任他案", by=reviewer)

    assert who_has(papers) == [second, second, second]
    papers[0].refresh_from_db()
    assert Standing(papers[0]).signed("reviewed")
    note.refresh_from_db()
    assert note.assignee == second
    reasons = Event.objects.filter(name__in=["workpaper.assigned", "note.directed"]).order_by("-seq")[:3]
    assert {event.content["reason"] for event in reasons} == {"調任他案"}


def test_whoever_has_left_the_team_still_hands_over(fieldwork, papers, preparer, second, reviewer, partner):
    assign(fieldwork, [papers[0].pk], to=preparer, by=reviewer)
    leave_team(TeamMember.objects.get(engagement=fieldwork, user=preparer), by=partner)
    hand_over(fieldwork, giver=preparer, taker=second, reason="離隊", by=reviewer)
    assert who_has(papers[:1]) == [second]


@pytest.mark.parametrize(("reason", "taker"), [(" ", "second"), ("離隊", "preparer"), ("離隊", "quality_reviewer")])
def test_nothing_goes_without_a_reason_or_to_whoever_can_not_take_it(
    fieldwork, papers, preparer, second, reviewer, request, reason, taker
):
    assign(fieldwork, [papers[0].pk], to=preparer, by=reviewer)
    with pytest.raises(Refused):
        hand_over(fieldwork, giver=preparer, taker=request.getfixturevalue(taker), reason=reason, by=reviewer)
    assert who_has(papers[:1]) == [preparer]


def test_empty_hands_hand_nothing_over(fieldwork, preparer, second, reviewer):
    with pytest.raises(Refused):
        hand_over(fieldwork, giver=preparer, taker=second, reason="離隊", by=reviewer)


# What assignment means -----------------------------------------------------------------------


def test_a_junior_writes_only_on_their_own_papers_and_on_nobody_s(fieldwork, paper, result, preparer, second, reviewer):
    assign(fieldwork, [paper.pk], to=second, by=reviewer)
    with pytest.raises(Refused):
        save_result(result, Entry("no_exception", "檢視。"), version=result.version, by=preparer)
    with pytest.raises(Refused):
        save_conclusion(paper, "符合。", version=paper.version, by=preparer)
    save_result(result, Entry("no_exception", "檢視。"), version=result.version, by=second)
    result.refresh_from_db()
    assert result.work == "檢視。"


def test_seniors_write_on_everybody_s(fieldwork, paper, preparer, reviewer):
    assign(fieldwork, [paper.pk], to=preparer, by=reviewer)
    save_conclusion(paper, "符合。", version=paper.version, by=reviewer)
    paper.refresh_from_db()
    assert paper.conclusion == "符合。"


def test_over_the_api_as_well(sign_in, fieldwork, paper, result, preparer, second, reviewer):
    assign(fieldwork, [paper.pk], to=second, by=reviewer)
    changes = {"version": result.version, "work": "檢視。"}
    answer = sign_in(preparer).patch(f"/api/v1/results/{result.pk}/", changes, content_type="application/json")
    assert answer.status_code == 422
    result.refresh_from_db()
    assert result.work == ""


def test_somebody_else_s_paper_is_read_with_the_name_and_without_a_form(
    sign_in, fieldwork, paper, preparer, second, reviewer
):
    assign(fieldwork, [paper.pk], to=second, by=reviewer)
    page = sign_in(preparer).get(paper.get_absolute_url()).content.decode()
    assert second.name in page
    assert "data-autosave" not in page
    assert "data-signoff" not in page
    assert "data-autosave" in sign_in(second).get(paper.get_absolute_url()).content.decode()


def test_assigning_many_costs_a_fixed_number_of_questions_beside_each_paper_s_own(
    fieldwork, papers, preparer, reviewer
):
    def cost(chosen) -> int:
        with CaptureQueriesContext(connection) as counted:
            assign(fieldwork, [paper.pk for paper in chosen], to=preparer, by=reviewer)
        return len(counted)

    one, two = cost(papers[:1]), cost(papers[1:])
    assert two - one <= 6
