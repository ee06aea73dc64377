"""Forms of what is told of recurring duties."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from foundation.web.fields import RocDateField
from procedures.duties import Telling
from procedures.models import Occurrence, StatedFrequency
from procedures.stretches import Stretch

Kind = Occurrence.Kind
# What each kind means for the result, said beside the choice.
FOLLOWS: Mapping[str, Promise] = {
    Kind.SEEN: _("counts as evidence"),
    Kind.NOT_PERFORMED: _("asks for the result “exception”"),
    Kind.UNRECORDED: _("asks for the result “exception”"),
    Kind.NOT_PROVIDED: _("stays open: no “no exception” until it is there"),
    Kind.REFUSED: _("asks for “scope limitation” or “exception”"),
}


@dataclass(frozen=True, slots=True)
class Option:
    """One kind as the dialog offers it."""

    value: str
    label: str
    follows: Promise
    is_chosen: bool


class OccurrenceForm(forms.Form):
    """What is told of the occurrence that is expected in `stretch`; `told` is what stands there already."""

    kind = forms.ChoiceField(label=_("What is known"), choices=Kind.choices)
    happened_on = RocDateField(label=_("Day on which it happened"), required=False)
    reason = forms.CharField(label=_("How it is known"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, data: Any, *, stretch: Stretch, told: Occurrence | None) -> None:
        known = {"kind": told.kind, "happened_on": told.happened_on, "reason": told.reason} if told else {}
        super().__init__(data, initial=known)
        self.stretch, self.told = stretch, told

    def clean(self) -> dict[str, Any]:
        """Ask for the day of what was seen; of the other kinds none is kept."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("kind") != Kind.SEEN:
            cleaned["happened_on"] = None
            self.errors.pop("happened_on", None)
        elif not cleaned.get("happened_on") and "happened_on" not in self.errors:
            self.add_error("happened_on", _("Say on which day it happened."))
        return cleaned

    @property
    def telling(self) -> Telling:
        """What was told; the form is valid."""
        return Telling(self.cleaned_data["kind"], self.cleaned_data["reason"], self.cleaned_data["happened_on"])

    @property
    def options(self) -> Iterator[Option]:
        """The kinds, each with what it means for the result."""
        chosen = self["kind"].value()
        for value, label in Kind.choices:
            if value == Kind.SEEN and self.stretch.never_stops:
                continue
            yield Option(value, str(label), FOLLOWS[value], value == chosen)


class FrequencyForm(forms.Form):
    """How often the broker itself does something."""

    frequency = forms.ChoiceField(
        label=_("How often"), choices=StatedFrequency.Frequency.choices, widget=forms.RadioSelect
    )
    source = forms.CharField(label=_("Where it is stated"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
