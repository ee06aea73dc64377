"""The form that rests a result on evidence: a new file, or a piece that the engagement has already."""

from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from engagements.models import Engagement
from evidence.citing import Area, Place
from evidence.forms import IncomingForm
from evidence.models import WHOLE, Citation, Evidence, Request
from foundation.accounts.models import User
from foundation.files.fields import UploadsField
from procedures.library import signs_of
from procedures.models import ProcedureResult

CORNERS = ("left", "top", "right", "bottom")


def tickmarks_of(engagement: Engagement) -> list[tuple[str, str]]:
    """The signs of the engagement's firm as choices, each with its meaning (one query)."""
    return [(each.sign, f"{each.sign} {each.meaning}") for each in signs_of(engagement.firm_id)]


def citable(result: ProcedureResult) -> QuerySet[Evidence]:
    """Return the evidence that this result may rest on; what its procedure asked for (`asked_for`) first.

    What it cites already (`is_cited`) is there too: another page of it may be cited.
    """
    needed = Request.documents.through.objects.filter(
        request=OuterRef("request"), expecteddocument__procedure=result.procedure_id
    )
    pieces = Evidence.objects.filter(engagement=result.workpaper.engagement_id).current()
    cited = Citation.objects.filter(result=result, evidence=OuterRef("pk"))
    pieces = pieces.annotate(asked_for=Exists(needed), is_cited=Exists(cited)).order_by("-asked_for", "-number")
    return pieces.select_related("file").prefetch_related("decisions")


class CitationForm(IncomingForm):
    """A new file or a piece of evidence, exactly one of them; where to look in it."""

    uploads = UploadsField(label=_("New file"), required=False, single=True)
    evidence = forms.ModelChoiceField(Evidence.objects.none(), label=_("Evidence in the file"), required=False)
    page = forms.IntegerField(label=_("Page"), min_value=1, max_value=99_999, required=False)
    tickmark = forms.ChoiceField(label=_("Tickmark"))
    left = top = right = bottom = forms.IntegerField(
        min_value=0, max_value=WHOLE, required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, result: ProcedureResult, by: User, **kwargs: Any) -> None:
        super().__init__(*args, engagement=result.workpaper.engagement, by=by, **kwargs)
        pieces = Evidence.objects.filter(engagement=result.workpaper.engagement_id)
        self.fields["evidence"].queryset = pieces  # type: ignore[attr-defined]
        self.fields["tickmark"].choices = tickmarks_of(result.workpaper.engagement)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Ask for exactly one source, and for all of an area or nothing of it."""
        cleaned = super().clean()
        if not self.errors and bool(cleaned.get("uploads")) == bool(cleaned.get("evidence")):
            self.add_error("uploads", _("Choose a new file, or one piece of evidence in the file."))
        corners = [cleaned.get(corner) for corner in CORNERS]
        self.area = _area(*corners)
        if self.area is None and any(corner is not None for corner in corners) and not self.errors:
            self.add_error("page", _("An area has a page, a width and a height."))
        if self.area and not (cleaned.get("page") and self.area[0] < self.area[2] and self.area[1] < self.area[3]):
            self.add_error("page", _("An area has a page, a width and a height."))
        return cleaned

    @property
    def place(self) -> Place:
        """Where in the evidence to look; the form is valid."""
        return Place(self.cleaned_data["page"], self.area, self.cleaned_data["tickmark"])


def _area(left: int | None, top: int | None, right: int | None, bottom: int | None) -> Area | None:
    """Return the corners if all are there."""
    if left is None or top is None or right is None or bottom is None:
        return None
    return left, top, right, bottom
