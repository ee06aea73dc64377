"""A review is submitted at once: notes published, papers signed; only what was opened as it is now."""

import pytest
from django.urls import reverse

from engagements.actions import leave_team
from engagements.models import Note, Review, TeamMember
from engagements.noting import Direction, direct_note, write_note
from engagements.reviews import open_review_of, start_review
from foundation.accounts.models import User
from foundation.trail.models import Event
from foundation.web.refusals import Refused
from procedures.actions import save_conclusion
from procedures.models import ReviewedPaper, SignOff, Workpaper
from procedures.reviewing import note_opening, proof_of_opening, sitting_of, submit_review
from tests.papers import sign


def opened(paper: Workpaper, by) -> ReviewedPaper:
    """The reviewer looked at the paper as it is."""
    paper.refresh_from_db()
    note_opening(paper.engagement, proof_of_opening(paper, by), by=by)
    return ReviewedPaper.objects.get(workpaper=paper)


@pytest.fixture
def prepared(finished, preparer) -> Workpaper:
    sign(finished, by=preparer)
    return finished


@pytest.fixture
def sitting(fieldwork, reviewer) -> Review:
    return start_review(fieldwork, by=reviewer)


def reviewed(paper: Workpaper) -> bool:
    return SignOff.objects.filter(workpaper=paper, role="reviewed").exists()


# Publishing --------------------------------------------------------------------------------


def gone(who: str, fieldwork, preparer: User, partner: User) -> None:
    """Somebody is no reader of the team's notes any more."""
    if who == "off the team":
        leave_team(TeamMember.objects.get(engagement=fieldwork, user=preparer), by=partner)
    elif who == "at the broker":
        User.objects.filter(pk=preparer.pk).update(organization=fieldwork.auditee, role="broker")
    else:
        User.objects.filter(pk=preparer.pk).update(is_active=False)


@pytest.mark.parametrize("who", ["off the team", "at the broker", "without an account"])
def test_a_note_to_somebody_who_has_left_meanwhile_is_not_published_until_it_is_directed_anew(
    fieldwork, paper, sitting, reviewer, preparer, partner, who
):
    direction = Direction(preparer)
    note = write_note(fieldwork, anchor=paper, text="請補。", direction=direction, review=sitting, by=reviewer)
    gone(who, fieldwork, preparer, partner)

    with pytest.raises(Refused) as refusal:
        submit_review(sitting, summary="", sign=(), by=reviewer)
    assert preparer.name in refusal.value.reasons[1]
    assert open_review_of(fieldwork, reviewer) == sitting

    direct_note(note, Direction(partner), by=reviewer)
    submit_review(sitting, summary="", sign=(), by=reviewer)
    assert Note.objects.published().get(pk=note.pk).assignee == partner


# Opening -----------------------------------------------------------------------------------


def test_a_paper_that_is_looked_at_is_noted_at_the_content_on_the_screen(prepared, sitting, reviewer):
    assert opened(prepared, reviewer).content_version == prepared.content_version
    counted = sitting_of(sitting.engagement, reviewer)
    assert (counted.papers, counted.notes) == (1, 0)


def test_looking_again_notes_the_newer_content(prepared, sitting, reviewer, preparer):
    before = opened(prepared, reviewer).content_version
    save_conclusion(prepared, "大致符合。", version=prepared.version, by=preparer)
    assert opened(prepared, reviewer).content_version == before + 1


def test_without_a_review_nothing_is_noted(prepared, reviewer):
    note_opening(prepared.engagement, proof_of_opening(prepared, reviewer), by=reviewer)
    assert not ReviewedPaper.objects.exists()


def test_a_made_up_proof_or_that_of_another_proves_nothing(prepared, sitting, reviewer, partner):
    note_opening(prepared.engagement, f"{prepared.pk}:{prepared.content_version}", by=reviewer)
    note_opening(prepared.engagement, proof_of_opening(prepared, partner), by=reviewer)
    assert not ReviewedPaper.objects.exists()


# Submitting ----------------------------------------------------------------------------------


def test_notes_are_published_and_papers_signed_at_once(prepared, sitting, reviewer, preparer):
    other = Workpaper.objects.get(engagement=sitting.engagement, code="3.8.3")
    opened(prepared, reviewer)
    write_note(sitting.engagement, anchor=other, text="請補。", review=sitting, by=reviewer)

    submit_review(sitting, summary=" 大致良好。 ", sign=[prepared.pk], by=reviewer)

    assert reviewed(prepared)
    assert Note.objects.open().get().text == "請補。"
    sitting.refresh_from_db()
    assert (sitting.summary, sitting.submitted_at is not None) == ("大致良好。", True)
    names = Event.objects.order_by("-seq").values_list("name", flat=True)[:3]
    assert list(names) == ["review.submitted", "workpaper.reviewed", "note.written"]


