"""What became of an issued report, changed behind the guards' back, is found; untouched, nothing is."""

import pytest
from django.utils import timezone

from foundation.files.actions import store
from foundation.files.uploads import send
from foundation.trail.actions import record
from signoff.cosigning import name_cosigner
from signoff.issued import answer_return, link_scan, release_report, return_report, withdraw_report
from signoff.models import (
    Cosigner,
    Reissue,
    ReportRelease,
    ReportReturn,
    ReportWithdrawal,
    ScannedReport,
    Signature,
)
from signoff.reissuing import cancel_reissue, open_reissue
from tests.conftest import person
from tests.desk.conftest import issue
from tests.tampering import DIFFERS, answers_told, found, missing, remove, tamper
from tests.uploads import PDF

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def fieldwork(fieldwork, partner):
    return answers_told(fieldwork, by=partner)


@pytest.fixture
def second(firm):
    return person("劉會計", "second@firm.example", firm, "partner")


@pytest.fixture
def cosigned(fieldwork, partner, second):
    name_cosigner(fieldwork, second, by=partner)
    return fieldwork


@pytest.fixture
def afterwards(issued, partner, exchange, monkeypatch):
    """Scanned, released, returned and answered, opened again and closed, withdrawn."""
    engagement = issued.engagement
    upload = send(PDF, name="掃描.pdf", scope=issued.pk, by=partner)
    link_scan(issued, upload, printed_from=issued.pdf.sha256, note="親簽", by=partner)
    release_report(issued, by=partner)
    return_report(issued, reason="缺頁。", by=exchange)
    answer_return(issued, answer="已補。", by=partner)
    monkeypatch.setattr("engagements.models.Engagement.is_issued", property(lambda _self: True))
    open_reissue(engagement, kind="editorial", reason="誤植。", by=partner)
    cancel_reissue(engagement, reason="無誤。", by=partner)
    withdraw_report(issued, reason="有誤。", told_on=timezone.localdate(), told_by="函告", by=partner)
    assert found() == []
    return issued


CHANGES = [
    (ScannedReport, {"pdf_sha256": "ab" * 32}, "report.scanned", "pdf"),
    (ScannedReport, {"note": "代簽"}, "report.scanned", "reason"),
    (ReportReturn, {"reason": "無。"}, "report.returned", "reason"),
    (ReportReturn, {"answer": "無。"}, "report.return-answered", "reason"),
    (ReportWithdrawal, {"reason": "無。"}, "report.withdrawn", "reason"),
    (ReportWithdrawal, {"board_told_on": "2020-01-01"}, "report.withdrawn", "told_on"),
    (ReportWithdrawal, {"board_told_by": "口頭"}, "report.withdrawn", "told_by"),
    (Reissue, {"kind": "material"}, "engagement.reissued", "kind"),
    (Reissue, {"reason": "無。"}, "engagement.reissued", "reason"),
    (Reissue, {"cancelled_because": "無。"}, "engagement.reissue-cancelled", "reason"),
]


@pytest.mark.parametrize(("model", "change", "event", "fact"), CHANGES)
def test_a_row_that_says_something_else_than_its_event_is_found(afterwards, model, change, event, fact):
    tamper(model, **change)
    row = model.objects.get()
    assert found() == [f"{model._meta.label} {row.pk}: {DIFFERS} {event}: {fact}"]


@pytest.mark.parametrize(
    ("model", "event"),
    [
        (ScannedReport, "report.scanned"),
        (ReportRelease, "report.released"),
        (ReportReturn, "report.returned"),
        (ReportWithdrawal, "report.withdrawn"),
        (Reissue, "engagement.reissued"),
    ],
)
def test_a_row_that_was_taken_away_is_missed(afterwards, model, event):
    row = model.objects.get()
    remove(row)
    assert missing(f"{model._meta.label} {row.pk}", event)


def test_a_release_that_nobody_gave_is_found(issued, partner):
    ReportRelease.objects.create(report=issued, by=partner)
    assert found() == [f"signoff.ReportRelease {issued.pk}: the trail has no event report.released about it"]


def test_a_scan_whose_file_was_swapped_is_found(afterwards, partner):
    tamper(ScannedReport, file=store([b"another"], name="x.pdf", by=partner))
    row = ScannedReport.objects.get()
    assert found() == [f"signoff.ScannedReport {row.pk}: {DIFFERS} report.scanned: sha256"]


def test_a_second_signer_who_was_swapped_is_found(cosigned, partner):
    tamper(Cosigner, user=partner)
    assert found() == [f"signoff.Cosigner {cosigned.pk}: {DIFFERS} cosigner.named: user"]


def test_a_second_signer_who_was_removed_leaves_nothing_to_miss(cosigned, partner):
    name_cosigner(cosigned, None, by=partner)
    assert found() == []


def test_a_signature_that_was_taken_away_is_missed(issued):
    row = Signature.objects.get()
    remove(row)
    assert missing(f"signoff.Signature {row.pk}", "report.issued")


def test_an_issue_that_was_recorded_before_signatures_were_named_still_vouches_for_its_signature(
    fieldwork, partner, rendered_final, monkeypatch
):
    monkeypatch.setattr("signoff.reporting.final_blockers", lambda _engagement: [])
    report = rendered_final(fieldwork)
    told = record

    def as_before(name, **said):
        said["facts"] = {fact: value for fact, value in said["facts"].items() if fact != "signature"}
        return told(name, **said)

    monkeypatch.setattr("tests.desk.conftest.record", as_before)
    issue(report, by=partner)
    assert found() == []
    row = Signature.objects.get()
    remove(row)
    assert missing(f"signoff.Signature report_id {report.pk}", "report.issued")
