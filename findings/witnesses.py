"""What of this app and the trail vouch for one another."""

from collections.abc import Callable
from typing import Any

from findings.following_up import ASSESSED, ENTERED, follow_up_digest
from findings.grouping import group_digest
from findings.models import Finding, FindingGroup, FindingLink, FindingRelease, FollowUp, ManagementResponse
from findings.releasing import release_facts
from findings.responding import response_facts
from findings.words import JUDGED, digest
from foundation.trail.hashing import JSON
from foundation.trail.witnesses import Witness


def witnesses() -> list[Witness]:
    """Findings with their words and weight, withdrawals, links; what management was told and said; earlier findings."""
    return [*_of_findings(), *_of_the_broker(), *_of_what_follows()]


def _of_findings() -> list[Witness]:
    return [
        Witness(
            Finding.objects.all(),
            ("finding.raised", "finding.saved"),
            told={"facts.digest": digest, "facts.judged": lambda finding: digest(finding, JUDGED)},
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


def _of_the_broker() -> list[Witness]:
    told_of_releases = ("number", "digest", "due_on", "asks")
    told_of_answers = ("answer", "release", "digest")
    return [
        Witness(
            FindingRelease.objects.all(),
            ("finding.released",),
            about="finding_id",
            fact="release",
            told={f"facts.{name}": _fact(release_facts, name) for name in told_of_releases}
            | {"actor.id": lambda release: release.released_by_id},
        ),
        Witness(
            ManagementResponse.objects.select_related("release"),
            ("finding.answered",),
            about="release__finding_id",
            fact="response",
            told={f"facts.{name}": _fact(response_facts, name) for name in told_of_answers}
            | {"actor.id": lambda response: response.recorded_by_id},
        ),
    ]


def _of_what_follows() -> list[Witness]:
    return [
        Witness(
            FindingGroup.objects.prefetch_related("members"),
            ("finding.grouped",),
            told={"facts.digest": group_digest, "actor.id": lambda group: group.saved_by_id},
            ended=("finding.ungrouped",),
        ),
        Witness(
            FollowUp.objects.all(),
            ("followup.added",),
            told={
                "facts.digest": lambda row: follow_up_digest(row, ENTERED),
                "actor.id": lambda row: row.added_by_id,
            },
        ),
        Witness(
            FollowUp.objects.exclude(status=""),
            ("followup.assessed",),
            told={
                "facts.digest": lambda row: follow_up_digest(row, ASSESSED),
                "actor.id": lambda row: row.assessed_by_id,
            },
        ),
    ]


def _fact(facts: Callable[[Any], dict[str, JSON]], name: str) -> Callable[[Any], JSON]:
    """Return what a row says of one fact, by the function that its event was told with."""
    return lambda row: facts(row)[name]
