"""Why bytes aren't taken, where a script must tell it from other refusals."""

from http import HTTPStatus
from typing import ClassVar

from django.utils.translation import gettext as _

from foundation.web.refusals import Reason, Refused


class TooLarge(Refused):
    """More than this installation, or this engagement, takes."""

    status: ClassVar[int] = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


class NoRoom(Refused):
    """The disk is full, or would have too little left."""

    status: ClassVar[int] = HTTPStatus.INSUFFICIENT_STORAGE

    def __init__(self) -> None:
        super().__init__(_("The server has no room left; nothing was stored. Tell whoever operates it."))


class OutOfStep(Refused):
    """The chunk isn't the one that comes next; `received` bytes are here, so the sender knows where to go on."""

    status: ClassVar[int] = HTTPStatus.CONFLICT

    def __init__(self, received: int) -> None:
        super().__init__(_("This part was received already."))
        self.received = received


class BadChunk(Refused):
    """What is said of a chunk, or what came, can't be right; nothing of it is kept. `status` says what is wrong."""

    def __init__(self, reason: Reason, status: int = HTTPStatus.UNPROCESSABLE_ENTITY) -> None:
        super().__init__(reason)
        self.status = status  # type: ignore[misc]  # of this one refusal, not of its kind
