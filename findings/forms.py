"""Forms about findings."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from findings.models import Finding
from foundation.web.fields import RocDateField
from procedures.models import ProcedureResult


class FindingForm(forms.ModelForm):  # type: ignore[type-arg]
    """What a finding says (TPEx rules, article 22)."""

    class Meta:
        model = Finding
        fields = ("title", "condition", "criterion", "severity", "type", "risk", "recommendation")


class Versioned(forms.Form):
    """Remembers which version its texts were read from."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class WordingForm(Versioned, FindingForm):
    """The wording of a finding that exists."""


class ResponseForm(Versioned, forms.ModelForm):  # type: ignore[type-arg]
    """What management answered, as recorded by the team."""

    response_due = RocDateField(label=Finding._meta.get_field("response_due").verbose_name, required=False)

    class Meta:
        model = Finding
        fields = ("response", "response_owner", "response_due")


class ResultField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A choice among results, named by paper, number and the procedure's words."""

    def label_from_instance(self, obj: Any) -> str:
        """C-3.8.2 procedure 3: 檢查公司是否每半年…"""
        words = obj.procedure.text
        return _("%(index)s procedure %(no)d: %(text)s") % {
            "index": obj.workpaper.index,
            "no": obj.position,
            "text": words if len(words) <= 36 else f"{words[:35]}…",
        }


class LinkForm(forms.Form):
    """Which result a finding is tied to or untied from; only what `results` holds can be chosen."""

    result = ResultField(
        label=gettext_lazy("Another exception"),
        empty_label=gettext_lazy("Choose an exception"),
        queryset=ProcedureResult.objects.none(),
    )

    def __init__(self, *args: Any, results: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["result"].queryset = results  # type: ignore[attr-defined]  # a ModelChoiceField
