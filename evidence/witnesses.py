"""What of this app can't be there without an event of the trail."""

from evidence.models import Evidence
from foundation.trail.verification import Witness


def witnesses() -> list[Witness]:
    """Pieces of evidence, and the hashes of their files as they were when they came in."""
    hashes = Evidence.objects.values_list("file__sha256", flat=True)
    return [
        Witness("evidence.Evidence", Evidence.objects.values_list("pk", flat=True), ("evidence.received",)),
        Witness("files.StoredFile", hashes, ("evidence.received",), ("sha256",)),
    ]
