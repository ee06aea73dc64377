"""The forms of review notes."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engagements.models import Engagement, Note
from engagements.noting import Direction
from engagements.queries import team_today
from foundation.accounts.models import User
from foundation.web import roc
from foundation.web.fields import RocDateField

SATURDAY = 5


def working_day(day: date) -> date:
    """The day, or the Monday after it where it lies on a weekend."""
    return day + timedelta(days=7 - day.weekday()) if day.weekday() >= SATURDAY else day


class NoteForm(forms.Form):
    """What a note or a reply says."""

    text = forms.CharField(
        label=_("Note"), max_length=4000, error_messages={"required": _("Write what should be done.")}
    )


class DirectionForm(forms.Form):
    """For whom a note is, of the engagement's team, and by which working day."""

    assignee = forms.ModelChoiceField(
        label=Note._meta.get_field("assignee").verbose_name, queryset=User.objects.none(), required=False
    )
    due_on = RocDateField(label=Note._meta.get_field("due_on").verbose_name, required=False)

    def __init__(self, *arguments: Any, engagement: Engagement, **options: Any) -> None:
        super().__init__(*arguments, **options)
        chosen = self.fields["assignee"]
        assert isinstance(chosen, forms.ModelChoiceField)  # noqa: S101 -- declared above
        chosen.queryset = team_today(engagement)

    def clean_due_on(self) -> date | None:
        """A day to come on which people work."""
        day: date | None = self.cleaned_data["due_on"]
        if day and day < timezone.localdate():
            raise ValidationError(_("The due day has passed."))
        if day and working_day(day) != day:
            raise ValidationError(
                _("Nobody works on that day; the next working day is %(day)s."),
                params={"day": roc.short(working_day(day))},
            )
        return day

    @property
    def direction(self) -> Direction:
        """Return for whom and by when; the form is valid."""
        return Direction(self.cleaned_data["assignee"], self.cleaned_data["due_on"])


class NewNoteForm(NoteForm, DirectionForm):
    """A new note: what it says and quotes, for whom, by when."""

    quote = forms.CharField(
        label=Note._meta.get_field("quote").verbose_name,
        max_length=Note._meta.get_field("quote").max_length,
        required=False,
    )
