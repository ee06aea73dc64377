"""What of this app can't be there without an event of the trail."""

from findings.models import Finding
from foundation.trail.verification import Witness


def witnesses() -> list[Witness]:
    """Findings."""
    return [Witness("findings.Finding", Finding.objects.values_list("pk", flat=True), ("finding.raised",))]
