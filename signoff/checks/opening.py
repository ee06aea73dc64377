"""What has to be known before papers are opened, and before they are reviewed: the team, the profile, the events."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from controls.models import Condition
from engagements.models import ProfileAnswer
from foundation.accounts.policy import Role
from foundation.web.blockers import Blocker
from signoff.standing import Standing


def named(standing: Standing) -> list[Blocker]:
    """Return which of partner and quality reviewer nobody is."""
    roles = {member.role for member in standing.engagement.team.all() if member.is_current}
    wanted = {
        Role.PARTNER: _("No partner is named."),
        Role.EQR: _("No quality reviewer is named."),
    }
    return [
        Blocker(f"team.{role}", text, standing.url("engagement-team"))
        for role, text in wanted.items()
        if role not in roles
    ]


def partner_named(standing: Standing) -> list[Blocker]:
    """Return whether nobody is the partner."""
    return [blocker for blocker in named(standing) if blocker.kind == f"team.{Role.PARTNER}"]


def _unanswered(standing: Standing, kinds: tuple[Any, ...]) -> list[Blocker]:
    answered = ProfileAnswer.objects.filter(engagement=standing.engagement).values("condition")
    conditions = Condition.objects.filter(version=standing.engagement.catalogue_id, kind__in=kinds)
    number = conditions.exclude(pk__in=answered).count()
    text = ngettext(
        "%(n)d condition of the profile isn't answered.", "%(n)d conditions of the profile aren't answered.", number
    )
    return [Blocker("profile.unanswered", text % {"n": number}, standing.url("engagement-profile"))] if number else []


def profile_answered(standing: Standing) -> list[Blocker]:
    """Return how many facts and choices of the profile are unanswered."""
    return _unanswered(standing, (Condition.Kind.PROFILE, Condition.Kind.CHOICE))


def events_answered(standing: Standing) -> list[Blocker]:
    """Return how many of the period's events are unanswered."""
    return _unanswered(standing, (Condition.Kind.EVENT,))
