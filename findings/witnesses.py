"""What of this app and the trail vouch for one another."""

from findings.actions import RESPONDED, digest
from findings.models import Finding, FindingLink
from foundation.trail.witnesses import Witness


def witnesses() -> list[Witness]:
    """Findings, each with its words and management's as they were last saved; withdrawals with reasons; links."""
    return [
        Witness(
            Finding.objects.all(),
            ("finding.raised", "finding.saved"),
            told={"facts.digest": digest, "facts.response": lambda finding: digest(finding, RESPONDED)},
        ),
        Witness(
            Finding.objects.exclude(withdrawn_at=None),
            ("finding.withdrawn",),
            told={
                "reason": lambda finding: finding.withdrawn_because,
                "actor.id": lambda finding: finding.withdrawn_by_id,
            },
        ),
        Witness(
            FindingLink.objects.select_related("finding", "result"),
            ("finding.linked",),
            about="result__workpaper_id",
            fact="link",
            told={
                "facts.finding": lambda link: link.finding.label,
                "facts.result": lambda link: link.result_id,
            },
            ended=("finding.unlinked",),
        ),
    ]
