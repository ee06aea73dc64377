"""What is kept of findings: words and weight, what management was told and said, what became of earlier ones."""

from findings.models.findings import (
    Bearing,
    Finding,
    FindingLink,
    FindingQuerySet,
    FindingType,
    Obligation,
    Severity,
    bearing_of,
)
from findings.models.followups import FollowUp
from findings.models.groups import FindingGroup
from findings.models.releases import AnswerState, FindingRelease, ManagementResponse

__all__ = [
    "AnswerState",
    "Bearing",
    "Finding",
    "FindingGroup",
    "FindingLink",
    "FindingQuerySet",
    "FindingRelease",
    "FindingType",
    "FollowUp",
    "ManagementResponse",
    "Obligation",
    "Severity",
    "bearing_of",
]
