"""The conclusion: the system proposes and names the rule, the partner decides and says why, both sign the file."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from engagements.models import Engagement, Stage
from engagements.validators import check_open
from foundation.accounts.models import User
from foundation.trail.actions import record
from foundation.trail.hashing import JSON
from foundation.web.blockers import Blocker, refuse
from foundation.web.refusals import Refused
from procedures.models import Revision, SignOff
from signoff.decided import facts_of
from signoff.gates import BEFORE_FINAL, GATES, blockers_of
from signoff.models import Conclusion, ConclusionKind, EngagementSignOff, Signature
from signoff.proposing import Proposal
from signoff.standing import Standing

SignedAs = EngagementSignOff.Role


@dataclass(frozen=True, slots=True)
class Decision:
    """What the partner decides: the conclusion and why; how far the effects reach and why; why not as proposed."""

    kind: str
    rationale: str
    pervasive: str = ""
    pervasive_because: str = ""
    departure: str = ""


def faults(decision: Decision, standing: Standing) -> dict[str, str]:
    """What is wrong with a decision, by the field at fault."""
    found = {}
    if decision.kind not in ConclusionKind.values:
        found["kind"] = _("Choose one of the four conclusions.")
    if not decision.rationale.strip():
        found["rationale"] = _("Say why this is the conclusion.")
    proposal = standing.proposal(decision.pervasive)
    if proposal.asks and decision.pervasive not in proposal.asks:
        found["pervasive"] = _("Say whether this is pervasive.")
    elif proposal.asks and not decision.pervasive_because.strip():
        found["pervasive_because"] = _("Say why it reaches so far and no further.")
    if "pervasive" not in found and decision.kind != proposal.kind and not decision.departure.strip():
        found["departure"] = _("The rules propose “%(kind)s”. Say why the decision is another.") % {
            "kind": proposal.kind.label
        }
    return found


@transaction.atomic
def decide(engagement: Engagement, decision: Decision, *, by: User) -> Conclusion:
    """Record the partner's conclusion with what it rests on; refused with every fault at once."""
    current = Engagement.objects.locked(engagement.pk)
    check_open(current)
    standing = Standing(current)
    if found := faults(decision, standing):
        raise Refused(*found.values())
    conclusion, _created = Conclusion.objects.update_or_create(
        engagement=current, defaults=_kept(decision, standing.proposal(decision.pervasive), by=by)
    )
    facts = facts_of(conclusion)
    record("conclusion.decided", chain=current.chain, by=by, about=current, facts=facts, reason=conclusion.rationale)
    return conclusion


def _kept(decision: Decision, proposal: Proposal, *, by: User) -> dict[str, Any]:
    """The row's fields: reasons only for what was asked and for a decision that is another than proposed."""
    return {
        "kind": decision.kind,
        "rationale": decision.rationale.strip(),
        "pervasive": decision.pervasive if proposal.asks else "",
        "pervasive_because": decision.pervasive_because.strip() if proposal.asks else "",
        "proposed": proposal.kind,
        "departure": decision.departure.strip() if decision.kind != proposal.kind else "",
        "decided_by": by,
        "decided_at": timezone.now(),
    }


def conclude(engagement: Engagement, *, kind: str, rationale: str, by: User, **more: str) -> Conclusion:
    """Record a conclusion. `more` are further fields of Decision."""
    return decide(engagement, Decision(kind, rationale, **more), by=by)


@transaction.atomic
def sign_file(engagement: Engagement, role: str, *, seen: str, by: User) -> EngagementSignOff:
    """Sign the whole file: the partner, then the quality reviewer. `seen` is the fingerprint on their page."""
    current = Engagement.objects.locked(engagement.pk)
    standing = Standing(current)
    now = standing.fingerprint
    if now != seen:
        raise Refused(_("The file changed while you were reading it. Look at it again."))
    refuse(signoff_blockers(standing, role, by=by))
    if EngagementSignOff.objects.filter(engagement=current, fingerprint=now, user=by).exists():
        raise Refused(_("You have signed this content already."))
    signoff = EngagementSignOff.objects.create(engagement=current, role=role, user=by, fingerprint=now)
    facts: dict[str, JSON] = {"role": role, "fingerprint": now, "signoff": signoff.pk}
    record("file.signed", chain=current.chain, by=by, about=current, facts=facts)
    return signoff


def signoff_blockers(standing: Standing, role: str, *, by: User | None) -> list[Blocker]:
    """Return what keeps `by` (None: anybody) from signing the file in `role`.

    The page prints it, the verb refuses because of it.
    """
    return _final_blockers(standing) if role == SignedAs.FINAL else _quality_blockers(standing, by)


def _final_blockers(standing: Standing) -> list[Blocker]:
    """The partner signs from REPORTING on, when all is reviewed, concluded and answered."""
    early = standing.engagement.stage not in {Stage.REPORTING, Stage.QUALITY_REVIEW}
    text = _("The partner's final sign-off belongs to the stage of reporting.")
    return [*_early(standing, early, text), *blockers_of(BEFORE_FINAL, standing)]


def _quality_blockers(standing: Standing, by: User | None) -> list[Blocker]:
    """The quality reviewer signs after the partner, and has prepared or reviewed nothing here."""
    engagement = standing.engagement
    text = _("The quality review's sign-off belongs to the stage of quality review.")
    found = _early(standing, engagement.stage != Stage.QUALITY_REVIEW, text)
    if by and _worked_on(engagement, by):
        text = _("Whoever has worked on the engagement can't review its quality.")
        found.append(Blocker("quality.worked", text, standing.url("engagement-team")))
    return [*found, *blockers_of(GATES[Stage.QUALITY_REVIEW], standing)]


def _worked_on(engagement: Engagement, person: User) -> bool:
    """Whether somebody wrote on a paper of the engagement, signed one, or signed an earlier report of it."""
    wrote = Revision.objects.filter(workpaper__engagement=engagement, author=person)
    signed = SignOff.objects.filter(workpaper__engagement=engagement, user=person)
    reported = Signature.objects.filter(report__engagement=engagement, user=person)
    return wrote.exists() or signed.exists() or reported.exists()


def _early(standing: Standing, early: bool, text: str) -> list[Blocker]:  # noqa: FBT001 -- one private condition
    return [Blocker("stage.early", text, standing.url("engagement"))] if early else []
