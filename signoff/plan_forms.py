"""What is typed on the plan."""

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements.models import RiskLevel


class RiskForm(forms.Form):
    """The risk of one area, and why."""

    level = forms.ChoiceField(
        choices=RiskLevel.choices, error_messages={"required": _("Choose low, moderate or high.")}
    )
    why = forms.CharField(required=False, max_length=1000)
