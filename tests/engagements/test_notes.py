"""Review notes: where they are anchored, for whom they are, and who closes them."""

from datetime import date
from uuid import uuid4

import pytest

from engagements.models import Note
from engagements.noting import (
    Direction,
    Spot,
    direct_note,
    discard_draft,
    reopen_note,
    reply_to_note,
    resolve_note,
    write_note,
)
from engagements.reviews import discard_review, start_review
from foundation.trail.models import Event
from foundation.web.refusals import Refused


@pytest.fixture
def note(fieldwork, paper, reviewer):
    return write_note(fieldwork, anchor=paper, text="請附掃描件。", by=reviewer)


def events(name: str) -> list[dict]:
    return [event.content for event in Event.objects.filter(name=name).order_by("seq")]


def test_a_note_keeps_the_words_that_it_quotes_verbatim(fieldwork, paper, result, reviewer):
    spot = Spot(result.pk, "程序 1", "取得  並檢視\n報告")
    written = write_note(fieldwork, anchor=paper, text="何者？", spot=spot, by=reviewer)
    written.refresh_from_db()
    assert (written.part_id, written.part_label, written.quote) == (result.pk, "程序 1", "取得  並檢視\n報告")


def test_a_note_is_for_somebody_by_a_day(fieldwork, paper, reviewer, preparer):
    direction = Direction(preparer, date(2026, 12, 4))
    written = write_note(fieldwork, anchor=paper, text="請補。", direction=direction, by=reviewer)
    assert (written.assignee, written.due_on) == (preparer, date(2026, 12, 4))
    facts = events("note.written")[-1]["facts"]
    assert (facts["assignee"], facts["due"]) == (str(preparer.pk), "2026-12-04")


def test_nobody_outside_the_team_is_given_a_note(fieldwork, paper, reviewer, admin):
    with pytest.raises(Refused):
        write_note(fieldwork, anchor=paper, text="請補。", direction=Direction(admin), by=reviewer)
    assert not Note.objects.exists()


def test_whoever_wrote_a_note_gives_it_to_somebody_else(note, reviewer, preparer):
    direct_note(note, Direction(preparer, date(2026, 12, 4)), by=reviewer)
    note.refresh_from_db()
    assert (note.assignee, note.due_on) == (preparer, date(2026, 12, 4))
    assert events("note.directed")[-1]["facts"] == {"assignee": str(preparer.pk), "due": "2026-12-04"}


def test_others_do_not_redirect_it(note, preparer, partner):
    for other in (preparer, partner):
        with pytest.raises(Refused):
            direct_note(note, Direction(other), by=other)
    note.refresh_from_db()
    assert note.assignee is None


def test_whoever_may_close_a_note_opens_it_again(note, reviewer, partner):
    resolve_note(note, by=reviewer)
    reopen_note(note, by=partner)
    note.refresh_from_db()
    assert (note.is_open, note.resolved_by) == (True, None)
    assert [event["actor"]["id"] for event in events("note.reopened")] == [str(partner.pk)]


def test_whom_the_note_is_for_does_not_open_it_again(note, reviewer, preparer, quality_reviewer):
    resolve_note(note, by=reviewer)
    for other in (preparer, quality_reviewer):
        with pytest.raises(Refused):
            reopen_note(note, by=other)
    note.refresh_from_db()
    assert not note.is_open


def test_opening_an_open_note_changes_nothing(note, reviewer):
    reopen_note(note, by=reviewer)
    assert events("note.reopened") == []


def test_a_draft_is_told_to_nobody(fieldwork, paper, reviewer, preparer):
    review = start_review(fieldwork, by=reviewer)
    draft = write_note(fieldwork, anchor=paper, text="想一想。", review=review, by=reviewer)
    assert not Note.objects.open().exists()
    assert list(Note.objects.readable_by(preparer)) == []
    assert list(Note.objects.readable_by(reviewer)) == [draft]
    assert events("note.written") == []


def test_a_draft_is_thrown_away_by_its_writer_alone(fieldwork, paper, reviewer, partner):
    draft = write_note(
        fieldwork, anchor=paper, text="想一想。", review=start_review(fieldwork, by=reviewer), by=reviewer
    )
    with pytest.raises(Refused):
        discard_draft(draft, by=partner)
    discard_draft(draft, by=reviewer)
    assert not Note.objects.exists()


def test_what_was_published_is_not_thrown_away(note, reviewer):
    with pytest.raises(Refused):
        discard_draft(note, by=reviewer)
    assert Note.objects.filter(pk=note.pk).exists()


def test_a_review_thrown_away_leaves_what_was_published_before(fieldwork, paper, note, reviewer):
    review = start_review(fieldwork, by=reviewer)
    write_note(fieldwork, anchor=paper, text="想一想。", review=review, by=reviewer)
    reply_to_note(note, text="亦請補充。", by=reviewer)
    discard_review(review, by=reviewer)
    assert sorted(Note.objects.values_list("text", flat=True)) == ["亦請補充。", "請附掃描件。"]


def test_a_reviewer_goes_on_with_the_review_that_they_began(fieldwork, reviewer, partner):
    assert start_review(fieldwork, by=reviewer) == start_review(fieldwork, by=reviewer)
    assert start_review(fieldwork, by=partner) != start_review(fieldwork, by=reviewer)


def test_nobody_throws_the_review_of_another_away(fieldwork, reviewer, partner):
    review = start_review(fieldwork, by=reviewer)
    with pytest.raises(Refused):
        discard_review(review, by=partner)


def test_an_unknown_part_is_no_part(sign_in, fieldwork, paper, reviewer):
    answer = sign_in(reviewer).post(f"/papers/{paper.pk}/notes/", {"text": "請補。", "part": str(uuid4())})
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["part"])
    assert not Note.objects.exists()
