"""What of this app and the trail vouch for one another."""

from findings.actions import digest
from findings.models import Finding
from foundation.trail.witnesses import Witness


def witnesses() -> list[Witness]:
    """Findings, each as it was worded when it was raised or last saved."""
    return [Witness(Finding.objects.all(), ("finding.raised", "finding.saved"), told={"facts.digest": digest})]
