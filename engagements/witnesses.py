"""What of this app and the trail vouch for one another."""

from operator import attrgetter

from engagements.models import Engagement, Note
from foundation.trail.witnesses import Witness


def witnesses() -> list[Witness]:
    """Engagements, and review notes with their replies by their authors."""
    author = {"actor.id": attrgetter("author_id")}
    return [
        Witness(Engagement.objects.all(), ("engagement.created",)),
        Witness(Note.objects.filter(parent=None), ("note.written",), told=author),
        Witness(Note.objects.exclude(parent=None), ("note.answered",), told=author),
    ]
