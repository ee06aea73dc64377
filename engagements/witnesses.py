"""What of this app and the trail vouch for one another."""

from operator import attrgetter

from engagements.actions import text_digest
from engagements.models import Engagement, Note, ProfileAnswer, TeamMember
from foundation.trail.witnesses import Told, Witness


def witnesses() -> list[Witness]:
    """Engagements, who came to their teams and left, the profile's answers, review notes with their replies."""
    return [*_engagements(), *_notes()]


def _engagements() -> list[Witness]:
    created = {
        "facts.kind": attrgetter("kind"),
        "facts.auditee": attrgetter("auditee.tax_id"),
        "facts.catalogue": attrgetter("catalogue.key"),
    }
    member = {"facts.user": attrgetter("user_id")}
    answered = {
        "facts.applies": attrgetter("applies"),
        "reason": attrgetter("reason"),
        "actor.id": attrgetter("answered_by_id"),
    }
    return [
        Witness(Engagement.objects.select_related("auditee", "catalogue"), ("engagement.created",), told=created),
        Witness(TeamMember.objects.all(), ("member.joined",), told=member | {"facts.role": attrgetter("role")}),
        Witness(TeamMember.objects.exclude(ended_on=None), ("member.left",), told=member),
        Witness(
            ProfileAnswer.objects.all(), ("profile.answered",), about="engagement_id", fact="answer", told=answered
        ),
    ]


def _notes() -> list[Witness]:
    written: Told = {"facts.digest": text_digest, "actor.id": attrgetter("author_id")}
    return [
        Witness(Note.objects.published().filter(parent=None), ("note.written",), told=written),
        Witness(Note.objects.published().exclude(parent=None), ("note.answered",), told=written),
        Witness(
            Note.objects.exclude(resolved_at=None), ("note.resolved",), told={"actor.id": attrgetter("resolved_by_id")}
        ),
    ]
