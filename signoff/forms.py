"""Forms of the sign-off pages."""

from django import forms
from django.utils.translation import gettext_lazy as _

from signoff.models import ConclusionKind


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
    """The partner's conclusion and why it is this one."""

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
