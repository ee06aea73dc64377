"""Workpapers: what is entered on them, what it rests on, who wrote and signed it."""

from .clauses import DeclinedGap, Matrix
from .duties import Occurrence, StatedFrequency
from .library import LibraryEntry, LibraryQuerySet, Phrase, Tickmark
from .papers import (
    CONCLUDING,
    PARTNER_OUTCOMES,
    REASONED,
    TESTED,
    OfEngagementQuerySet,
    Outcome,
    ProcedureResult,
    ResultQuerySet,
    Workpaper,
    WorkpaperQuerySet,
)
from .reviews import Presence, ReviewedPaper
from .sections import TEMPLATES, Section, Template, general_title, index_of
from .signatures import Revision, SignOff
from .supports import Support

__all__ = [
    "CONCLUDING",
    "PARTNER_OUTCOMES",
    "REASONED",
    "TEMPLATES",
    "TESTED",
    "DeclinedGap",
    "LibraryEntry",
    "LibraryQuerySet",
    "Matrix",
    "Occurrence",
    "OfEngagementQuerySet",
    "Outcome",
    "Phrase",
    "Presence",
    "ProcedureResult",
    "ResultQuerySet",
    "ReviewedPaper",
    "Revision",
    "Section",
    "SignOff",
    "StatedFrequency",
    "Support",
    "Template",
    "Tickmark",
    "Workpaper",
    "WorkpaperQuerySet",
    "general_title",
    "index_of",
]
