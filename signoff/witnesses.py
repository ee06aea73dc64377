"""What of this app and the trail vouch for one another."""

from collections.abc import Callable
from operator import attrgetter

from engagements.models import Engagement, Stage
from foundation.trail.witnesses import Witness
from signoff.lifecycle import MOVED, RETURNED
from signoff.models import Conclusion, EngagementSignOff, ReportVersion, Signature

Told = dict[str, Callable[[ReportVersion], object]]


def witnesses() -> list[Witness]:
    """Stage and conclusion, signatures on the file, report versions from request to issue, signatures on reports."""
    concluded = {
        "facts.kind": attrgetter("kind"),
        "reason": attrgetter("rationale"),
        "actor.id": attrgetter("decided_by_id"),
    }
    signed = {"actor.id": attrgetter("user_id")}
    on_file = {"facts.fingerprint": attrgetter("fingerprint"), "facts.role": attrgetter("role"), **signed}
    on_report = {"facts.binder": attrgetter("binder_sha256"), "facts.pdf": attrgetter("pdf_sha256"), **signed}
    moved = Engagement.objects.exclude(stage=Stage.ACCEPTANCE)
    return [
        Witness(moved, (MOVED, RETURNED), told={"facts.to": attrgetter("stage")}),
        Witness(Conclusion.objects.all(), ("conclusion.decided",), about="engagement_id", told=concluded),
        Witness(EngagementSignOff.objects.all(), ("file.signed",), about="engagement_id", fact="signoff", told=on_file),
        *_reports(),
        Witness(Signature.objects.all(), ("report.issued",), about="report_id", told=on_report),
    ]


def _reports() -> list[Witness]:
    reports = ReportVersion.objects.select_related("binder", "pdf", "workbook", "docx")
    requested: Told = {
        "facts.version": attrgetter("number"),
        "facts.final": attrgetter("final"),
        "facts.fingerprint": attrgetter("fingerprint"),
        "actor.id": attrgetter("requested_by_id"),
    }
    issued: Told = {
        "facts.number": attrgetter("report_number"),
        "actor.id": attrgetter("issued_by_id"),
        **_hashes("binder", "pdf"),
    }
    rendered: Told = {"facts.pages": attrgetter("pages"), **_hashes("binder", "pdf", "workbook", "docx")}
    return [
        Witness(reports, ("report.requested",), told=requested),
        Witness(reports.exclude(binder=None), ("report.frozen",), told=_hashes("binder")),
        Witness(reports.exclude(pdf=None), ("report.rendered",), told=rendered),
        Witness(reports.exclude(issued_at=None), ("report.issued",), told=issued),
    ]


def _hashes(*names: str) -> Told:
    """Return what tells the hashes of a report's files."""
    return {f"facts.{name}": _hash_of(name) for name in names}


def _hash_of(name: str) -> Callable[[ReportVersion], object]:
    return lambda report: getattr(getattr(report, name), "sha256", None)
