"""Forms about findings."""

from django import forms

from findings.models import Finding
from foundation.web.fields import RocDateField


class FindingForm(forms.ModelForm):  # type: ignore[type-arg]
    """What a finding says (TPEx rules, article 22)."""

    class Meta:
        model = Finding
        fields = ("title", "condition", "criterion", "severity", "type", "risk", "recommendation")


class ResponseForm(forms.ModelForm):  # type: ignore[type-arg]
    """What management answered, as recorded by the team."""

    response_due = RocDateField(label=Finding._meta.get_field("response_due").verbose_name, required=False)  # noqa: SLF001

    class Meta:
        model = Finding
        fields = ("response", "response_owner", "response_due")
