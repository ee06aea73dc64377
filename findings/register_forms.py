"""Forms of the register: what it is narrowed to, and findings that are judged together."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from findings.grouping import Judgement
from findings.models import AnswerState, Bearing, Finding, FindingGroup, Severity

ANY = ("", _("All"))


class RegisterFilter(forms.Form):
    """Which findings the register shows; what was typed wrong counts as nothing."""

    severity = forms.ChoiceField(label=_("Severity"), required=False, choices=(ANY, *Severity.choices))
    state = forms.ChoiceField(label=_("Response"), required=False, choices=(ANY, *AnswerState.choices))

    @property
    def wanted(self) -> dict[str, str]:
        """What is asked for by name, without what isn't."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class GroupForm(forms.ModelForm):  # type: ignore[type-arg]
    """Findings judged together; only upheld ones of the engagement can be chosen."""

    class Meta:
        model = FindingGroup
        fields = ("members", "title", "because", "severity", "bears")
        widgets: ClassVar = {"members": forms.CheckboxSelectMultiple, "because": forms.Textarea(attrs={"rows": 5})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["bears"].choices = [("", _("As its severity suggests")), *Bearing.choices]  # type: ignore[attr-defined]
        findings = Finding.objects.upheld().filter(engagement=self.instance.engagement_id).select_related("engagement")
        self.fields["members"].queryset = findings.order_by("number")  # type: ignore[attr-defined]

    @property
    def judgement(self) -> Judgement:
        """What the verb takes besides the members."""
        return Judgement(**{name: self.cleaned_data[name] for name in ("title", "because", "severity", "bears")})
