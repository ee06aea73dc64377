"""What is typed on the page on which an engagement is accepted."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from engagements.models import Acceptance, Declaration, Engagement
from foundation.accounts.models import User
from foundation.files.fields import UploadsField
from foundation.web.fields import RocDateField

CHOICES = [("no", pgettext_lazy("threats", "None")), ("yes", _("There are, as follows"))]


def _text(label: Any, rows: int = 3, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=2000, widget=forms.Textarea(attrs={"rows": rows}), **more)


class ThreatsForm(forms.Form):
    """Threats to independence: none, or which, with their safeguards. A subclass says of whom."""

    are_there = forms.ChoiceField(
        choices=CHOICES, widget=forms.RadioSelect, error_messages={"required": _("Say whether there are any.")}
    )
    threats = _text(_("Which"), required=False)
    safeguards = _text(
        _("Safeguards"), required=False, help_text=_("Without a safeguard the engagement can't go on to planning.")
    )

    def clean(self) -> dict[str, Any]:
        """Ask for the words where there are threats; where there are none, the page hides what was typed before."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("are_there") == "no":
            cleaned |= {"threats": "", "safeguards": ""}
        elif not cleaned.get("threats"):
            self.add_error("threats", _("Say which."))
        return cleaned

    @property
    def said(self) -> dict[str, str]:
        """What the verb takes."""
        return {"threats": self.cleaned_data["threats"], "safeguards": self.cleaned_data["safeguards"]}


class DeclarationForm(ThreatsForm):
    """A member's own independence and competence."""

    competence = _text(_("What qualifies me for this engagement"))

    def __init__(self, data: QueryDict | None = None, *, by: User, latest: Declaration | None = None) -> None:
        told = "\n".join(filter(None, (by.certificate, by.experience)))
        first = _first(latest) | {"competence": latest.competence if latest else told}
        super().__init__(data, initial=first)
        self.fields["are_there"].label = _(
            "Financial interests, business or family relations to the broker, other services that I render it"
        )

    @property
    def said(self) -> dict[str, str]:
        return super().said | {"competence": self.cleaned_data["competence"]}


class FirmDeclarationForm(ThreatsForm):
    """The firm's independence."""

    def __init__(self, data: QueryDict | None = None, *, latest: Declaration | None = None) -> None:
        super().__init__(data, initial=_first(latest), prefix="firm")
        self.fields["are_there"].label = _("Other services of the firm and its network to the broker")


def _first(latest: Declaration | None) -> dict[str, str]:
    """What stands in the form of somebody who has declared before."""
    if latest is None:
        return {}
    return {
        "are_there": "yes" if latest.threats else "no",
        "threats": latest.threats,
        "safeguards": latest.safeguards,
    }


class LetterForm(forms.Form):
    """The signed engagement letter."""

    uploads = UploadsField(label=_("File"), single=True)
    dated_on = RocDateField(label=_("Dated"))
    has_clause = forms.BooleanField(
        label=_("It has the clause of article 22: FSC and exchange may ask for explanations and working papers"),
        required=False,
    )

    def __init__(self, data: QueryDict | None = None, *, engagement: Engagement, by: User) -> None:
        super().__init__(data)
        self.fields["uploads"].of(by, engagement.pk)  # type: ignore[attr-defined]


class DecisionForm(forms.Form):
    """The partner's decision to accept."""

    form = forms.ChoiceField(
        label=_("Form of the engagement"), choices=Acceptance.Form.choices, widget=forms.RadioSelect, initial="direct"
    )
    criteria = forms.CharField(
        label=_("Why the criteria are suitable"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Relevant, complete, reliable, neutral and understandable."),
    )
    rationale = forms.CharField(
        label=_("Why the engagement is accepted"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The broker's integrity, time and resources, what is known from earlier years."),
    )
