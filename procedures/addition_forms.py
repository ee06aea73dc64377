"""Forms of added procedures, and of control text that gets none."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from controls.models import CoverageGap
from procedures.models import DeclinedGap, ProcedureResult, Workpaper


class WordingForm(forms.Form):
    """What is to be done in an added procedure."""

    text = forms.CharField(
        label=_("What is to be done"),
        max_length=ProcedureResult._meta.get_field("text").max_length,
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": _("Say what is to be done.")},
    )


class OfGap(forms.Form):
    """Names a gap of the paper's control point."""

    gap = forms.ModelChoiceField(CoverageGap.objects.none(), widget=forms.HiddenInput)

    def __init__(self, *args: Any, paper: Workpaper, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["gap"].queryset = CoverageGap.objects.filter(point=paper.control_point_id)  # type: ignore[attr-defined]


class AdditionForm(OfGap, WordingForm):
    """A procedure to be added, perhaps for a gap."""

    def __init__(self, *args: Any, paper: Workpaper, **kwargs: Any) -> None:
        super().__init__(*args, paper=paper, **kwargs)
        self.fields["gap"].required = False


class DecliningForm(OfGap):
    """Why a gap gets no procedure of its own."""

    reason = forms.CharField(
        label=_("Why no procedure is needed"),
        max_length=DeclinedGap._meta.get_field("reason").max_length,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": _("Say why no procedure is needed.")},
    )
