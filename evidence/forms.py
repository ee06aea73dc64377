"""What is typed on the pages of requests and evidence."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from engagements.models import Engagement
from evidence.actions import Covered, Incoming
from evidence.models import Evidence, Request
from foundation.accounts.models import User
from foundation.files.fields import UploadsField
from foundation.files.models import Upload
from foundation.web.errors import refusals_as_errors
from foundation.web.fields import RocDateField
from foundation.web.refusals import Refused


class IncomingForm(forms.Form):
    """Files that were received whole, and the time that they speak about: one for all, or its own for each.

    What belongs to one file is named with its upload's id: `covered_from-<id>`, `covered_to-<id>`.
    """

    uploads = UploadsField(label=_("Files"))
    covered_from = RocDateField(label=_("Its date, or covers from"), required=False)
    covered_to = RocDateField(label=_("to"), required=False)
    replaces = forms.ModelChoiceField(Evidence.objects.none(), label=_("New version of"), required=False)

    def __init__(self, *args: Any, engagement: Engagement, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["uploads"].of(by, engagement.pk)  # type: ignore[attr-defined]
        current = Evidence.objects.visible_to(by).filter(engagement=engagement, replaced_by__isnull=True)
        self.fields["replaces"].queryset = current.order_by("-number")  # type: ignore[attr-defined]
        self.incoming: list[Incoming] = []

    def clean(self) -> dict[str, Any]:
        """Join every file with its time; `incoming` is what the verbs take."""
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors:
            self._join(cleaned.get("uploads") or [], cleaned.get("replaces"))
        return cleaned

    def _join(self, uploads: list[Upload], replaced: Evidence | None) -> None:
        if replaced and len(uploads) > 1:
            self.add_error("replaces", _("Only one file can be the new version of another."))
            return
        with refusals_as_errors(self, "covered_from"):
            self.incoming = [Incoming(upload, self._covered(upload), replaced) for upload in uploads]

    def _covered(self, upload: Upload) -> Covered:
        start, end = self._day("covered_from", upload), self._day("covered_to", upload)
        if start is None:
            raise Refused(_("Say which day or period “%(name)s” speaks about.") % {"name": upload.name})
        return Covered(start, end)

    def _day(self, name: str, upload: Upload) -> date | None:
        """Return the file's own day, else the one for all."""
        try:
            own = self.fields[name].clean(self.data.get(f"{self.add_prefix(name)}-{upload.pk}"))
        except ValidationError as error:
            raise Refused(*error.messages) from error
        day: date | None = own or self.cleaned_data.get(name)
        return day


# What the request list can be narrowed to: all, a state, or what is late.
STATES = (("", _("All")), *Request.State.choices, ("overdue", _("Overdue")))


class RequestFilter(forms.Form):
    """Which requests the list shows."""

    state = forms.ChoiceField(label=_("State"), required=False, choices=STATES)
    text = forms.CharField(label=_("Document or number"), required=False, max_length=100)
    point = forms.CharField(label=_("Control point"), required=False, max_length=20)


class EvidenceFilter(forms.Form):
    """Which evidence the library shows."""

    text = forms.CharField(label=_("Name, number or SHA-256"), required=False, max_length=100)
    uncited = forms.BooleanField(label=_("Not cited by any procedure"), required=False)


class AnswerForm(IncomingForm):
    """The broker's files and remark."""

    answer = forms.CharField(
        label=_("Remark to the audit team"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ReasonForm(forms.Form):
    """Why a request is returned or closed, a piece of evidence withdrawn or released."""

    reason = forms.CharField(label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
