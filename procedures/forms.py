"""Forms of what is typed on a workpaper."""

from typing import Any, cast

from django import forms
from django.db.models import Model, TextField
from django.utils.translation import gettext_lazy as _

from engagements.note_forms import NewNoteForm
from engagements.noting import Spot
from foundation.web.fields import RocDateField
from procedures.actions import ENTERED, Entry
from procedures.models import ProcedureResult, Section, SignOff, Workpaper


def as_typed(model: type[Model], name: str) -> forms.CharField:
    """A text that is kept with its blanks and line breaks, optional, as long as the model takes."""
    field = cast("TextField[str, str]", model._meta.get_field(name))
    return forms.CharField(label=field.verbose_name, max_length=field.max_length, required=False, strip=False)


class SeenForm(forms.Form):
    """What the person saw while typing: the version of a row, perhaps on a signed paper that was reopened."""

    version = forms.IntegerField(min_value=1)
    reopened = forms.BooleanField(required=False)

    @property
    def seen(self) -> dict[str, Any]:
        """What the person saw while typing, as the verbs take it; the form is valid."""
        return {"version": self.cleaned_data["version"], "reopening": self.cleaned_data["reopened"]}


class Typed(SeenForm, forms.ModelForm):  # type: ignore[type-arg]
    """What is typed against a version of a row."""


class ResultForm(Typed):
    """What is entered for one procedure."""

    work = as_typed(ProcedureResult, "work")
    reason = as_typed(ProcedureResult, "reason")
    departure = as_typed(ProcedureResult, "departure")
    performed_on = RocDateField(label=ProcedureResult._meta.get_field("performed_on").verbose_name, required=False)

    class Meta:
        model = ProcedureResult
        fields = ENTERED

    @property
    def entry(self) -> Entry:
        """Return what was entered; the form is valid."""
        return Entry(**{name: self.cleaned_data[name] for name in ENTERED})


class ConclusionForm(Typed):
    """The paper's conclusion."""

    conclusion = as_typed(Workpaper, "conclusion")

    class Meta:
        model = Workpaper
        fields = ("conclusion",)


class PaperNoteForm(NewNoteForm):
    """A new review note on a paper, perhaps on one of its results."""

    part = forms.ModelChoiceField(label=_("procedure"), queryset=ProcedureResult.objects.none(), required=False)

    def __init__(self, *arguments: Any, paper: Workpaper, **options: Any) -> None:
        super().__init__(*arguments, engagement=paper.engagement, **options)
        parts = self.fields["part"]
        assert isinstance(parts, forms.ModelChoiceField)  # noqa: S101 -- declared above
        parts.queryset = paper.results.all()

    @property
    def spot(self) -> Spot:
        """Return what the note is about; the form is valid."""
        part = self.cleaned_data["part"]
        label = _("Procedure %(no)s") % {"no": part.position} if part and not part.is_memo else ""
        return Spot(part.pk if part else None, str(label), self.cleaned_data["quote"])


class PaperForm(forms.Form):
    """A general paper to be added: its section and its title."""

    section = forms.ChoiceField(
        label=_("Section"),
        choices=[(section, f"{section} {section.label}") for section in Section if section != Section.CONTROLS],
    )
    title = forms.CharField(label=_("Title"), max_length=100)


class SignOffForm(forms.Form):
    """A signature: in which role, and at which content the signer was looking."""

    role = forms.TypedChoiceField(choices=SignOff.Role.choices, coerce=SignOff.Role)
    content_version = forms.IntegerField(min_value=1)
