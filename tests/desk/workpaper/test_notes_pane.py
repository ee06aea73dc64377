"""The pane of review notes: threads tied to procedures and words, drafts for their writer alone."""

import re
from datetime import date

import pytest

from engagements.noting import Direction, Spot, resolve_note, write_note
from engagements.reviews import start_review
from procedures.actions import Entry, save_result
from tests.desk.workpaper.reading import words


@pytest.fixture
def quoted(fieldwork, paper, result, preparer, reviewer):
    """A note on words that the preparer wrote."""
    save_result(result, Entry("no_exception", "取得弱點掃描報告並核對。"), version=1, by=preparer)
    spot = Spot(result.pk, "程序 1", "弱點掃描 報告")
    return write_note(fieldwork, anchor=paper, text="何時？", spot=spot, direction=Direction(preparer), by=reviewer)


def notes(page, user, **query) -> str:
    return page(user, part="side", side="notes", **query)


def test_a_thread_leads_to_its_procedure_and_shows_its_words(page, quoted, result, preparer):
    side = notes(page, preparer)
    assert f'<a href="#result-{result.pk}">程序 1</a>' in side
    assert '<blockquote class="quoted">弱點掃描 報告</blockquote>' in side


def test_words_that_no_longer_stand_are_struck_through(page, quoted, result, preparer):
    result.refresh_from_db()
    save_result(result, Entry("no_exception", "取得滲透測試報告。"), version=result.version, by=preparer)
    side = notes(page, preparer)
    assert "<del>弱點掃描 報告</del>" in side
    assert "badge warn" in side


def test_a_procedure_with_open_notes_has_a_mark_with_their_number(page, quoted, result, reviewer):
    mark = re.search(rf'id="note-mark-{result.pk}".*?</span>', page(reviewer))[0]
    assert "✎1" in mark
    resolve_note(quoted, by=reviewer)
    assert "✎" not in re.search(rf'id="note-mark-{result.pk}".*?</span>', page(reviewer))[0]


def test_a_draft_is_shown_to_its_writer_and_counted_for_nobody(page, fieldwork, paper, result, preparer, reviewer):
    review = start_review(fieldwork, by=reviewer)
    write_note(fieldwork, anchor=paper, text="想一想。", spot=Spot(result.pk), review=review, by=reviewer)
    assert "想一想。" in notes(page, reviewer)
    assert "想一想。" not in notes(page, preparer)
    assert "✎" not in page(preparer)


def test_a_new_note_is_for_whoever_has_the_paper(page, paper, preparer, reviewer):
    type(paper).objects.filter(pk=paper.pk).update(assignee=preparer)
    assert f'<option value="{preparer.pk}" selected>' in notes(page, reviewer)


def test_only_whoever_may_close_a_note_is_offered_to_open_it_again(page, quoted, preparer, reviewer, partner):
    resolve_note(quoted, by=reviewer)
    offered = f"/notes/{quoted.pk}/reopening/"
    assert offered in notes(page, reviewer)
    assert offered in notes(page, partner)
    assert offered not in notes(page, preparer)


def test_for_whom_and_by_when_stands_under_the_note(page, fieldwork, paper, preparer, reviewer):
    direction = Direction(preparer, date(2020, 1, 3))
    write_note(fieldwork, anchor=paper, text="請補。", direction=direction, by=reviewer)
    side = notes(page, preparer)
    assert f"→ {preparer.name}" in words(side)
    assert '<span class="due late">' in side


def test_a_note_written_in_a_review_joins_its_drafts(sign_in, fieldwork, paper, reviewer):
    review = start_review(fieldwork, by=reviewer)
    assert sign_in(reviewer).post(f"/papers/{paper.pk}/notes/", {"text": "請補。"}).status_code == 204
    assert [note.is_draft for note in review.notes.all()] == [True]
