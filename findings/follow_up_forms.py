"""Forms about findings of earlier reports."""

from typing import Any, ClassVar

from django import forms

from findings.following_up import ASSESSED
from findings.forms import ResultField
from findings.models import Finding, FollowUp
from foundation.web.fields import RocDateField
from procedures.models import ProcedureResult


class FollowUpForm(forms.ModelForm):  # type: ignore[type-arg]
    """A finding of a report that isn't in this system."""

    class Meta:
        model = FollowUp
        fields = ("source", "title", "condition", "promised")
        widgets: ClassVar = {
            "condition": forms.Textarea(attrs={"rows": 4}),
            "promised": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].required = True


class AssessmentForm(forms.ModelForm):  # type: ignore[type-arg]
    """Where an earlier finding stands; it carries the version that was read."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    checked_on = RocDateField(label=FollowUp._meta.get_field("checked_on").verbose_name)

    class Meta:
        model = FollowUp
        fields = ASSESSED
        field_classes: ClassVar = {"result": ResultField}
        widgets: ClassVar = {"work": forms.Textarea(attrs={"rows": 5})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        engagement = self.instance.engagement_id
        results = ProcedureResult.objects.filter(workpaper__engagement=engagement).exclude(outcome="")
        fields: dict[str, Any] = self.fields
        fields["result"].queryset = results.select_related("workpaper", "procedure").order_by(
            "workpaper__position", "position"
        )
        fields["repeat"].queryset = Finding.objects.upheld().filter(engagement=engagement).order_by("number")
        for name in ("status", "work"):
            fields[name].required = True

    def over(self, current: FollowUp) -> "AssessmentForm":
        """Return the form with what was typed, ready to be saved over `current`."""
        typed = {name: self.data.get(name, "") for name in ASSESSED}
        return AssessmentForm({**typed, "version": current.version}, instance=current)
