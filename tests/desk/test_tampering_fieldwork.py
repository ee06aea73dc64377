"""What fieldwork rests on, changed behind the guards' back, is found."""

from datetime import date

import pytest

from engagements import noting
from engagements.models import Engagement, Note
from engagements.noting import Spot, reply_to_note, write_note
from evidence.models import Citation
from evidence.times import Covered
from procedures.general import add_paper
from procedures.models import Support, Workpaper
from tests.tampering import DIFFERS, RESTS, answers_told, found
from tests.uploads import attach, pdf

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def fieldwork(fieldwork, partner) -> Engagement:
    return answers_told(fieldwork, by=partner)


@pytest.fixture
def cited(result, preparer) -> Citation:
    return attach(result, pdf(), covered=Covered.on(date(2026, 3, 31)), by=preparer)


def test_nothing_is_wrong_with_what_was_cited(cited):
    assert found() == []


@pytest.mark.parametrize(
    "forged",
    [
        {"covered_to": date(2026, 12, 31)},
        {"nature": "span"},
        {"dates": ["2026-09-30"]},
        {"digest": "ab" * 32},
    ],
)
def test_a_support_that_says_more_than_its_evidence_is_found(cited, forged):
    Support.objects.update(**forged)
    row = Support.objects.get()
    assert found() == [f"procedures.Support {row.pk} ({row}): {RESTS}"]


def test_a_support_that_is_gone_is_found(cited):
    Support.objects.all().delete()
    assert found() == [f"evidence.Citation {cited.pk} ({cited}): {RESTS}"]


def test_a_note_that_was_moved_to_another_paper_is_found(fieldwork, paper, reviewer):
    note = write_note(fieldwork, anchor=paper, text="請補充。", by=reviewer)
    elsewhere = Workpaper.objects.get(engagement=fieldwork, code="3.16")
    Note.objects.filter(pk=note.pk).update(anchor_id=elsewhere.pk)
    assert found() == [f"engagements.Note {note.pk}: {DIFFERS} note.written: anchor"]


@pytest.mark.parametrize(
    ("forged", "fact"),
    [
        ({"anchor_label": "C-3.16"}, "label"),
        ({"anchor_type": "finding"}, "anchor_type"),
        ({"part_label": "程序 9"}, "part_label"),
    ],
)
def test_a_note_under_another_name_is_found(fieldwork, paper, result, reviewer, forged, fact):
    note = write_note(fieldwork, anchor=paper, text="請補充。", spot=Spot(result.pk, "程序 1"), by=reviewer)
    Note.objects.filter(pk=note.pk).update(**forged)
    assert found() == [f"engagements.Note {note.pk}: {DIFFERS} note.written: {fact}"]


def test_notes_that_were_moved_to_another_engagement_are_found(fieldwork, paper, reviewer, more_engagements):
    (elsewhere,) = more_engagements(1)
    answers_told(elsewhere, by=reviewer)
    note = write_note(fieldwork, anchor=paper, text="請補充。", by=reviewer)
    reply_to_note(note, text="已補充。", by=reviewer)
    before = found()
    Note.objects.update(engagement=elsewhere)
    said = {line.partition(": ")[2] for line in found() if line not in before}
    assert said == {f"{DIFFERS} note.{name}: chain" for name in ("written", "answered")}


def test_a_reply_in_another_thread_is_found(fieldwork, paper, reviewer):
    first, second = (write_note(fieldwork, anchor=paper, text=text, by=reviewer) for text in ("一", "二"))
    reply = reply_to_note(first, text="已補充。", by=reviewer)
    Note.objects.filter(pk=reply.pk).update(parent=second)
    assert found() == [f"engagements.Note {reply.pk}: {DIFFERS} note.answered: parent"]


def test_notes_of_which_less_was_told_are_no_problem(fieldwork, paper, result, reviewer, monkeypatch):
    """As when events told neither of the part's name nor of what a note is on."""
    older = ("digest", "quote", "anchor", "part")
    monkeypatch.setattr(
        noting, "_written", lambda note, told=noting._written: {name: told(note)[name] for name in older}
    )
    write_note(fieldwork, anchor=paper, text="請補充。", spot=Spot(result.pk, "程序 1"), by=reviewer)
    assert found() == []


def test_another_title_of_an_added_paper_is_found(fieldwork, preparer):
    paper = add_paper(fieldwork, section="B", title="專家會議", by=preparer)
    Workpaper.objects.filter(pk=paper.pk).update(title="專家會議紀錄")
    assert found() == [f"procedures.Workpaper {paper.pk}: {DIFFERS} paper.added: title"]