def test_what_was_not_opened_is_not_signed(prepared, sitting, reviewer):
    with pytest.raises(Refused):
        submit_review(sitting, summary="", sign=[prepared.pk], by=reviewer)
    assert not reviewed(prepared)
    sitting.refresh_from_db()
    assert sitting.submitted_at is None


def test_a_forged_form_signs_nothing(sign_in, prepared, sitting, reviewer):
    answer = sign_in(reviewer).post(reverse("review", args=[sitting.engagement_id]), {"sign": [str(prepared.pk)]})
    assert answer.status_code == 422
    assert not reviewed(prepared)
    assert Review.objects.get().submitted_at is None


@pytest.mark.parametrize("forged", ["00000000-0000-4000-8000-000000000000", "x", ""])
def test_what_is_no_paper_here_is_told_so(sign_in, prepared, sitting, reviewer, forged):
    answer = sign_in(reviewer).post(reverse("review", args=[sitting.engagement_id]), {"sign": [forged]})
    assert answer.status_code == 422
    assert Review.objects.get().submitted_at is None


def test_a_beat_without_the_page_opens_nothing(sign_in, prepared, sitting, reviewer):
    beat = {"page": "paper", "paper": str(prepared.pk), "proof": f"{prepared.pk}"}
    assert sign_in(reviewer).post(reverse("presence", args=[sitting.engagement_id]), beat).status_code == 200
    assert not ReviewedPaper.objects.exists()


def test_what_changed_after_it_was_opened_holds_everything_back(prepared, sitting, reviewer, preparer):
    opened(prepared, reviewer)
    write_note(sitting.engagement, anchor=Workpaper.objects.get(code="1.1"), text="請補。", review=sitting, by=reviewer)
    save_conclusion(prepared, "大致符合。", version=prepared.version, by=preparer)
    sign(prepared, by=preparer)
    with pytest.raises(Refused) as refusal:
        submit_review(sitting, summary="", sign=[prepared.pk], by=reviewer)
    assert "C-3.8.2" in str(refusal.value)
    assert (reviewed(prepared), Note.objects.open().count()) == (False, 0)


def test_a_paper_that_gets_a_note_is_not_signed_with_it(prepared, sitting, reviewer):
    opened(prepared, reviewer)
    write_note(sitting.engagement, anchor=prepared, text="請補。", review=sitting, by=reviewer)
    with pytest.raises(Refused):
        submit_review(sitting, summary="", sign=[prepared.pk], by=reviewer)
    assert (reviewed(prepared), Note.objects.open().count()) == (False, 0)


def test_nobody_signs_what_they_wrote_in_a_review_either(prepared, sitting, reviewer):
    save_conclusion(prepared, "大致符合。", version=prepared.version, by=reviewer)
    sign(prepared, by=reviewer)
    opened(prepared, reviewer)
    with pytest.raises(Refused):
        submit_review(sitting, summary="", sign=[prepared.pk], by=reviewer)
    assert not reviewed(prepared)


def test_the_quality_reviewer_comments_and_does_not_sign(prepared, quality_reviewer):
    review = start_review(prepared.engagement, by=quality_reviewer)
    opened(prepared, quality_reviewer)
    with pytest.raises(Refused):
        submit_review(review, summary="", sign=[prepared.pk], by=quality_reviewer)
    submit_review(review, summary="無意見。", sign=[], by=quality_reviewer)
    assert not reviewed(prepared)


def test_a_review_is_submitted_once_and_by_its_reviewer(sitting, reviewer, partner):
    with pytest.raises(Refused):
        submit_review(sitting, summary="", sign=[], by=partner)
    submit_review(sitting, summary="", sign=[], by=reviewer)
    with pytest.raises(Refused):
        submit_review(sitting, summary="", sign=[], by=reviewer)
    assert Event.objects.filter(name="review.submitted").count() == 1


# The page --------------------------------------------------------------------------------------


def boxes(page: str) -> list[bool]:
    """Which papers can be ticked."""
    return ["disabled" not in part.split(">")[0] for part in page.split('name="sign"')[1:]]


def test_only_what_can_be_signed_can_be_ticked(sign_in, prepared, sitting, reviewer):
    opened(prepared, reviewer)
    page = sign_in(reviewer).get(reverse("review", args=[sitting.engagement_id])).content.decode()
    assert boxes(page) == [True]


def test_what_changed_since_is_named_and_can_not_be_ticked(sign_in, prepared, sitting, reviewer, preparer):
    opened(prepared, reviewer)
    save_conclusion(prepared, "大致符合。", version=prepared.version, by=preparer)
    page = sign_in(reviewer).get(reverse("review", args=[sitting.engagement_id])).content.decode()
    assert boxes(page) == [False]
