"""Form fields of the house."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from foundation.web import roc


class RocDateInput(forms.DateInput):
    """A text box that shows 115/11/23."""

    def format_value(self, value: Any) -> str | None:
        return roc.short(value) if isinstance(value, date) else value


class RocDateField(forms.Field):
    """A date typed in 民國 (115/11/23) or ISO (2026-11-23)."""

    widget = RocDateInput
    default_error_messages = {
        "invalid": _("“%(value)s” is not a date. Write it like 115/11/23 or 2026-11-23."),
        "other_year": _("“%(value)s” is not in the ROC years 1 to 199."),
    }

    def to_python(self, value: Any) -> date | None:
        """Return a date or None; a day that doesn't exist is refused with what was typed."""
        if value in self.empty_values:
            return None
        if isinstance(value, date):
            return value
        try:
            return roc.parse(str(value))
        except ValueError as error:
            code = "other_year" if isinstance(error, roc.OtherYear) else "invalid"
            raise ValidationError(self.error_messages[code], code=code, params={"value": value}) from error

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(initial != self.to_python(data))
        except ValidationError:
            return True
