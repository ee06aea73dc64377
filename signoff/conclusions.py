"""The conclusion: the system proposes and names the rule, the partner decides and says why, both sign the file."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from engagements.models import Engagement, Stage
from engagements.validators import check_open
from findings.models import Finding, Severity
from foundation.accounts.models import User
from foundation.trail.actions import record
from foundation.trail.hashing import JSON
from foundation.web.blockers import Blocker, refuse
from foundation.web.refusals import Refused
from procedures.models import Outcome, ProcedureResult, Revision, SignOff
from signoff.gates import BEFORE_FINAL, GATES, blockers_of
from signoff.models import Conclusion, ConclusionKind, EngagementSignOff
from signoff.standing import Standing

SignedAs = EngagementSignOff.Role


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the rules suggest, and which rule it was."""

    kind: ConclusionKind
    rule: str


def propose(engagement: Engagement) -> Proposal:
    """Propose from material findings and scope limitations; whether they are pervasive is the partner's judgement."""
    findings = Finding.objects.upheld().filter(engagement=engagement, severity=Severity.MATERIAL).count()
    results = ProcedureResult.objects.filter(workpaper__engagement=engagement)
    limited = results.filter(outcome=Outcome.SCOPE_LIMITATION).count()
    if findings:
        rule = _("%(n)d material findings: qualified, or adverse if they are pervasive.") % {"n": findings}
        return Proposal(ConclusionKind.QUALIFIED, rule)
    if limited:
        rule = _("%(n)d scope limitations: qualified if material, disclaimer if pervasive.") % {"n": limited}
        return Proposal(ConclusionKind.QUALIFIED, rule)
    return Proposal(ConclusionKind.UNMODIFIED, _("No material finding and no scope limitation: unmodified."))


@transaction.atomic
def conclude(engagement: Engagement, *, kind: str, rationale: str, by: User) -> Conclusion:
    """Record the partner's conclusion and its rationale."""
    current = Engagement.objects.locked(engagement.pk)
    check_open(current)
    if kind not in ConclusionKind.values:
        raise Refused(_("Choose one of the four conclusions."))
    if not rationale.strip():
        raise Refused(_("Say why this is the conclusion."))
    decided = {"kind": kind, "rationale": rationale.strip(), "decided_by": by, "decided_at": timezone.now()}
    conclusion, _created = Conclusion.objects.update_or_create(engagement=current, defaults=decided)
    record(
        "conclusion.decided", chain=current.chain, by=by, about=current, facts={"kind": kind}, reason=rationale.strip()
    )
    return conclusion


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
        found.append(Blocker("quality.worked", text))
    return [*found, *blockers_of(GATES[Stage.QUALITY_REVIEW], standing)]


def _worked_on(engagement: Engagement, person: User) -> bool:
    """Whether somebody wrote on a paper of the engagement or signed one."""
    wrote = Revision.objects.filter(workpaper__engagement=engagement, author=person)
    return wrote.exists() or SignOff.objects.filter(workpaper__engagement=engagement, user=person).exists()


def _early(standing: Standing, early: bool, text: str) -> list[Blocker]:  # noqa: FBT001 -- one private condition
    return [Blocker("stage.early", text, standing.url("engagement"))] if early else []
