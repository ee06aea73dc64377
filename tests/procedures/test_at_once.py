"""Two people at the same moment: one is first, the other is told; nothing is lost, doubled or half done."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from engagements.actions import join_team
from engagements.models import Note, Review
from engagements.noting import write_note
from engagements.reviews import discard_review, start_review
from evidence.citing import uncite
from evidence.models import Citation
from foundation.accounts.models import User
from foundation.accounts.policy import Role
from foundation.trail.models import Event
from foundation.web.refusals import Conflict, Refused
from procedures.actions import save_result
from procedures.assigning import assign, hand_over
from procedures.duties import Telling, tell_occurrence, withdraw_occurrence
from procedures.matrices import Column, save_matrix
from procedures.models import Occurrence, ProcedureResult, ReviewedPaper, SignOff, Workpaper
from procedures.reviewing import note_opening, proof_of_opening, submit_review
from procedures.workflow import sign_off
from tests.at_once import at_once
from tests.conftest import person
from tests.papers import sign
from tests.procedures.conftest import DONE
from tests.separate import separate_database
from tests.tampering import answers_told, found
from tests.uploads import attach, pdf


@pytest.fixture
def db(django_db_setup, django_db_blocker: DjangoDbBlocker, tmp_path: Path) -> Iterator[None]:
    """A database of the test's own, in which what people do is really committed."""
    with django_db_blocker.unblock(), separate_database(tmp_path):
        yield


@pytest.fixture
def second(firm, fieldwork, partner) -> User:
    user = person("林查帳", "second@firm.example", firm, Role.STAFF)
    join_team(fieldwork, user=user, role=Role.STAFF, by=partner)
    return user


def told(name: str) -> int:
    return Event.objects.filter(name=name).count()


def problems(engagement, *, by: User) -> list[str]:
    with transaction.atomic():
        answers_told(engagement, by=by)
    return found()


def test_a_citation_that_two_take_away_goes_once(fieldwork, paper, result, preparer, reviewer, partner):
    citation = attach(result, pdf(), by=preparer)
    copies = [Citation.objects.select_related("evidence", "result").get(pk=citation.pk) for _ in range(2)]

    gone = at_once(lambda: uncite(copies[0], by=preparer), lambda: uncite(copies[1], by=reviewer))

    assert (sorted(map(str, gone)), told("evidence.uncited")) == (["False", "True"], 1)
    assert problems(fieldwork, by=partner) == []


def test_a_signature_and_an_edit_never_meet_on_the_same_content(fieldwork, finish, paper, preparer, reviewer):
    finish(paper)
    result = ProcedureResult.objects.get(workpaper=paper, position=1)
    seen = paper.content_version
    entry = replace(DONE, work="另補一句。")

    signed, saved = at_once(
        lambda: sign_off(paper, SignOff.Role.PREPARED, content_version=seen, by=preparer),
        lambda: save_result(result, entry, version=result.version, by=reviewer, reopening=False),
    )

    assert isinstance(signed, Refused) != isinstance(saved, Refused)
    paper.refresh_from_db()
    assert SignOff.objects.filter(workpaper=paper).exists() == (paper.content_version == seen)


def test_of_two_who_mark_the_same_matrix_one_is_shown_the_other_s(fieldwork, preparer, reviewer, partner):
    listed = Workpaper.objects.get(engagement=fieldwork, code="3.14.3").results.get()
    marks = {"yes": preparer, "no": reviewer}

    came_of = at_once(
        *(
            lambda mark=mark, by=by: save_matrix(listed, [Column("合約甲", (mark,) * 7)], version=1, by=by)
            for mark, by in marks.items()
        )
    )

    assert sum(isinstance(each, Conflict) for each in came_of) == 1
    assert told("matrix.saved") == 1
    assert problems(fieldwork, by=partner) == []


