"""What of this app can't be there without an event of the trail."""

from foundation.trail.verification import Witness
from procedures.models import ProcedureResult, SignOff


def witnesses() -> list[Witness]:
    """Results that somebody entered, and each sign-off with the content hash that it was given on."""
    entered = ProcedureResult.objects.filter(saved_at__isnull=False)
    signoffs = SignOff.objects.values_list("pk", "content_hash")
    roles = [f"workpaper.{role}" for role in SignOff.Role]
    return [
        Witness("procedures.ProcedureResult", entered.values_list("pk", flat=True), ("result.saved",), ("result",)),
        Witness("procedures.SignOff", (f"{pk} {digest}" for pk, digest in signoffs), roles, ("signoff", "hash")),
    ]
