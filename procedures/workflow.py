"""How a paper comes to be and is signed: opened, prepared, reviewed, approved; each signature on one content version."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from controls.models import ControlPoint, Procedure
from engagements.models import Engagement, Note, TeamMember
from foundation.accounts.models import User
from foundation.accounts.policy import RANK
from foundation.trail.actions import record
from foundation.web.blockers import Blocker, refuse
from procedures.actions import locked
from procedures.content import content_hash
from procedures.models import PARTNER_OUTCOMES, Outcome, ProcedureResult, Revision, SignOff, Workpaper
from procedures.validators import unfinished

SignedAs = SignOff.Role


def open_papers(engagement: Engagement, *, not_applicable: Mapping[int, str]) -> list[Workpaper]:
    """Create a paper per control point and a result per procedure.

    `not_applicable` maps the procedures that the profile switches off to the reason: their results start as 不適用,
    to be signed and reviewed like any other.
    """
    points = ControlPoint.objects.filter(version=engagement.catalogue_id).order_by("position")
    papers = Workpaper.objects.bulk_create(
        [
            Workpaper(engagement=engagement, control_point=point, code=point.code, position=point.position)
            for point in points
        ]
    )
    paper_of = {paper.control_point_id: paper for paper in papers}
    ProcedureResult.objects.bulk_create(
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
    return papers


def needs_partner(workpaper: Workpaper) -> bool:
    """Whether the partner signs this paper too: exceptions, scope limitations, 尚未運作, or a control wholly N/A."""
    outcomes = set(workpaper.results.values_list("outcome", flat=True))
    return bool(outcomes & PARTNER_OUTCOMES) or outcomes == {Outcome.NOT_APPLICABLE}


def blockers(workpaper: Workpaper, role: SignOff.Role, *, by: User) -> list[Blocker]:
    """Return why `by` can't sign this paper in this role now; empty when they can."""
    check = {SignedAs.PREPARED: _not_prepared, SignedAs.REVIEWED: _not_reviewable, SignedAs.APPROVED: _not_approvable}
    signed = list(workpaper.signoffs.filter(content_version=workpaper.content_version))
    found = [
        *(
            [Blocker("signoff.done", _("This content is signed in this role already."))]
            if any(signoff.role == role for signoff in signed)
            else []
        ),
        *check[SignedAs(role)](workpaper, by, signed),
    ]
    if role != SignedAs.PREPARED and any(signoff.user_id == by.pk for signoff in signed):
        found.append(Blocker("signoff.self", _("Nobody signs the same content twice.")))
    return found


def _not_prepared(workpaper: Workpaper, by: User, signed: list[SignOff]) -> list[Blocker]:
    return unfinished(workpaper)


def _not_reviewable(workpaper: Workpaper, by: User, signed: list[SignOff]) -> list[Blocker]:
    preparer = next((signoff.user_id for signoff in signed if signoff.role == SignedAs.PREPARED), None)
    if preparer is None:
        return [Blocker("signoff.unprepared", _("The paper isn't signed as prepared at its current content."))]
    found = []
    if by.pk in authors(workpaper):
        found.append(Blocker("signoff.author", _("Whoever wrote on a paper doesn't review it.")))
    if _rank(workpaper, by.pk) < _rank(workpaper, preparer):
        found.append(Blocker("signoff.rank", _("A reviewer's rank is at least the preparer's.")))
    if Note.objects.filter(anchor_id=workpaper.pk, parent=None, resolved_at=None).exists():
        found.append(Blocker("note.open", _("Review notes on this paper are open."), "#notes"))
    return found


def _not_approvable(workpaper: Workpaper, by: User, signed: list[SignOff]) -> list[Blocker]:
    if not any(signoff.role == SignedAs.REVIEWED for signoff in signed):
        return [Blocker("signoff.unreviewed", _("The paper isn't reviewed at its current content."))]
    return []


def authors(workpaper: Workpaper) -> set[object]:
    """Return who wrote on the paper since it was last reviewed."""
    last = workpaper.signoffs.filter(role=SignedAs.REVIEWED).order_by("-content_version").first()
    since = last.content_version if last else 0
    revisions = Revision.objects.filter(workpaper=workpaper, content_version__gt=since)
    return set(revisions.values_list("author", flat=True).distinct().order_by())


def _rank(workpaper: Workpaper, user_id: object) -> int:
    """Return a person's rank on the team, also of one who has left it."""
    roles = TeamMember.objects.filter(engagement=workpaper.engagement_id, user=user_id).values_list("role", flat=True)
    return max((RANK[role] for role in roles), default=0)


@transaction.atomic
def sign_off(workpaper: Workpaper, role: SignOff.Role, *, content_version: int, by: User) -> SignOff:
    """Sign the paper's current content in a role; refused with the reasons when the gate is shut.

    `content_version` is what the signer was looking at: if the paper changed since, nothing is signed.
    """
    paper = locked(workpaper.pk)
    if paper.content_version != content_version:
        refuse([Blocker("content.changed", _("The paper changed while you were reading it. Look at it again."))])
    refuse(blockers(paper, role, by=by))
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
