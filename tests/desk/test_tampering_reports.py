"""Reports changed behind the guards' back are found, and the guards refuse everyone else."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from engagements.models import Engagement
from foundation.accounts.models import User
from foundation.files.actions import store
from foundation.trail.actions import record
from signoff.models import ReportVersion, Signature
from signoff.reporting import Rendering, freeze_binder, record_rendering, request_report
from tests.tampering import DIFFERS, answers_told, found, missing, remove, tamper


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def fieldwork(fieldwork, partner) -> Engagement:
    return answers_told(fieldwork, by=partner)


@pytest.fixture
def issued(fieldwork, partner, monkeypatch) -> ReportVersion:
    """A final report that was asked for, rendered and issued, in an engagement that isn't ready for it."""
    monkeypatch.setattr("signoff.reporting.final_blockers", lambda _engagement: [])
    report = request_report(fieldwork, final=True, by=partner)
    binder, pages, sheets = (store([text], name="report.bin", by=partner) for text in (b"binder", b"pdf", b"workbook"))
    freeze_binder(report, binder)
    rendering = Rendering(binder=binder, pdf=pages, workbook=sheets, pages=42, problems=[])
    rendered = record_rendering(report, rendering)
    issue(rendered, by=partner)
    assert found() == []
    return rendered


def issue(report: ReportVersion, *, by: User) -> None:
    """What the verb leaves."""
    hashes = {"binder": report.binder.sha256, "pdf": report.pdf.sha256}
    signed = {"organization": by.organization, **{f"{name}_sha256": digest for name, digest in hashes.items()}}
    Signature.objects.create(report=report, user=by, **signed)
    report.state, report.issued_by, report.issued_at = "issued", by, timezone.now()
    report.save(update_fields=["state", "issued_by", "issued_at"])
    facts = {"number": report.report_number, **hashes}
    record("report.issued", chain=report.engagement.chain, by=by, about=report, facts=facts)


def of_report(report: ReportVersion, name: str, facts: str) -> str:
    return f"signoff.ReportVersion {report.pk}: {DIFFERS} {name}: {facts}"


def test_a_swapped_workbook_is_found(issued, partner):
    tamper(ReportVersion, workbook=store([b"another"], name="report.bin", by=partner))
    assert found() == [of_report(issued, "report.rendered", "workbook")]


def test_a_swapped_pdf_is_found(issued, partner):
    tamper(ReportVersion, pdf=store([b"another"], name="report.bin", by=partner))
    assert found() == [of_report(issued, f"report.{name}", "pdf") for name in ("rendered", "issued")]


def test_a_swapped_binder_is_found(issued, partner):
    tamper(ReportVersion, binder=store([b"another"], name="report.bin", by=partner))
    names = ("frozen", "rendered", "issued")
    assert found() == [of_report(issued, f"report.{name}", "binder") for name in names]


@pytest.mark.parametrize(
    ("change", "name", "fact"),
    [
        ({"report_number": "116-002"}, "issued", "number"),
        ({"pages": 41}, "rendered", "pages"),
        ({"number": 2}, "requested", "version"),
        ({"fingerprint": "ab" * 32}, "requested", "fingerprint"),
    ],
)
def test_an_issued_report_that_was_altered_is_found(issued, change, name, fact):
    tamper(ReportVersion, **change)
    assert found() == [of_report(issued, f"report.{name}", fact)]


@pytest.mark.parametrize(
    "change",
    [
        {"report_number": "116-002"},
        {"pages": None},
        {"problems": ["x"]},
        {"state": "rendered"},
        {"state": "superseded", "pages": 41},
        {"issued_at": None},
        {"state": "failed", "issued_at": None, "issued_by": None},
    ],
)
def test_the_database_refuses_to_change_an_issued_report(issued, change):
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        ReportVersion.objects.update(**change)


def test_an_issued_report_may_be_superseded_once_and_nothing_brings_it_back(issued):
    ReportVersion.objects.update(state="superseded")
    assert found() == []
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        ReportVersion.objects.update(state="issued")


def test_the_database_refuses_to_delete_any_report(fieldwork, partner):
    draft = request_report(fieldwork, by=partner)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        draft.delete()


def test_a_report_that_is_no_longer_issued_is_found(issued):
    tamper(ReportVersion, issued_at=None)
    assert missing(f"signoff.ReportVersion {issued.pk}", "report.issued") == found()


def test_a_signature_on_other_pages_is_found(issued):
    tamper(Signature, pdf_sha256="ab" * 32)
    signature = Signature.objects.get()
    assert found() == [f"signoff.Signature {signature.pk}: {DIFFERS} report.issued: pdf"]


def test_a_removed_signature_on_a_report_is_found(issued):
    remove(Signature.objects.get())
    assert missing(f"signoff.Signature {issued.pk}", "report.issued") == found()
