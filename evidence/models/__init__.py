"""What the auditee is asked for, what was handed over, and where results cite it."""

from .citations import WHOLE, Citation
from .pieces import Evidence, EvidenceDecision, EvidenceQuerySet, Viewing
from .requests import Request, RequestQuerySet

__all__ = [
    "WHOLE",
    "Citation",
    "Evidence",
    "EvidenceDecision",
    "EvidenceQuerySet",
    "Request",
    "RequestQuerySet",
    "Viewing",
]
