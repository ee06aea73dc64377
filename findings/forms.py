"""Forms about findings."""

from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from findings.models import Bearing, Finding
from findings.words import JUDGED
from foundation.web.fields import RocDateField
from procedures.models import ProcedureResult


class FindingForm(forms.ModelForm):  # type: ignore[type-arg]
    """What a finding says (TPEx rules, article 22)."""

    class Meta:
        model = Finding
        fields = ("title", "condition", "criterion", "severity", "type", "risk", "recommendation")


class ResultField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A choice among results, named by paper, number and the procedure's words."""

    def label_from_instance(self, obj: Any) -> str:
        """C-3.8.2 procedure 3: 檢查公司是否每半年…"""
        words = obj.wording
        return _("%(index)s procedure %(no)d: %(text)s") % {
            "index": obj.workpaper.index,
            "no": obj.position,
            "text": words if len(words) <= 36 else f"{words[:35]}…",
        }


def retests_of(finding: Finding) -> QuerySet[ProcedureResult]:
    """Return where a remedy can have been retested: what has a result on the papers that the finding comes from."""
    papers = finding.links.values("result__workpaper")
    results = ProcedureResult.objects.filter(workpaper__in=papers).exclude(outcome="")
    return results.select_related("workpaper", "procedure").order_by("workpaper__position", "position")


class TextForm(FindingForm):
    """All that the team writes on a finding: its wording, and what it does to the conclusion.

    It carries the version and the texts that it was read from, so that only what was typed over is saved.
    """

    version = forms.IntegerField(widget=forms.HiddenInput)
    remedied_on = RocDateField(label=Finding._meta.get_field("remedied_on").verbose_name, required=False)

    class Meta:
        model = Finding
        fields = (*FindingForm.Meta.fields, *JUDGED)
        field_classes: ClassVar = {"retested": ResultField}
        widgets: ClassVar = {"obligation": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.Meta.fields:
            self.fields[name].show_hidden_initial = True
        self.fields["bears"].choices = [("", gettext_lazy("As its severity suggests")), *Bearing.choices]  # type: ignore[attr-defined]
        self.fields["retested"].queryset = retests_of(self.instance)  # type: ignore[attr-defined]

    @property
    def typed(self) -> dict[str, Any]:
        """The texts of a valid form that differ from what it was read from."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields if name in self.changed_data}

    def contested(self, current: Finding) -> dict[str, Any]:
        """Those of the typed texts under which somebody else has put another since they were read."""
        stored = {name: getattr(current, name) or "" for name in self.typed}
        read = {name: self.fields[name].to_python(self.data.get(self[name].html_initial_name)) or "" for name in stored}
        return {name: self.typed[name] for name in stored if read[name] != stored[name]}

    def over(self, current: Finding) -> "TextForm":
        """Return the form with what was typed laid over `current`, ready to be saved over it."""
        read = TextForm(instance=current, initial={"version": current.version})
        stored = {field.name: field.value() for field in read}
        initial = {read[name].html_initial_name: stored[name] for name in self.Meta.fields}
        mine = {name: self.data.get(name, "") for name in self.Meta.fields if name in self.changed_data}
        return TextForm({**stored, **initial, **mine}, instance=current)


class WithdrawalForm(forms.Form):
    """Why a finding is withdrawn."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


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
