"""What the engagement as a whole is signed with: its conclusion, its signatures, its report versions."""

from signoff.models.conclusions import Conclusion, ConclusionKind, EngagementSignOff
from signoff.models.issued import Reissue, ReportRelease, ReportReturn, ReportWithdrawal, ScannedReport
from signoff.models.reports import ASSEMBLY, Cosigner, ReportVersion, Signature

__all__ = [
    "ASSEMBLY",
    "Conclusion",
    "ConclusionKind",
    "Cosigner",
    "EngagementSignOff",
    "Reissue",
    "ReportRelease",
    "ReportReturn",
    "ReportVersion",
    "ReportWithdrawal",
    "ScannedReport",
    "Signature",
]
