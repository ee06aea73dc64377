"""The form that rests a result on evidence: a new file, or a piece that the engagement has already."""

from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from evidence.actions import Covered
from evidence.models import Evidence, Request
from foundation.web.fields import RocDateField
from procedures.models import ProcedureResult

TICKMARKS = (
    ("✓", _("✓ agrees")),
    ("∧", _("∧ recomputed")),
    ("◎", _("◎ seen in the original")),
    ("?", _("? asked and confirmed")),
    ("✗", _("✗ differs")),
)


def citable(result: ProcedureResult) -> QuerySet[Evidence]:
    """Return the evidence that this result doesn't cite yet; what its procedure asked for (`asked_for`) first."""
    needed = Request.documents.through.objects.filter(
        request=OuterRef("request"), expecteddocument__procedure=result.procedure_id
    )
    pieces = Evidence.objects.filter(engagement=result.workpaper.engagement_id).exclude(citations__result=result)
    return pieces.annotate(asked_for=Exists(needed)).order_by("-asked_for", "-number")


class CitationForm(forms.Form):
    """A file or a piece of evidence, exactly one of them; what the file covers; where to look in it."""

    file = forms.FileField(label=_("New file"), required=False, allow_empty_file=True)
    evidence = forms.ModelChoiceField(Evidence.objects.none(), label=_("Evidence in the file"), required=False)
    covered_from = RocDateField(label=_("Covered from"), required=False)
    covered_to = RocDateField(label=_("to"), required=False)
    page = forms.IntegerField(label=_("Page"), min_value=1, max_value=99_999, required=False)
    tickmark = forms.ChoiceField(label=_("Tickmark"), choices=TICKMARKS, initial="✓")

    def __init__(self, *args: Any, result: ProcedureResult, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["evidence"].queryset = citable(result)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Ask for exactly one source."""
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors and bool(cleaned.get("file")) == bool(cleaned.get("evidence")):
            self.add_error("file", _("Choose a new file, or one piece of evidence in the file."))
        return cleaned

    @property
    def covered(self) -> Covered:
        """The time that a new file speaks about; the form is valid."""
        return Covered(self.cleaned_data["covered_from"], self.cleaned_data["covered_to"])
