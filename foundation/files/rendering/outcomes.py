"""Why a file can't be shown, as codes that the product words."""

from enum import StrEnum


class Reason(StrEnum):
    """What stands in the way of a preview."""

    UNSUPPORTED = "unsupported"
    ENCRYPTED = "encrypted"
    DAMAGED = "damaged"
    TOO_LARGE = "too_large"
    TOO_LONG = "too_long"
    BROKE = "broke"


class CannotShow(Exception):
    """The file has no pages to show; `reason` says why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason
