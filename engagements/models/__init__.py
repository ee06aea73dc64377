"""Engagements: one broker, one kind, one period, one team; and the notes on their files."""

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

__all__ = [
    "CLOSED_STAGES",
    "WITHOUT_FILES",
    "Engagement",
    "EngagementQuerySet",
    "Note",
    "NoteQuerySet",
    "ProfileAnswer",
    "Review",
    "Stage",
    "TeamMember",
    "TeamMemberQuerySet",
]
