"""The refusal that verbs raise: a list of reasons in the reader's language."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import ClassVar

from django.utils.functional import Promise

Reason = str | Promise


class Refused(Exception):
    """A verb won't act. `reasons` is what the page prints, `status` what a script is answered."""

    status: ClassVar[int] = HTTPStatus.UNPROCESSABLE_ENTITY

    def __init__(self, *reasons: Reason) -> None:
        super().__init__(*reasons)
        self.reasons: Sequence[str] = [str(reason) for reason in reasons]

    def __str__(self) -> str:
        return " ".join(self.reasons)


class Conflict(Refused):
    """Somebody else saved first: `version` is the current one, `theirs` the current values of the typed fields."""

    def __init__(self, reason: Reason, *, version: int, theirs: dict[str, str]) -> None:
        super().__init__(reason)
        self.version = version
        self.theirs = theirs
