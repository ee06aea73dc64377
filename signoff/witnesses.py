"""What of this app and the trail vouch for one another."""

from collections.abc import Callable
from operator import attrgetter
from typing import Any

from django.db.models import Q

from engagements.models import Engagement, PlanApproval
from foundation.trail.hashing import JSON
from foundation.trail.witnesses import Witness
from signoff.decided import grounds_digest
from signoff.issued_witnesses import of_issued
from signoff.lifecycle import MOVED, NOT_REISSUED, REISSUED, RETURNED, WITHDRAWN
from signoff.models import (
    Conclusion,
    Cosigner,
    EngagementSignOff,
    ReportVersion,
    RepresentationLetter,
    Signature,
    SignedRepresentation,
)
from signoff.planning import LAPSED
from signoff.representations import draft_facts, signed_facts

State = ReportVersion.State
Told = dict[str, Callable[[Any], object]]


def witnesses() -> list[Witness]:
    """Stage, plan, conclusion, signatures on the file, report versions from request to issue, signatures on them."""
    concluded: Told = {
        "facts.kind": attrgetter("kind"),
        "facts.pervasive": attrgetter("pervasive"),
        "facts.proposed": attrgetter("proposed"),
        "facts.grounds": grounds_digest,
        "reason": attrgetter("rationale"),
        "actor.id": attrgetter("decided_by_id"),
    }
    signed = {"actor.id": attrgetter("user_id")}
    on_file = {"facts.fingerprint": attrgetter("fingerprint"), "facts.role": attrgetter("role"), **signed}
    on_report = {"facts.binder": attrgetter("binder_sha256"), "facts.pdf": attrgetter("pdf_sha256"), **signed}
    moves = ("engagement.created", MOVED, RETURNED, WITHDRAWN, REISSUED, NOT_REISSUED)
    return [
        Witness(Engagement.objects.all(), moves, told={"facts.to": attrgetter("stage")}),
        *_plans(),
        Witness(Conclusion.objects.all(), ("conclusion.decided",), about="engagement_id", told=concluded),
        Witness(EngagementSignOff.objects.all(), ("file.signed",), about="engagement_id", fact="signoff", told=on_file),
        *_letters(),
        *_reports(),
        Witness(
            Signature.objects.all(),
            ("report.signed", "report.issued"),
            about="report_id",
            fact="signature",
            told=on_report,
            lone=True,  # before two could sign a report, its issue didn't name the one signature
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


def _plans() -> list[Witness]:
    """Approvals of the plan, and those that lapsed."""
    approvals = PlanApproval.objects.all()
    told = {"facts.fingerprint": attrgetter("fingerprint"), "actor.id": attrgetter("approved_by_id")}
    return [
        Witness(approvals, ("plan.approved",), about="engagement_id", fact="approval", told=told),
        Witness(approvals.exclude(lapsed_at=None), (LAPSED,), about="engagement_id", fact="approval"),
    ]


def _letters() -> list[Witness]:
    """The representation letter, drafted and signed."""
    drafted: Told = {f"facts.{name}": _fact(draft_facts, name) for name in ("number", "text")}
    signed: Told = {f"facts.{name}": _fact(signed_facts, name) for name in ("dated_on", "signatory", "scan")}
    letters = RepresentationLetter.objects.all()
    return [
        Witness(letters, ("representation.drafted",), told={**drafted, "actor.id": attrgetter("drafted_by_id")}),
        Witness(
            SignedRepresentation.objects.select_related("scan__file"),
            ("representation.signed",),
            about="letter_id",
            fact="signed",
            told={**signed, "actor.id": attrgetter("recorded_by_id")},
        ),
    ]


def _fact(facts: Callable[[Any], dict[str, JSON]], name: str) -> Callable[[Any], object]:
    """Return what reads one of the facts that the verb tells of a row."""
    return lambda row: facts(row)[name]


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
        Witness(reports.filter(state=State.SUPERSEDED), ("report.superseded",)),
        Witness(reports.filter(Q(state=State.WITHDRAWN) | Q(withdrawal__isnull=False)), ("report.withdrawn",)),
    ]


def _hashes(*names: str) -> Told:
    """Return what tells the hashes of a report's files."""
    return {f"facts.{name}": _hash_of(name) for name in names}


def _hash_of(name: str) -> Callable[[ReportVersion], object]:
    return lambda report: getattr(getattr(report, name), "sha256", None)
