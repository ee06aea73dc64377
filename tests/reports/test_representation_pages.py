"""The representation letter's page: proposed, kept, printed, recorded when it came back signed."""

from datetime import date

import pytest
from django.utils import timezone

from engagements.models import Engagement
from evidence.models import Evidence
from foundation.web import roc
from reports.representations import draw, proposed_text
from signoff.models import RepresentationLetter, SignedRepresentation
from signoff.representations import draft_representation
from tests.uploads import pdf, text, uploaded


@pytest.fixture
def over(fieldwork) -> Engagement:
    """The engagement, its period over."""
    Engagement.objects.filter(pk=fieldwork.pk).update(period_start=date(2025, 1, 1), period_end=date(2025, 12, 31))
    return Engagement.objects.get(pk=fieldwork.pk)


@pytest.fixture
def url(over) -> str:
    return f"/engagements/{over.pk}/representation/"


@pytest.fixture
def letter(over, reviewer) -> RepresentationLetter:
    return draft_representation(over, proposed_text(over), by=reviewer)


def back(letter, by, *, file=None, **more):
    upload = uploaded(file or pdf("客戶聲明書.pdf"), to=letter.engagement, by=by)
    today = roc.short(timezone.localdate())
    return {"letter": letter.pk, "uploads": [upload.pk], "dated_on": today, "signatory": "董事長", **more}


def test_the_proposal_is_filled_with_what_is_known_and_leaves_no_place_open(over):
    proposed = proposed_text(over)
    assert over.auditee.name in proposed
    assert "就中華民國一一四年一月一日至一一四年十二月三十一日之設計及執行情形" in proposed
    assert not set("{}〔〕") & set(proposed)


def test_an_as_of_letter_speaks_of_a_day_and_says_that_operation_was_not_tested(over):
    over.kind, over.as_of = "establishment", date(2026, 3, 31)
    over.period_start = over.period_end = None
    proposed = proposed_text(over)
    assert "就中華民國一一五年三月三十一日之設計及付諸實行情形" in proposed
    assert "未測試執行有效性" in proposed


def test_the_page_proposes_the_letter_and_keeps_it_as_a_draft(sign_in, url, over, reviewer):
    client = sign_in(reviewer)
    assert "公鑒" in client.get(url).content.decode()
    client.post(f"{url}draft/", {"text": proposed_text(over)})
    assert RepresentationLetter.objects.get().number == 1


def test_an_unfilled_place_is_told_at_the_text_and_what_was_typed_stays(sign_in, url, reviewer):
    answer = sign_in(reviewer).post(f"{url}draft/", {"text": "本公司{受查者}"})
    assert answer.status_code == 422
    assert "本公司{受查者}" in answer.content.decode()
    assert not RepresentationLetter.objects.exists()


def test_the_draft_is_handed_out_as_a_pdf(sign_in, url, letter, preparer):
    answer = sign_in(preparer).get(f"{url}letter.pdf")
    assert b"".join(answer.streaming_content).startswith(b"%PDF-1.7")


def test_without_a_draft_there_is_no_pdf(sign_in, url, reviewer):
    assert sign_in(reviewer).get(f"{url}letter.pdf").status_code == 404


def test_the_letter_that_is_signed_is_the_draft_and_nothing_but_it(letter):
    assert draw(letter) != draw(RepresentationLetter(engagement=letter.engagement, text="# 客戶聲明書"))


def test_the_signed_letter_is_recorded_and_its_scan_is_evidence(sign_in, url, letter, reviewer):
    answer = sign_in(reviewer).post(f"{url}signed/", back(letter, reviewer), follow=True)
    signed = SignedRepresentation.objects.get()
    assert signed.scan == Evidence.objects.get(engagement=letter.engagement)
    assert signed.scan.get_absolute_url() in answer.content.decode()


@pytest.mark.parametrize(("wrong", "field"), [
    ({"dated_on": "115/13/45"}, "dated_on"),
    ({"signatory": ""}, "signatory"),
    ({"uploads": []}, "uploads"),
])  # fmt: skip
def test_what_is_missing_is_told_at_its_field_and_nothing_is_stored(sign_in, url, letter, reviewer, wrong, field):
    htmx = {"HTTP_HX_REQUEST": "true"}
    answer = sign_in(reviewer).post(f"{url}signed/", back(letter, reviewer, **wrong), **htmx)
    assert (answer.status_code, list(answer.json()["errors"])) == (422, [field])
    assert not Evidence.objects.exists()


def test_a_scan_that_is_neither_pdf_nor_picture_is_refused_in_words(sign_in, url, letter, reviewer):
    answer = sign_in(reviewer).post(f"{url}signed/", back(letter, reviewer, file=text()))
    assert answer.status_code == 422
    assert not SignedRepresentation.objects.exists()


def test_a_page_of_before_the_newest_draft_records_nothing(sign_in, url, letter, over, reviewer):
    draft_representation(over, letter.text + "\n\n並無訴訟。", by=reviewer)
    assert sign_in(reviewer).post(f"{url}signed/", back(letter, reviewer)).status_code == 422
    assert not SignedRepresentation.objects.exists()


@pytest.mark.parametrize("who", ["preparer", "quality_reviewer"])
def test_staff_and_the_quality_reviewer_read_it_and_change_nothing(sign_in, url, letter, who, request):
    client = sign_in(request.getfixturevalue(who))
    assert "<textarea" not in client.get(url).content.decode()
    assert client.post(f"{url}draft/", {"text": "改寫"}).status_code == 403


def test_the_broker_finds_none_of_it(sign_in, url, broker):
    assert sign_in(broker).get(url).status_code in {403, 404}
