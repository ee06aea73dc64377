"""What is typed on the pages of requests and evidence."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from evidence.actions import Covered
from evidence.models import Request
from foundation.web.fields import RocDateField


class SeveralFiles(forms.ClearableFileInput):
    """A file input that takes several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One or several uploaded files; `clean` returns a list. Whether a file is fit is the verb's question."""

    widget = SeveralFiles
    default_error_messages = {
        "required": _("Choose at least one file."),
    }

    def clean(self, data: Any, initial: Any = None) -> "list[UploadedFile[bytes]]":  # noqa: ARG002 -- Django's protocol
        """Return the uploads; required means at least one."""
        uploads = [upload for upload in data or [] if upload]
        if not uploads and self.required:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return uploads


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


class AnswerForm(forms.Form):
    """The broker's files and remark."""

    uploads = FilesField(label=_("Files"))
    answer = forms.CharField(
        label=_("Remark to the audit team"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ReasonForm(forms.Form):
    """Why a request is returned or closed."""

    reason = forms.CharField(label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


class EvidenceForm(forms.Form):
    """The team's files, and the time that they speak about."""

    uploads = FilesField(label=_("Files"))
    covered_from = RocDateField(label=_("Covers from"), required=False)
    covered_to = RocDateField(label=_("to"), required=False)

    @property
    def covered(self) -> Covered:
        """The covered period of a valid form."""
        return Covered(self.cleaned_data["covered_from"], self.cleaned_data["covered_to"])