def test_of_one_occurrence_two_tell_one_after_the_other_and_two_take_it_back_once(
    fieldwork, paper, preparer, reviewer, partner
):
    (scan,) = paper.point.frequency_rules.all()
    day = fieldwork.period_start
    reasons = {"已催請提供。": preparer, "尚在整理。": reviewer}
    at_once(
        *(
            lambda reason=reason, by=by: tell_occurrence(paper, scan, day, Telling("not_provided", reason), by=by)
            for reason, by in reasons.items()
        )
    )
    row = Occurrence.objects.get()
    assert told("duty.occurrence-told") == 2

    came_of = at_once(*(lambda by=by: withdraw_occurrence(row, by=by) for by in reasons.values()))

    assert sorted(map(str, came_of)) == ["False", "True"]
    assert (Occurrence.objects.count(), told("duty.occurrence-withdrawn")) == (0, 1)
    assert problems(fieldwork, by=partner) == []


def test_a_review_that_is_sent_twice_is_submitted_once(fieldwork, paper, reviewer):
    review = start_review(fieldwork, by=reviewer)
    write_note(fieldwork, anchor=paper, text="請補。", review=review, by=reviewer)

    came_of = at_once(*[lambda: submit_review(review, summary="已覆核。", sign=(), by=reviewer)] * 2)

    assert sum(isinstance(each, Refused) for each in came_of) == 1
    assert (told("review.submitted"), told("note.written"), Note.objects.published().count()) == (1, 1, 1)


def test_a_paper_opened_in_two_tabs_is_noted_once(fieldwork, paper, reviewer):
    start_review(fieldwork, by=reviewer)
    proof = proof_of_opening(paper, reviewer)

    came_of = at_once(*[lambda: note_opening(fieldwork, proof, by=reviewer)] * 4)

    assert came_of == [None] * 4
    assert ReviewedPaper.objects.count() == 1


@pytest.mark.parametrize("ending", ["submitted", "thrown away"])
def test_a_review_that_ends_while_a_paper_is_opened_ends_whole(fieldwork, paper, reviewer, ending):
    review = start_review(fieldwork, by=reviewer)
    proof = proof_of_opening(paper, reviewer)

    def end() -> None:
        if ending == "submitted":
            submit_review(review, summary="", sign=(), by=reviewer)
        else:
            discard_review(review, by=reviewer)

    assert at_once(lambda: note_opening(fieldwork, proof, by=reviewer), end) == [None, None]
    opened = ReviewedPaper.objects.count()
    assert not Review.objects.filter(submitted_at=None).exists()
    if ending == "submitted":
        assert Event.objects.get(name="review.submitted").content["facts"]["papers"] == opened
    else:
        assert opened == 0


def test_what_is_handed_over_while_it_is_assigned_is_with_one_person_and_the_trail_says_who(
    fieldwork, paper, preparer, second, reviewer, partner
):
    assign(fieldwork, [paper.pk], to=preparer, by=reviewer)

    at_once(
        lambda: hand_over(fieldwork, giver=preparer, taker=second, reason="調任", by=reviewer),
        lambda: assign(fieldwork, [paper.pk], to=reviewer, by=partner),
    )

    paper.refresh_from_db()
    last = Event.objects.filter(name="workpaper.assigned").latest("seq")
    assert last.content["facts"]["assignee"] == str(paper.assignee_id)
    assert problems(fieldwork, by=partner) == []


def test_a_paper_that_two_review_has_one_reviewer(fieldwork, finish, paper, preparer, reviewer, partner):
    with transaction.atomic():
        sign(finish(paper), by=preparer)
    paper.refresh_from_db()
    seen = paper.content_version

    came_of = at_once(
        *(
            lambda by=by: sign_off(paper, SignOff.Role.REVIEWED, content_version=seen, by=by)
            for by in (reviewer, partner)
        )
    )

    assert sum(isinstance(each, Refused) for each in came_of) == 1
    assert told("workpaper.reviewed") == 1
