"""Forms of the list of papers: its filter, assigning, handing over; and of submitting a review."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from desk.paper_queue import Turn
from desk.workpaper_index import WORDS
from engagements.models import Engagement, Review
from engagements.queries import team_today
from foundation.accounts.models import User
from foundation.accounts.policy import GRANTS, Permission
from procedures.models import Section, Workpaper

ME, NOBODY = "me", "nobody"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the filter asks for; empty where it doesn't matter. `who`: a user's key, or "nobody"."""

    who: str = ""
    state: str = ""
    section: str = ""
    turn: str = ""
    by: str = ""


class PapersFilter(forms.Form):
    """Which papers are shown, and in which order; what it doesn't know it ignores."""

    section = forms.ChoiceField(label=_("Section"), required=False, choices=[("", _("All sections")), *Section.choices])
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All states")), *WORDS.items()])
    who = forms.ChoiceField(label=_("Assigned to"), required=False)
    turn = forms.ChoiceField(
        label=_("Waits for me"),
        required=False,
        choices=[
            ("", _("All papers")),
            (Turn.PREPARE, _("I prepare")),
            (Turn.RETURNED, _("Returned to me")),
            (Turn.REVIEW, _("I review")),
            (Turn.APPROVE, _("I approve")),
        ],
    )
    by = forms.ChoiceField(
        label=_("Grouped"), required=False, choices=[("", _("By index")), ("person", _("By person"))]
    )

    def __init__(self, *arguments: Any, engagement: Engagement, user: User) -> None:
        super().__init__(*arguments)
        self.user = user
        people = [(str(person.pk), person.name) for person in team_today(engagement)]
        who = self.fields["who"]
        assert isinstance(who, forms.ChoiceField)  # noqa: S101 -- declared above
        who.choices = [("", _("Everybody")), (ME, _("Me")), (NOBODY, _("Nobody")), *people]

    @property
    def wanted(self) -> Wanted:
        """Return what is asked for, as far as it is understood."""
        self.is_valid()
        asked = {name: self.cleaned_data.get(name, "") for name in self.fields}
        return Wanted(**{**asked, "who": str(self.user.pk) if asked["who"] == ME else asked["who"]})

    @property
    def selects(self) -> list[forms.BoundField]:
        """The fields that are chosen from a list."""
        return [self[name] for name in ("section", "state", "who", "by")]

    @property
    def query(self) -> str:
        """The filter as a query string, to come back to."""
        self.is_valid()
        asked = {name: value for name, value in self.cleaned_data.items() if value}
        return f"?{urlencode(asked)}" if asked else ""


def writers(engagement: Engagement) -> Any:
    """The people who may be given papers."""
    roles = GRANTS[Permission.WORKPAPER_CHANGE]
    current = [member.user_id for member in engagement.team.all() if member.is_current and member.role in roles]
    return team_today(engagement).filter(pk__in=current)


class AssignForm(forms.Form):
    """Papers, and whom they are given to; to nobody where `nobody` was pressed."""

    papers = forms.TypedMultipleChoiceField(
        label=_("Workpapers"), coerce=UUID, error_messages={"required": _("Choose the papers first.")}
    )
    to = forms.ModelChoiceField(label=_("Assign to"), queryset=User.objects.none(), required=False)
    nobody = forms.BooleanField(required=False)

    def __init__(self, *arguments: Any, engagement: Engagement) -> None:
        super().__init__(*arguments)
        self.fields["to"].queryset = writers(engagement)  # type: ignore[attr-defined]  # a ModelChoiceField
        if self.is_bound:
            self.fields["papers"].choices = _keys(Workpaper.objects.filter(engagement=engagement))  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Ask for somebody, unless it is to be nobody."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("nobody"):
            cleaned["to"] = None
        elif not cleaned.get("to") and "to" not in self.errors:
            self.add_error("to", _("Choose whom to assign them to."))
        return cleaned


def _keys(rows: Any) -> list[tuple[str, str]]:
    return [(str(pk), str(pk)) for pk in rows.values_list("pk", flat=True)]


class HandOverForm(forms.Form):
    """Whose open work goes to whom, and why."""

    giver = forms.ModelChoiceField(label=_("Hands over"), queryset=User.objects.none())
    taker = forms.ModelChoiceField(label=_("Takes over"), queryset=User.objects.none())
    reason = forms.CharField(label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *arguments: Any, engagement: Engagement, **options: Any) -> None:
        super().__init__(*arguments, **options)
        ever = [member.user_id for member in engagement.team.all()]
        self.fields["giver"].queryset = User.objects.filter(pk__in=ever).order_by("name")  # type: ignore[attr-defined]
        self.fields["taker"].queryset = writers(engagement)  # type: ignore[attr-defined]  # ModelChoiceFields


class SubmitForm(forms.Form):
    """A review's summary, and the opened papers to be signed as reviewed."""

    summary = forms.CharField(
        label=_("Summary"),
        max_length=Review._meta.get_field("summary").max_length,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    sign = forms.TypedMultipleChoiceField(label=_("Sign as reviewed"), coerce=UUID, required=False)

    def __init__(self, *arguments: Any, engagement: Engagement) -> None:
        super().__init__(*arguments)
        self.fields["sign"].choices = _keys(Workpaper.objects.filter(engagement=engagement))  # type: ignore[attr-defined]
