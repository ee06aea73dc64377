"""What keeps a report from being issued, as typed facts that pages print and the gate enforces."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _


class Cause(StrEnum):
    NO_CONCLUSION = "no_conclusion"
    NO_BASIS = "no_basis"
    FORM_UNDECIDED = "form_undecided"
    PLACEHOLDER_UNFILLED = "placeholder_unfilled"
    GLYPH_MISSING = "glyph_missing"
    TEXT_TOO_LONG = "text_too_long"
    RESULT_MISSING = "result_missing"
    SCOPE_UNFILLED = "scope_unfilled"


@dataclass(frozen=True, slots=True)
class Problem:
    """`subject` is the placeholder, character or conclusion at fault; `where` the paper or finding, if any."""

    cause: Cause
    subject: str = ""
    where: str = ""

    def __str__(self) -> str:
        text = _MESSAGES[self.cause]() % {"subject": self.subject}
        return f"{self.where}: {text}" if self.where else text


_MESSAGES = {
    Cause.NO_CONCLUSION: lambda: _("The conclusion has not been decided."),
    Cause.NO_BASIS: lambda: _("A qualified conclusion needs its basis: a deficiency, a scope limitation, or both."),
    Cause.FORM_UNDECIDED: lambda: _("The partner hasn't accepted it as a direct or an attestation engagement."),
    Cause.PLACEHOLDER_UNFILLED: lambda: _("The report letter needs “%(subject)s”."),
    Cause.GLYPH_MISSING: lambda: _("The report's typeface has no character %(subject)s."),
    Cause.TEXT_TOO_LONG: lambda: _("A text of %(subject)s characters is too long to print."),
    Cause.SCOPE_UNFILLED: lambda: _("The chapter on the scope needs “%(subject)s”."),
    Cause.RESULT_MISSING: lambda: _("%(subject)s procedures have no result."),
}
