"""How an engagement is loaded for its pages."""

from uuid import UUID

from django.db.models import Prefetch, Subquery
from django.shortcuts import get_object_or_404

from engagements.models import Engagement, TeamMember
from foundation.accounts.models import User
from foundation.trail.models import Chain


def trail_seq(engagement: UUID) -> Subquery:
    """How far the engagement's trail is, to be annotated."""
    return Subquery(Chain.objects.filter(key=Engagement(pk=engagement).chain).values("seq"))


def engagement_with_team(user: User, *, engagement: UUID) -> Engagement:
    """Load an engagement that the person may see, with its team, the names that its pages show, and how far its trail
    is as `seq` (two queries).
    """
    team = Prefetch("team", TeamMember.objects.select_related("user").order_by("started_on", "id"))
    engagements = Engagement.objects.visible_to(user).annotate(seq=trail_seq(engagement))
    related = engagements.select_related("auditee", "firm", "catalogue").prefetch_related(team)
    return get_object_or_404(related, pk=engagement)
