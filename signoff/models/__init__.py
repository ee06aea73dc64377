"""What the engagement as a whole is signed with: its conclusion, its letters, its signatures, its report versions."""

from signoff.models.conclusions import Conclusion, ConclusionKind, EngagementSignOff, Pervasive
from signoff.models.issued import Reissue, ReportRelease, ReportReturn, ReportWithdrawal, ScannedReport
from signoff.models.letters import LetterTemplate
from signoff.models.reports import ASSEMBLY, Cosigner, ReportVersion, Signature
from signoff.models.representations import RepresentationLetter, SignedRepresentation

__all__ = [
    "ASSEMBLY",
    "Conclusion",
    "ConclusionKind",
    "Cosigner",
    "EngagementSignOff",
    "LetterTemplate",
    "Pervasive",
    "Reissue",
    "ReportRelease",
    "ReportReturn",
    "ReportVersion",
    "ReportWithdrawal",
    "RepresentationLetter",
    "ScannedReport",
    "Signature",
    "SignedRepresentation",
]
