"""What of this app can't be there without an event of the trail."""

from engagements.models import Engagement, Note
from foundation.trail.verification import Witness


def witnesses() -> list[Witness]:
    """Engagements, and review notes with their replies."""
    return [
        Witness("engagements.Engagement", Engagement.objects.values_list("pk", flat=True), ("engagement.created",)),
        Witness("engagements.Note", Note.objects.values_list("pk", flat=True), ("note.written", "note.answered")),
    ]
