"""Forms of the firm's letter templates."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reports.letter_check import LONGEST, faults
from reports.letter_templates import Place
from signoff.models import LetterTemplate


class TemplateForm(forms.Form):
    """A new version of a template. `seen`: the last version that its author had before them."""

    text = forms.CharField(
        label=LetterTemplate._meta.get_field("text").verbose_name,
        widget=forms.Textarea({"rows": 34, "spellcheck": "false", "class": "wording", "maxlength": LONGEST}),
    )
    reason = forms.CharField(
        label=LetterTemplate._meta.get_field("reason").verbose_name,
        max_length=1000,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": _("Say why the wording is changed.")},
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, place: Place, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.place = place

    def clean_text(self) -> str:
        """The text with plain line ends; refused with every fault at its line."""
        text: str = self.cleaned_data["text"].replace("\r\n", "\n").strip() + "\n"
        if found := faults(text, self.place.kind, self.place.conclusion):
            raise forms.ValidationError(list(map(str, found)))
        return text


class ResetForm(forms.Form):
    """Why the firm goes back to the wording that came with the product."""

    reason = TemplateForm.base_fields["reason"]
    seen = TemplateForm.base_fields["seen"]
