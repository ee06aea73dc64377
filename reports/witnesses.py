"""What of this app and the trail vouch for one another."""

from operator import attrgetter

from foundation.trail.witnesses import Told, Witness
from reports.actions import digest
from reports.models import LetterEntries


def witnesses() -> list[Witness]:
    """What was last entered for each report's letter, and who did."""
    told: Told = {"facts.entries": digest, "actor.id": attrgetter("saved_by_id")}
    return [Witness(LetterEntries.objects.all(), ("letter.saved",), told=told)]
