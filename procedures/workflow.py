"""How a paper is opened and signed: prepared, reviewed, approved; each signature on one content version."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from controls.models import ControlPoint, Procedure
from engagements.models import Engagement
from foundation.accounts.models import User
from foundation.trail.actions import record
from foundation.trail.hashing import JSON
from foundation.web.blockers import Blocker, refuse
from procedures.actions import locked
from procedures.content import content_hash
from procedures.gates import Standing, blockers
from procedures.models import Outcome, ProcedureResult, SignOff, Workpaper
from procedures.queries import ASKS_PARTNER
from procedures.risk import in_high_risk
from procedures.untouched import OPENED, SWITCHED_OFF, reason_digest

CONTROLS_FROM = 1000  # positions before it are those of the general papers of sections A and B


def open_papers(engagement: Engagement, *, not_applicable: Mapping[int, str], by: User) -> list[Workpaper]:
    """Create a paper per control point and a result per procedure; called inside the verb that opens fieldwork.

    `not_applicable` maps the procedures that the profile switches off to the reason: their results start as 不適用,
    to be signed and reviewed like any other. The trail tells which they are.
    """
    points = ControlPoint.objects.filter(version=engagement.catalogue_id).order_by("position")
    papers = Workpaper.objects.bulk_create(
        [
            Workpaper(
                engagement=engagement, control_point=point, code=point.code, position=CONTROLS_FROM + point.position
            )
            for point in points
        ]
    )
    paper_of = {paper.control_point_id: paper for paper in papers}
    results = ProcedureResult.objects.bulk_create(
        [
            ProcedureResult(
                workpaper=paper_of[procedure.point_id],
                procedure=procedure,
                position=procedure.no,
                outcome=Outcome.NOT_APPLICABLE if procedure.pk in not_applicable else "",
                reason=not_applicable.get(procedure.pk, ""),
            )
            for procedure in Procedure.objects.filter(point__version=engagement.catalogue_id)
        ]
    )
    switched_off = {str(result.pk): reason_digest(result) for result in results if result.outcome}
    facts: dict[str, JSON] = {"papers": len(papers), SWITCHED_OFF: switched_off}
    record(OPENED, chain=engagement.chain, by=by, about=engagement, facts=facts)
    return papers


def needs_partner(workpaper: Workpaper) -> bool:
    """Whether the partner signs this paper too: exceptions, scope limitations, 尚未運作, departures, a control wholly
    N/A, or an area of high risk.
    """
    high = Workpaper.objects.filter(in_high_risk(), pk=workpaper.pk)
    if workpaper.results.filter(ASKS_PARTNER).exists() or high.exists():
        return True
    return not workpaper.is_general and not workpaper.results.exclude(outcome=Outcome.NOT_APPLICABLE).exists()


@transaction.atomic
def sign_off(workpaper: Workpaper, role: SignOff.Role, *, content_version: int, by: User) -> SignOff:
    """Sign the paper's current content in a role; refused with the reasons when the gate is shut.

    `content_version` is what the signer was looking at: if the paper changed since, nothing is signed. Whoever
    presses the button twice gets the signature that they gave.
    """
    paper = locked(workpaper.pk, by=by)
    if paper.content_version != content_version:
        refuse([Blocker("content.changed", _("The paper changed while you were reading it. Look at it again."))])
    if given := paper.signoffs.filter(role=role, user=by, content_version=content_version).first():
        return given
    refuse(blockers(Standing(paper), role, by=by))
    signoff = SignOff.objects.create(
        workpaper=paper, role=role, user=by, content_version=paper.content_version, content_hash=content_hash(paper)
    )
    record(
        f"workpaper.{role}",
        chain=paper.engagement.chain,
        by=by,
        about=paper,
        facts={"signoff": signoff.pk, "content": signoff.content_version, "hash": signoff.content_hash},
    )
    return signoff
