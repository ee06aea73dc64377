"""How the time of evidence is typed: first its kind, then only the days that this kind has."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from evidence.models import Evidence
from evidence.times import Covered
from foundation.web import roc
from foundation.web.fields import RocDateField
from foundation.web.refusals import Refused

Nature = Evidence.Nature
# As somebody says it who hands a file in and knows nothing of audits.
IN_PLAIN_WORDS = (
    (Nature.OCCURRENCE.value, _("Something that was done on a day, or on several")),
    (Nature.SPAN.value, _("A record of a period")),
    (Nature.STATE.value, _("How something stood on a day: settings, a list, rules in force")),
)
MOST_DAYS = 400  # of one piece: more than once a day in a year is a record of a period
TIME = ("nature", "covered_from", "covered_to", "dates")


class DaysInput(forms.TextInput):
    """A text box that shows days as 115/03/31、115/06/30."""

    def format_value(self, value: Any) -> str | None:
        return "、".join(map(roc.short, value)) if isinstance(value, list) else value


class DaysField(forms.Field):
    """Days in 民國 or ISO, parted by 、, commas, semicolons or blanks."""

    widget = DaysInput
    default_error_messages = {"most": _("These are too many days; a record of a period says the same.")}

    def to_python(self, value: Any) -> list[date]:
        """Return the days as they were typed; one that isn't a day is refused with what was typed."""
        texts = [text for text in re.split(r"[\s、，,；;]+", str(value or "")) if text]
        if len(texts) > MOST_DAYS:
            raise ValidationError(self.error_messages["most"], code="most")
        one = RocDateField()
        return [one.clean(text) for text in texts]


class TimeForm(forms.Form):
    """The kind of time with its days. Asked for by `covered`, as not every form that has it needs it."""

    nature = forms.ChoiceField(
        label=_("Which time is it about?"), choices=IN_PLAIN_WORDS, widget=forms.RadioSelect, required=False
    )
    covered_from = RocDateField(label=_("Day, or covers from"), required=False)
    covered_to = RocDateField(label=_("to"), required=False)
    dates = DaysField(label=_("Further days"), required=False)

    def covered_by(self, values: Mapping[str, Any], of: str) -> Covered:
        """Make the time of these values, of the file so called; ValidationError by field where something lacks."""
        nature, first, last = values["nature"], values["covered_from"], values["covered_to"]
        if not nature:
            raise ValidationError({"nature": _("Say which kind of time “%(name)s” is about.") % {"name": of}})
        if first is None:
            text = _("Say which day or period “%(name)s” speaks about.") % {"name": of}
            raise ValidationError({"covered_from": text})
        if nature == Nature.OCCURRENCE:
            return Covered.on(first, *values["dates"])
        if nature == Nature.STATE:
            return Covered.state(first)
        if last is None:
            raise ValidationError({"covered_to": _("Say until when “%(name)s” covers.") % {"name": of}})
        try:
            return Covered.span(first, last)
        except Refused as refusal:
            raise ValidationError({"covered_to": list(refusal.reasons)}) from refusal
