"""What the engagement as a whole is signed with: its conclusion, its signatures, its report versions."""

from signoff.models.conclusions import Conclusion, ConclusionKind, EngagementSignOff
from signoff.models.reports import ASSEMBLY, ReportVersion, Signature

__all__ = ["ASSEMBLY", "Conclusion", "ConclusionKind", "EngagementSignOff", "ReportVersion", "Signature"]
