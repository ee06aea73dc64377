"""What is typed on the pages of requests and evidence."""

from operator import attrgetter
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from engagements.models import Engagement
from evidence.actions import Incoming
from evidence.library import SHOWN, Chosen, senders
from evidence.models import Evidence, Request
from evidence.time_forms import TIME, TimeForm
from evidence.times import Covered
from foundation.accounts.models import User
from foundation.files.fields import UploadsField
from foundation.files.models import Upload
from foundation.web.errors import refusals_as_errors
from foundation.web.fields import RocDateField
from foundation.web.refusals import Refused


class IncomingForm(TimeForm):
    """Files that were received whole, and the time that they speak about: one for all, or its own for each.

    What belongs to one file is named with its upload's id: `nature-<id>`, `covered_from-<id>` …; days of its own take
    the place of all days, and keep the common kind unless they have their own. A single file may be the new version of
    what its sender sees, chosen in the form or given as `replacing`.
    """

    uploads = UploadsField(label=_("Files"))
    replaces = forms.ModelChoiceField(
        Evidence.objects.none(), label=_("Replaces, as a new version"), required=False, empty_label=_("Nothing")
    )

    def __init__(
        self, *args: Any, engagement: Engagement, by: User, replacing: Evidence | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.replacing = replacing
        self.fields["uploads"].of(by, engagement.pk)  # type: ignore[attr-defined]
        current = Evidence.objects.visible_to(by).filter(engagement=engagement).current()
        self.fields["replaces"].queryset = current.order_by("-number")  # type: ignore[attr-defined]
        self.incoming: list[Incoming] = []

    def clean(self) -> dict[str, Any]:
        """Join every file with its time; `incoming` is what the verbs take."""
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors:
            self._join(cleaned.get("uploads") or [], self.replacing or cleaned.get("replaces"))
        return cleaned

    def _join(self, uploads: list[Upload], replaced: Evidence | None) -> None:
        if replaced and len(uploads) > 1:
            self.add_error("uploads", _("Only one file can be the new version of another."))
            return
        with refusals_as_errors(self, "covered_from"):
            self.incoming = [Incoming(upload, self._covered(upload), replaced) for upload in uploads]

    def _covered(self, upload: Upload) -> Covered:
        own = {name: self._own(name, upload) for name in TIME}
        if not any(own.values()):
            return self.covered_by(self.cleaned_data, upload.name)
        return self.covered_by({**own, "nature": own["nature"] or self.cleaned_data["nature"]}, upload.name)

    def _own(self, name: str, upload: Upload) -> Any:
        """Return what was typed for this file alone."""
        try:
            return self.fields[name].clean(self.data.get(f"{self.add_prefix(name)}-{upload.pk}"))
        except ValidationError as error:
            raise Refused(*error.messages) from error


# What the request list can be narrowed to: all, a state, what limits the scope, or what is late.
STATES = (
    ("", _("All")),
    *Request.State.choices,
    ("limitation", _("Scope limitation")),
    ("overdue", _("Overdue")),
)


class RequestFilter(forms.Form):
    """Which requests the list shows."""

    state = forms.ChoiceField(label=_("State"), required=False, choices=STATES)
    text = forms.CharField(label=_("Document or number"), required=False, max_length=100)
    point = forms.CharField(label=_("Control point"), required=False, max_length=20)


class EvidenceFilter(forms.Form):
    """Which evidence the library shows."""

    text = forms.CharField(label=_("Name, number or SHA-256"), required=False, max_length=100)
    point = forms.CharField(label=_("Cited on"), required=False, max_length=20)
    sender = forms.ModelChoiceField(
        User.objects.none(), label=_("Handed in by"), required=False, empty_label=_("Anybody")
    )
    covers_from = RocDateField(label=_("Covers time from"), required=False)
    covers_to = RocDateField(label=_("to"), required=False)
    show = forms.ChoiceField(label=_("Show"), required=False, choices=SHOWN)

    def __init__(self, *args: Any, engagement: Engagement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sender"].queryset = senders(engagement)  # type: ignore[attr-defined]

    @property
    def chosen(self) -> Chosen:
        """What is searched for; what was typed wrong counts as nothing."""
        self.is_valid()
        return Chosen(**self.cleaned_data)

    @property
    def narrows(self) -> bool:
        return self.chosen != Chosen()


class DescriptionForm(TimeForm):
    """What a piece is called, and the time that it speaks about."""

    title = forms.CharField(label=_("Title"), max_length=200)

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial, auto_id="described_%s")  # another form of times is on its page

    @classmethod
    def of(cls, piece: Evidence) -> "DescriptionForm":
        """The form with what the piece says of itself now."""
        last = piece.covered_to if piece.covered_to != piece.covered_from and not piece.dates else None
        now = {"nature": piece.nature, "covered_from": piece.covered_from, "covered_to": last, "dates": piece.days[1:]}
        return cls(initial={"title": piece.title, **now})

    def clean(self) -> dict[str, Any]:
        """Join the days; `covered` is what the verb takes."""
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors:
            self.covered = self.covered_by(cleaned, cleaned["title"])
        return cleaned


class SelectionForm(forms.Form):
    """Pieces chosen in the library."""

    pieces = forms.ModelMultipleChoiceField(
        Evidence.objects.none(), error_messages={"required": _("Choose at least one piece of evidence.")}
    )

    def __init__(self, *args: Any, engagement: Engagement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        pieces = Evidence.objects.filter(engagement=engagement).select_related(
            "engagement", "file", "request", "derived_from"
        )
        self.fields["pieces"].queryset = pieces.prefetch_related("decisions").order_by("number", "version")  # type: ignore[attr-defined]


class AnswerForm(IncomingForm):
    """The broker's files and remark; a new version replaces what was handed over for the same request.

    The broker knows files by their names: numbers are the team's.
    """

    answer = forms.CharField(
        label=_("Remark to the audit team"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, request: Request, by: User, **kwargs: Any) -> None:
        super().__init__(*args, engagement=request.engagement, by=by, **kwargs)
        replaced: Any = self.fields["replaces"]
        replaced.queryset = replaced.queryset.filter(request=request).select_related("file")
        replaced.label_from_instance = attrgetter("file.name")
        self.fields["uploads"].required = False

    def clean(self) -> dict[str, Any]:
        """Ask for files, or for the reason why there are none."""
        cleaned = super().clean()
        if not self.errors and not (cleaned.get("uploads") or cleaned.get("answer")):
            self.add_error("uploads", _("Choose at least one file, or say why there is none."))
        return cleaned


class ReasonForm(forms.Form):
    """Why a request is returned or closed, a piece of evidence withdrawn or released."""

    reason = forms.CharField(label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


class ClosureForm(ReasonForm):
    """What becomes of a request that is closed without the document, and why."""

    disposition = forms.ChoiceField(
        label=_("What becomes of it"),
        choices=Request.Disposition.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say what becomes of the request.")},
    )
