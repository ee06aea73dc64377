"""What of this app can't be there without an event of the trail."""

from foundation.trail.verification import Witness
from signoff.models import EngagementSignOff, ReportVersion, Signature


def witnesses() -> list[Witness]:
    """Signatures on the file with its fingerprint, report versions with what was rendered, signatures on reports."""
    signoffs = EngagementSignOff.objects.values_list("pk", "fingerprint")
    reports = ReportVersion.objects.values_list("pk", flat=True)
    rendered = ReportVersion.objects.filter(pdf__isnull=False).values_list("binder__sha256", "pdf__sha256")
    issued = Signature.objects.values_list("binder_sha256", "pdf_sha256")
    return [
        Witness(
            "signoff.EngagementSignOff",
            (f"{pk} {digest}" for pk, digest in signoffs),
            ("file.signed",),
            ("signoff", "fingerprint"),
        ),
        Witness("signoff.ReportVersion", reports, ("report.requested",)),
        Witness("signoff.ReportVersion", map(" ".join, rendered), ("report.rendered",), ("binder", "pdf")),
        Witness("signoff.Signature", map(" ".join, issued), ("report.issued",), ("binder", "pdf")),
    ]
