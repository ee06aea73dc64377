"""A second office full of engagements, to see what grows with their number; an issued report; checkpoints."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.utils import timezone, translation

from engagements.models import Engagement
from foundation.accounts.models import User
from foundation.files.actions import store
from foundation.trail.actions import record
from signoff.models import ReportVersion, Signature
from signoff.reporting import Rendering, freeze_binder, record_rendering, request_report
from tests.stages import annual, in_fieldwork


@pytest.fixture
def more_engagements(
    partner, quality_reviewer, reviewer, broker_company, exchange_company
) -> Callable[[int], list[Engagement]]:
    """Open that many engagements of the same firm, with the same people, in FIELDWORK."""

    def make(number: int) -> list[Engagement]:
        created = [annual(broker_company, exchange_company, by=partner, year=2000 + n) for n in range(number)]
        return [in_fieldwork(one, partner=partner, manager=reviewer, eqr=quality_reviewer) for one in created]

    return make


@pytest.fixture
def rendered_final(partner) -> Callable[[Engagement], ReportVersion]:
    """Ask for a final report and take what a worker would render."""

    def make(engagement: Engagement) -> ReportVersion:
        report = request_report(engagement, final=True, by=partner)
        files = (store([text], name="report.bin", by=partner) for text in (b"binder", b"pdf", b"workbook"))
        binder, pages, sheets = files
        freeze_binder(report, binder)
        return record_rendering(report, Rendering(binder=binder, pdf=pages, workbook=sheets, pages=42, problems=[]))

    return make


@pytest.fixture
def issued(fieldwork, partner, rendered_final, monkeypatch) -> ReportVersion:
    """A final report that was asked for, rendered and issued, in an engagement that isn't ready for it."""
    monkeypatch.setattr("signoff.reporting.final_blockers", lambda _engagement: [])
    rendered = rendered_final(fieldwork)
    issue(rendered, by=partner)
    return rendered


def issue(report: ReportVersion, *, by: User) -> None:
    """What the verb leaves."""
    hashes = {"binder": report.binder.sha256, "pdf": report.pdf.sha256}
    signed = {"organization": by.organization, **{f"{name}_sha256": digest for name, digest in hashes.items()}}
    signature = Signature.objects.create(report=report, user=by, **signed)
    report.state, report.issued_by, report.issued_at = "issued", by, timezone.now()
    report.save(update_fields=["state", "issued_by", "issued_at"])
    facts = {"number": report.report_number, "signature": signature.pk, **hashes}
    record("report.issued", chain=report.engagement.chain, by=by, about=report, facts=facts)


@pytest.fixture(autouse=True)
def checkpoint_folder(settings, tmp_path) -> Path:
    """Each test's own place for checkpoints; nothing is in it yet."""
    settings.CHECKPOINT_DIR = tmp_path / "checkpoints"
    return settings.CHECKPOINT_DIR


@pytest.fixture
def english() -> Iterator[None]:
    """Say in English what a verification finds."""
    with translation.override("en"):
        yield
