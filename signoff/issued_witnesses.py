"""What of the rows about issued reports and the trail vouch for one another."""

from operator import attrgetter
from typing import Any

from foundation.trail.witnesses import Told, Witness
from signoff.models import Reissue, ReportRelease, ReportReturn, ReportWithdrawal, ScannedReport

BY: Told = {"actor.id": attrgetter("by_id")}


def of_issued() -> list[Witness]:
    """Scans, releases, returns with their answers, withdrawals; reissues from their opening to their end."""
    scanned: Told = {
        "facts.sha256": attrgetter("file.sha256"),
        "facts.pdf": attrgetter("pdf_sha256"),
        "reason": attrgetter("note"),
        **BY,
    }
    withdrawn: Told = {
        "facts.told_on": attrgetter("board_told_on"),
        "facts.told_by": attrgetter("board_told_by"),
        "reason": attrgetter("reason"),
        **BY,
    }
    scans, withdrawals = ScannedReport.objects.select_related("file"), ReportWithdrawal.objects.all()
    return [
        Witness(scans, ("report.scanned",), about="report_id", fact="scan", told=scanned),
        Witness(ReportRelease.objects.all(), ("report.released",), about="report_id", told=BY),
        Witness(withdrawals, ("report.withdrawn",), about="report_id", told=withdrawn),
        *_returns(),
        *_reissues(),
    ]


def _returns() -> list[Witness]:
    returned: Told = {"reason": attrgetter("reason"), "actor.id": attrgetter("returned_by_id")}
    answered: Told = {"reason": attrgetter("answer"), "actor.id": attrgetter("answered_by_id")}
    rows = ReportReturn.objects.all()
    of_report: dict[str, Any] = {"about": "report_id", "fact": "return"}
    return [
        Witness(rows, ("report.returned",), told=returned, **of_report),
        Witness(rows.exclude(answered_at=None), ("report.return-answered",), told=answered, **of_report),
    ]


def _reissues() -> list[Witness]:
    opened: Told = {
        "facts.kind": attrgetter("kind"),
        "facts.report": attrgetter("of_id"),
        "reason": attrgetter("reason"),
        "actor.id": attrgetter("opened_by_id"),
    }
    cancelled: Told = {"reason": attrgetter("cancelled_because"), "actor.id": attrgetter("closed_by_id")}
    issued: Told = {"facts.version": attrgetter("version_id"), "actor.id": attrgetter("closed_by_id")}
    rows = Reissue.objects.all()
    of_file: dict[str, Any] = {"about": "engagement_id", "fact": "reissue"}
    return [
        Witness(rows, ("engagement.reissued",), told=opened, **of_file),
        Witness(rows.exclude(cancelled_because=""), ("engagement.reissue-cancelled",), told=cancelled, **of_file),
        Witness(rows.exclude(version=None), ("report.superseded",), about="of_id", fact="reissue", told=issued),
    ]
