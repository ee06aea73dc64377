"""Forms of the sign-off pages."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from signoff.models import Conclusion, ConclusionKind, Pervasive


class ReasonForm(forms.Form):
    """Why an engagement is sent back."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why the engagement goes back.")},
    )


class WithdrawalForm(forms.Form):
    """Why the firm withdraws from an engagement."""

    why = forms.CharField(
        label=_("Why"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why the engagement is withdrawn.")},
    )


class ConclusionForm(forms.Form):
    """The partner's conclusion and why it is this one. `asks`: the answers on pervasiveness, where that is asked."""

    field_order = ("pervasive", "pervasive_because", "kind", "rationale", "departure")

    kind = forms.ChoiceField(
        label=_("Conclusion"),
        choices=ConclusionKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the four conclusions.")},
    )
    rationale = forms.CharField(
        label=_("Rationale"),
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Findings one by one and together, after compensating controls."),
        error_messages={"required": _("Say why this is the conclusion.")},
    )
    pervasive = forms.ChoiceField(
        label=_("Is it pervasive?"),
        choices=Pervasive.choices,
        required=False,
        widget=forms.RadioSelect,
        help_text=_("Pervasive: not confined to some controls, or so many of them that the whole is affected."),
    )
    pervasive_because = forms.CharField(
        label=Conclusion._meta.get_field("pervasive_because").verbose_name,
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    departure = forms.CharField(
        label=Conclusion._meta.get_field("departure").verbose_name,
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Required where the decision is another than the rules propose; left out where it is the same."),
    )

    def __init__(self, *args: Any, asks: Sequence[Pervasive] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if asks:
            self.fields["pervasive"].choices = [(each.value, each.label) for each in asks]  # type: ignore[attr-defined]
        else:
            del self.fields["pervasive"], self.fields["pervasive_because"]
