"""The representation letter: drafted before the quality review, signed and dated near the report before it is final."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from engagements.models import Engagement, Stage
from evidence.decisions import withdraw
from evidence.models import Evidence
from foundation.files.models import Upload
from foundation.trail.models import Event
from foundation.web.refusals import Refused
from signoff.checks.representation import dated
from signoff.conclusions import conclude, sign_file
from signoff.fingerprint import fingerprint
from signoff.gates import BEFORE_FINAL, FINAL_REPORT, blockers_of
from signoff.models import RepresentationLetter, SignedRepresentation
from signoff.reporting import final_blockers, issue_blockers, request_report
from signoff.representations import ComeBack, draft_representation, record_signed
from signoff.standing import Standing
from tests.stages import represent
from tests.uploads import pdf, text, uploaded

TEXT = "# 客戶聲明書\n\n本公司已提供全部資料。"
TODAY = timezone.localdate


@pytest.fixture
def over(fieldwork) -> Engagement:
    """The engagement, its period over."""
    Engagement.objects.filter(pk=fieldwork.pk).update(period_start=date(2025, 1, 1), period_end=date(2025, 12, 31))
    return Engagement.objects.get(pk=fieldwork.pk)


@pytest.fixture
def drafted(over, reviewer) -> RepresentationLetter:
    return draft_representation(over, TEXT, by=reviewer)


@pytest.fixture
def came_back(over, reviewer):
    """What came back, dated some days before today."""

    def made(*, days: int = 0, file=None, signatory: str = "董事長 林大安") -> ComeBack:
        upload = uploaded(file or pdf("客戶聲明書.pdf"), to=over, by=reviewer)
        return ComeBack(TODAY() - timedelta(days=days), signatory, upload)

    return made


def kinds(gate, engagement):
    return [blocker.kind for blocker in blockers_of(gate, Standing(Engagement.objects.get(pk=engagement.pk)))]


# Drafts --------------------------------------------------------------------------------------


def test_a_draft_is_kept_under_its_number(over, drafted, reviewer):
    again = draft_representation(over, TEXT + "\n\n並無訴訟。", by=reviewer)
    assert (drafted.number, again.number) == (1, 2)
    assert RepresentationLetter.objects.get(number=1).text == TEXT


def test_the_same_text_makes_no_second_draft(over, drafted, reviewer):
    assert draft_representation(over, TEXT.replace("\n", "\r\n"), by=reviewer) == drafted


@pytest.mark.parametrize("wrong", ["", "  \n", "本公司{受查者}聲明"])
def test_an_empty_text_or_one_with_an_unfilled_place_is_refused(over, reviewer, wrong):
    with pytest.raises(Refused):
        draft_representation(over, wrong, by=reviewer)
    assert not RepresentationLetter.objects.exists()


def test_a_draft_is_an_event_with_the_digest_of_its_text(drafted):
    told = Event.objects.get(name="representation.drafted").content
    assert (told["facts"]["number"], len(told["facts"]["text"])) == (1, 64)


def test_the_database_keeps_a_draft_as_it_is(drafted):
    with pytest.raises(IntegrityError), transaction.atomic():
        RepresentationLetter.objects.filter(pk=drafted.pk).update(text="改寫")


# Signed --------------------------------------------------------------------------------------


def test_the_scan_of_the_signed_letter_is_evidence_of_the_day_on_it(drafted, came_back, reviewer):
    signed = record_signed(drafted, came_back(days=2), by=reviewer)
    scan = Evidence.objects.get(engagement=drafted.engagement)
    assert (signed.scan, scan.covered_to) == (scan, TODAY() - timedelta(days=2))


def test_recorded_again_the_former_record_stays_and_the_last_counts(drafted, came_back, reviewer):
    first = record_signed(drafted, came_back(days=3), by=reviewer)
    second = record_signed(drafted, came_back(days=1, file=pdf("更正.pdf", b"1")), by=reviewer)
    assert list(SignedRepresentation.objects.order_by("id")) == [first, second]
    assert Standing(drafted.engagement).representation_signed == second


def test_a_letter_dated_in_the_future_is_refused(drafted, came_back, reviewer):
    with pytest.raises(Refused):
        record_signed(drafted, came_back(days=-1), by=reviewer)


def test_a_letter_from_before_the_period_s_end_is_refused_and_nothing_is_stored(fieldwork, reviewer):
    letter = draft_representation(fieldwork, TEXT, by=reviewer)
    came = ComeBack(date(2026, 6, 30), "董事長", uploaded(pdf(), to=fieldwork, by=reviewer))
    with pytest.raises(Refused, match="115/12/31"):
        record_signed(letter, came, by=reviewer)
    assert not Evidence.objects.exists()
    assert not SignedRepresentation.objects.exists()


def test_what_is_neither_pdf_nor_picture_is_no_scan(drafted, came_back, reviewer):
    with pytest.raises(Refused):
        record_signed(drafted, came_back(file=text()), by=reviewer)
    assert not Evidence.objects.exists()


@pytest.mark.parametrize("name", ["客戶聲明書.svg", "客戶聲明書.html"])
def test_a_picture_that_is_a_program_is_no_scan(drafted, came_back, reviewer, name):
    drawn = text(name, b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')
    with pytest.raises(Refused):
        record_signed(drafted, came_back(file=drawn), by=reviewer)
    assert not Evidence.objects.exists()


def test_a_scan_that_something_is_wrong_with_is_refused(drafted, came_back, reviewer):
    came = came_back()
    Upload.objects.filter(pk=came.upload.pk).update(concerns=["pdf.javascript"])
    came.upload.refresh_from_db()
    with pytest.raises(Refused):
        record_signed(drafted, came, by=reviewer)
    assert not Evidence.objects.exists()


def test_a_letter_whose_scan_was_withdrawn_has_not_come_back(drafted, came_back, reviewer, sign_in):
    signed = record_signed(drafted, came_back(), by=reviewer)
    withdraw(signed.scan, reason="掃描了他案之聲明書。", by=reviewer)
    standing = Standing(Engagement.objects.get(pk=drafted.engagement_id))
    assert standing.representation_signed is None
    assert "representation.unsigned" in kinds(FINAL_REPORT, drafted.engagement)
    page = sign_in(reviewer).get(standing.url("representation"))
    assert page.context["current"] is None


def test_nobody_signed_a_letter_without_a_name(drafted, came_back, reviewer):
    with pytest.raises(Refused):
        record_signed(drafted, came_back(signatory="　"), by=reviewer)


def test_a_draft_that_was_replaced_can_not_come_back_signed(drafted, came_back, reviewer):
    draft_representation(drafted.engagement, TEXT + "\n\n並無訴訟。", by=reviewer)
    with pytest.raises(Refused):
        record_signed(drafted, came_back(), by=reviewer)


def test_a_new_draft_after_the_signature_has_to_be_signed_anew(drafted, came_back, reviewer):
    record_signed(drafted, came_back(), by=reviewer)
    draft_representation(drafted.engagement, TEXT + "\n\n並無訴訟。", by=reviewer)
    assert Standing(drafted.engagement).representation_signed is None


@pytest.mark.parametrize("act", ["draft", "record"])
def test_whatever_happens_to_the_letter_changes_what_the_file_is_signed_with(drafted, came_back, reviewer, act):
    before = fingerprint(drafted.engagement)
    if act == "draft":
        draft_representation(drafted.engagement, TEXT + "\n\n並無訴訟。", by=reviewer)
    else:
        record_signed(drafted, came_back(), by=reviewer)
    assert fingerprint(drafted.engagement) != before


# Gates ---------------------------------------------------------------------------------------


def test_the_quality_review_waits_for_the_draft(reporting, partner):
    conclude(reporting, kind="unmodified", rationale="無重大缺失。", by=partner)
    assert kinds(BEFORE_FINAL, reporting) == ["representation.undrafted"]
    draft_representation(reporting, TEXT, by=partner)
    assert kinds(BEFORE_FINAL, reporting) == []


def test_the_final_report_waits_for_the_signed_letter(reporting, partner, quality_reviewer):
    conclude(reporting, kind="unmodified", rationale="無重大缺失。", by=partner)
    draft_representation(reporting, TEXT, by=partner)
    sign_file(reporting, "final", seen=fingerprint(reporting), by=partner)
    Engagement.objects.filter(pk=reporting.pk).update(stage=Stage.QUALITY_REVIEW)
    sign_file(Engagement.objects.get(pk=reporting.pk), "quality", seen=fingerprint(reporting), by=quality_reviewer)
    assert kinds(FINAL_REPORT, reporting) == ["representation.unsigned"]


@pytest.fixture
def report_of(reporting, partner):
    """What contradicts a report of today, where the letter is dated so many days before."""

    def found(days: int, settings_days: int = 7) -> list[str]:
        represent(reporting, by=partner, dated_on=TODAY() - timedelta(days=days))
        return [blocker.kind for blocker in dated(Standing(reporting), TODAY())]

    return found


@pytest.mark.parametrize(("days", "found"), [
    (0, []),
    (7, []),
    (8, ["representation.early"]),
    (-1, ["representation.late"]),
])  # fmt: skip
def test_the_letter_is_dated_at_or_near_the_report_and_not_after_it(report_of, days, found):
    assert report_of(days) == found


def test_how_near_is_a_setting(report_of, settings):
    settings.REPRESENTATION_DAYS = 3
    assert report_of(4) == ["representation.early"]


def test_a_report_is_not_dated_before_the_last_evidence_or_the_quality_review(quality_review, quality_reviewer):
    sign_file(quality_review, "quality", seen=fingerprint(quality_review), by=quality_reviewer)
    standing = Standing(Engagement.objects.get(pk=quality_review.pk))
    found = {blocker.kind for blocker in dated(standing, TODAY() - timedelta(days=1))}
    assert found == {"representation.late", "report.before_evidence", "report.before_quality"}


def test_what_the_dates_contradict_keeps_the_final_report_from_being_asked_for(
    quality_review, quality_reviewer, settings
):
    settings.REPRESENTATION_DAYS = -1
    sign_file(quality_review, "quality", seen=fingerprint(quality_review), by=quality_reviewer)
    assert [blocker.kind for blocker in final_blockers(quality_review)] == ["representation.early"]
    with pytest.raises(Refused):
        request_report(quality_review, final=True, by=quality_reviewer)


def test_a_report_that_was_frozen_in_time_is_not_late_for_being_issued_later(quality_review, quality_reviewer, partner):
    sign_file(quality_review, "quality", seen=fingerprint(quality_review), by=quality_reviewer)
    report = request_report(quality_review, final=True, by=partner)
    assert not {"representation.early", "representation.late"} & {found.kind for found in issue_blockers(report)}
