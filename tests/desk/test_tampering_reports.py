"""Reports changed behind the guards' back are found, and the guards refuse everyone else."""

import pytest
from django.db import IntegrityError, transaction

from engagements.models import Engagement
from foundation.files.actions import store
from signoff.models import ReportVersion
from tests.tampering import DIFFERS, answers_told, found, missing, tamper

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def fieldwork(fieldwork, partner) -> Engagement:
    return answers_told(fieldwork, by=partner)


@pytest.fixture
def issued(issued) -> ReportVersion:
    assert found() == []
    return issued


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


@pytest.mark.parametrize("state", ["superseded", "withdrawn"])
def test_a_report_that_only_says_that_it_is_no_longer_in_force_is_found(issued, state):
    ReportVersion.objects.update(state=state)
    assert found() == [f"signoff.ReportVersion {issued.pk}: the trail has no event report.{state} about it"]


def test_an_issued_report_may_be_superseded_once_and_nothing_brings_it_back(issued):
    ReportVersion.objects.update(state="superseded")
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        ReportVersion.objects.update(state="issued")


def test_a_report_that_is_no_longer_issued_is_found(issued):
    tamper(ReportVersion, issued_at=None)
    assert missing(f"signoff.ReportVersion {issued.pk}", "report.issued") == found()
