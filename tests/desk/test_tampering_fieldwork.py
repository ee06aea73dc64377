"""What fieldwork rests on, changed behind the guards' back, is found."""

from datetime import date

import pytest

from engagements.models import Engagement, Note
from engagements.noting import write_note
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


def test_another_title_of_an_added_paper_is_found(fieldwork, preparer):
    paper = add_paper(fieldwork, section="B", title="專家會議", by=preparer)
    Workpaper.objects.filter(pk=paper.pk).update(title="專家會議紀錄")
    assert found() == [f"procedures.Workpaper {paper.pk}: {DIFFERS} paper.added: title"]
