"""Letters that say something else than the trail tells of them, or that were approved or signed by somebody else."""

import pytest

from reports.binder import Conclusion, Kind
from reports.letter_templates import Place, approve_template, write_template
from signoff.models import LetterTemplate, RepresentationLetter, SignedRepresentation
from tests.stages import represent
from tests.tampering import DIFFERS, answers_told, found, tamper

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def fieldwork(fieldwork, partner):
    return answers_told(fieldwork, by=partner)


@pytest.fixture
def template(firm, reviewer, partner):
    place = Place(firm, Kind.ANNUAL, Conclusion.ADVERSE)
    written = write_template(place, place.supplied + "\n補充。\n", reason="依本所用語。", seen=0, by=reviewer)
    return approve_template(written, by=partner)


@pytest.mark.parametrize(("change", "told"), [
    ({"text": "改寫"}, ["template.approved: text", "template.written: text"]),
    ({"reason": "另有原因"}, ["template.written: reason"]),
    ({"version": 7}, ["template.approved: version", "template.written: version"]),
])  # fmt: skip
def test_another_wording_than_was_written_and_approved_is_found(template, change, told):
    assert found() == []
    tamper(LetterTemplate, **change)
    assert sorted(found()) == [f"signoff.LetterTemplate {template.pk}: {DIFFERS} {each}" for each in told]


def test_a_template_approved_in_another_s_name_is_found(template, quality_reviewer):
    tamper(LetterTemplate, approved_by=quality_reviewer)
    assert found() == [f"signoff.LetterTemplate {template.pk}: {DIFFERS} template.approved: id"]


def test_another_text_of_the_representation_letter_is_found(fieldwork, partner):
    signed = represent(fieldwork, by=partner)
    assert found() == []
    tamper(RepresentationLetter, text="改寫")
    assert found() == [f"signoff.RepresentationLetter {signed.letter_id}: {DIFFERS} representation.drafted: text"]


@pytest.mark.parametrize(("change", "fact"), [
    ({"dated_on": "2026-01-01"}, "dated_on"),
    ({"signatory": "他人"}, "signatory"),
])  # fmt: skip
def test_another_date_or_name_on_the_signed_letter_is_found(fieldwork, partner, change, fact):
    signed = represent(fieldwork, by=partner)
    tamper(SignedRepresentation, **change)
    assert found() == [f"signoff.SignedRepresentation {signed.pk}: {DIFFERS} representation.signed: {fact}"]
