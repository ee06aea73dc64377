"""Once a report is issued its file is locked, and the bytes under it are sealed where they are kept."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import date

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from engagements.models import Engagement, EngagementLetter
from evidence.models import Evidence
from foundation.files.models import StoredFile
from foundation.files.storage import kept
from foundation.trail.actions import record
from foundation.trail.hashing import JSON
from foundation.trail.queries import events_of
from signoff.models import ReportVersion, ScannedReport

SEAL_TASK = "signoff.seal"
SEALED = "evidence.sealed"
_AT_A_TIME = 8  # a bucket answers each request after a while, but many at once


def seal(report: ReportVersion, tell: Callable[[int, int], None] = lambda _done, _total: None) -> int:
    """Seal the evidence of an issued report, and the report itself, until the retention ends; return how many files.

    Safe to repeat. `tell` hears how many of how many are done. Raises OSError for what couldn't be sealed, after all
    the others were.
    """
    keys, until = list(_files(report).values_list("key", flat=True)), sealed_until(report)
    with ThreadPoolExecutor(_AT_A_TIME) as pool:
        sealings = [pool.submit(kept().seal, key, until) for key in keys]
        for done, _sealing in enumerate(as_completed(sealings), start=1):
            tell(done, len(keys))
    for sealing in sealings:
        sealing.result()
    _record_once(report.engagement, {"files": len(keys), "until": until.isoformat(), "lock": kept().lock})
    return len(keys)


def sealed_until(report: ReportVersion) -> date:
    """The day before which nothing of an issued report's file may go: so many years after the report's date."""
    assert report.report_date is not None  # noqa: S101 -- issued_reports_are_whole, says the database
    day = report.report_date
    year = day.year + settings.RETENTION_YEARS
    return date(year, 3, 1) if (day.month, day.day) == (2, 29) else day.replace(year=year)


def _files(report: ReportVersion) -> QuerySet[StoredFile]:
    """All evidence, what was withdrawn or is in quarantine too, the engagement letters, what the issued version
    consists of, its scans.
    """
    evidence = Evidence.objects.filter(engagement=report.engagement_id).values("file")
    version = [report.binder_id, report.pdf_id, report.workbook_id, report.docx_id]
    letters = EngagementLetter.objects.filter(engagement=report.engagement_id).values("file")
    scans = ScannedReport.objects.filter(report=report).values("file")
    return StoredFile.objects.filter(Q(pk__in=evidence) | Q(pk__in=letters) | Q(pk__in=version) | Q(pk__in=scans))


@transaction.atomic
def _record_once(engagement: Engagement, facts: dict[str, JSON]) -> None:
    """Record it, unless the same was recorded last: a job may run twice, a restored copy is sealed anew."""
    current = Engagement.objects.locked(engagement.pk)
    last = events_of(current.chain, event=SEALED).first()
    if last is None or last.content["facts"] != facts:
        record("evidence.sealed", chain=current.chain, by=None, about=current, facts=facts)
