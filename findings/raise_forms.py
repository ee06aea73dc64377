"""What a finding starts from, and the choice of one that is there already."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from controls.models import Procedure
from findings.models import Finding, FindingType
from procedures.models import ProcedureResult


def first_wording(result: ProcedureResult) -> dict[str, str]:
    """What the paper says already: the work performed is the condition, the control text the criterion."""
    point = result.workpaper.control_point
    text = point.control_text if point else ""
    longest = Finding._meta.get_field("criterion").max_length
    return {"condition": result.work, "criterion": text[:longest], "type": _type(result.nature)}


def _type(nature: list[str]) -> str:
    """What failed when a procedure of this nature finds an exception; a mixed one leaves it to the auditor."""
    of_nature = {
        Procedure.Nature.DESIGN: FindingType.DESIGN,
        Procedure.Nature.IMPLEMENTATION: FindingType.IMPLEMENTATION,
        Procedure.Nature.OPERATING: FindingType.OPERATION,
    }
    return of_nature[Procedure.Nature(nature[0])] if len(nature) == 1 else ""


class LinkForm(forms.Form):
    """A finding of the same engagement that this exception belongs to."""

    finding = forms.ModelChoiceField(Finding.objects.none(), label=_("Finding"))

    def __init__(self, *args: Any, result: ProcedureResult, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        findings = (
            Finding.objects.upheld().filter(engagement=result.workpaper.engagement_id).exclude(links__result=result)
        )
        self.fields["finding"].queryset = findings.order_by("number")  # type: ignore[attr-defined]
