"""What of this app and the trail vouch for one another."""

from collections.abc import Callable
from operator import attrgetter

from django.db.models import Q

from engagements.models import Engagement, Stage
from foundation.trail.witnesses import Witness
from signoff.issued_witnesses import of_issued
from signoff.lifecycle import MOVED, NOT_REISSUED, REISSUED, RETURNED
from signoff.models import Conclusion, Cosigner, EngagementSignOff, ReportVersion, Signature

State = ReportVersion.State
Told = dict[str, Callable[[ReportVersion], object]]


def witnesses() -> list[Witness]:
    """Stage and conclusion, signatures on the file, report versions from request to issue, who signs them and did, and
    what became of them.
    """
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
        Witness(moved, (MOVED, RETURNED, REISSUED, NOT_REISSUED), told={"facts.to": attrgetter("stage")}),
        Witness(Conclusion.objects.all(), ("conclusion.decided",), about="engagement_id", told=concluded),
        Witness(EngagementSignOff.objects.all(), ("file.signed",), about="engagement_id", fact="signoff", told=on_file),
        *_reports(),
        Witness(
            Signature.objects.all(),
            ("report.signed", "report.issued"),
            about="report_id",
            fact="signature",
            told=on_report,
        ),
        Witness(
            Cosigner.objects.all(),
            ("cosigner.named",),
            about="engagement_id",
            told={"facts.user": attrgetter("user_id"), "actor.id": attrgetter("named_by_id")},
            ended=("cosigner.removed",),
        ),
        *of_issued(),
    ]


def _reports() -> list[Witness]:
    reports = ReportVersion.objects.select_related("binder", "pdf", "workbook")
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
    rendered: Told = {"facts.pages": attrgetter("pages"), **_hashes("binder", "pdf", "workbook")}
    return [
        Witness(reports, ("report.requested",), told=requested),
        Witness(reports.exclude(binder=None), ("report.frozen",), told=_hashes("binder")),
        Witness(reports.exclude(pdf=None), ("report.rendered",), told=rendered),
        Witness(reports.exclude(issued_at=None), ("report.issued",), told=issued),
        Witness(reports.filter(state=State.SUPERSEDED), ("report.superseded",)),
        Witness(reports.filter(Q(state=State.WITHDRAWN) | Q(withdrawal__isnull=False)), ("report.withdrawn",)),
    ]


def _hashes(*names: str) -> Told:
    """Return what tells the hashes of a report's files."""
    return {f"facts.{name}": _hash_of(name) for name in names}


def _hash_of(name: str) -> Callable[[ReportVersion], object]:
    return lambda report: getattr(getattr(report, name), "sha256", None)
