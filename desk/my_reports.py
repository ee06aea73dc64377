"""Reports that wait for a partner: to be signed as second signer, or answered for after their return."""

from django.db.models import Q

from engagements.models import Stage, TeamMember
from foundation.accounts.models import User
from foundation.accounts.policy import Role
from signoff.models import ReportReturn, ReportVersion, Signature

State = ReportVersion.State


def reports_to_cosign(user: User) -> list[ReportVersion]:
    """The final versions, the newest of each engagement, that this second signer hasn't signed yet (one query)."""
    if user.role != Role.PARTNER:
        return []
    rendered = ReportVersion.objects.visible_to(user).filter(
        engagement__cosigner__user=user, engagement__stage=Stage.QUALITY_REVIEW, final=True, state=State.RENDERED
    )
    waiting = rendered.exclude(pk__in=Signature.objects.filter(user=user).values("report"))
    newest = {
        report.engagement_id: report for report in waiting.select_related("engagement__auditee").order_by("number")
    }
    return list(newest.values())


def returns_to_answer(user: User) -> list[ReportReturn]:
    """What the exchange returned of the reports that this partner signed, the oldest first (one query)."""
    if user.role != Role.PARTNER:
        return []
    # The quality reviewer is a partner too, and sees it, but doesn't answer.
    led = TeamMember.objects.current().of(user).filter(role=Role.PARTNER).values("engagement")
    signed = Q(engagement__in=led) | Q(engagement__cosigner__user=user)
    mine = ReportVersion.objects.visible_to(user).filter(signed).exclude(state=State.SUPERSEDED)
    open_ones = ReportReturn.objects.filter(answered_at=None, report__in=mine)
    return list(open_ones.select_related("report__engagement__auditee").order_by("returned_at"))
