"""Engagements: one broker, one kind, one period, one team; their acceptance, their plan, the notes on their files."""

from .acceptance import Acceptance, Declaration, EngagementLetter
from .engagements import (
    CLOSED_STAGES,
    WITHOUT_FILES,
    Engagement,
    EngagementQuerySet,
    ProfileAnswer,
    Stage,
    TeamMember,
    TeamMemberQuerySet,
)
from .notes import Note, NoteQuerySet, Review
from .planning import AreaRisk, PlanApproval, RiskLevel

__all__ = [
    "CLOSED_STAGES",
    "WITHOUT_FILES",
    "Acceptance",
    "AreaRisk",
    "Declaration",
    "Engagement",
    "EngagementLetter",
    "EngagementQuerySet",
    "Note",
    "NoteQuerySet",
    "PlanApproval",
    "ProfileAnswer",
    "Review",
    "RiskLevel",
    "Stage",
    "TeamMember",
    "TeamMemberQuerySet",
]
