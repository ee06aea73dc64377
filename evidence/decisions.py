"""What is decided on a piece of evidence after it came in: how it is described, withdrawn, released from quarantine."""

from django.utils.translation import gettext as _

from evidence.actions import facts_of, open_evidence
from evidence.citing import refresh_supports
from evidence.models import Citation, Evidence, EvidenceDecision, Request
from evidence.requests import return_when_bare
from evidence.times import Covered
from foundation.accounts.models import User
from foundation.accounts.policy import Role
from foundation.trail.actions import record
from foundation.web.refusals import Refused
from procedures.authorship import RESTATED

Kind = EvidenceDecision.Kind


def describe(evidence: Evidence, *, title: str, covered: Covered, by: User) -> Evidence:
    """Correct a piece's title and the time that it speaks about; the results that cite it change with it."""
    with open_evidence(evidence) as piece:
        before = facts_of(piece)
        piece.title = title.strip() or piece.title
        for name, value in covered.fields.items():
            setattr(piece, name, value)
        if facts_of(piece) != before:
            piece.save(update_fields=["title", *covered.fields])
            facts = facts_of(piece) | {RESTATED: refresh_supports(piece, by=by)}
            record("evidence.described", chain=piece.engagement.chain, by=by, about=piece, facts=facts)
    return piece


def withdraw(evidence: Evidence, *, reason: str, by: User) -> EvidenceDecision:
    """Seal off what was handed in by mistake: it is kept, but nobody looks at it, takes a copy or cites it.

    A request whose last file goes waits for the broker again.
    """
    with open_evidence(evidence) as piece:
        if reason_against := why_kept(piece, by=by):
            raise Refused(reason_against)
        decision = _decide(piece, Kind.WITHDRAWN, reason, by=by)
        if piece.request:
            return_when_bare(piece.request, because=decision.reason, by=by)
    return decision


def why_kept(piece: Evidence, *, by: User) -> str:
    """Say why somebody may not withdraw a piece; nothing if they may.

    The broker withdraws only what the team hasn't begun to use. It is told the same whether that was accepted or cited:
    what the team cites is no business of the broker's.
    """
    if piece.withdrawn:
        return _("It was withdrawn.")
    cited = Citation.objects.filter(evidence=piece).exists()
    if by.role == Role.BROKER:
        settled = piece.request is None or piece.request.state in Request.SETTLED_STATES
        in_use = _(
            "The audit team works with this file already. Hand in a new version, or ask the team to withdraw it."
        )
        return in_use if cited or settled else ""
    return _("%(evidence)s is cited; take its citations off first.") % {"evidence": piece.label} if cited else ""


def release(evidence: Evidence, *, reason: str, by: User) -> EvidenceDecision:
    """Let a piece out of quarantine in spite of its concerns, and say why."""
    with open_evidence(evidence) as piece:
        if not piece.in_quarantine:
            raise Refused(_("%(evidence)s isn't in quarantine.") % {"evidence": piece.label})
        return _decide(piece, Kind.RELEASED, reason, by=by)


def _decide(piece: Evidence, kind: Kind, reason: str, *, by: User) -> EvidenceDecision:
    if not reason.strip():
        raise Refused(_("Give the reason."))
    decision = EvidenceDecision.objects.create(evidence=piece, kind=kind, reason=reason.strip(), by=by)
    facts = {"sha256": piece.file.sha256, "concerns": piece.file.concerns, "at": decision.at.isoformat()}
    event = f"evidence.{kind.value}"
    record(event, chain=piece.engagement.chain, by=by, about=piece, facts=facts, reason=decision.reason)
    return decision
