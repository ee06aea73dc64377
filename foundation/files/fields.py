"""The form field for files that were uploaded before: their ids, in the order in which they were chosen."""

from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from foundation.accounts.models import User
from foundation.files.models import Upload


class UploadIds(forms.MultipleHiddenInput):
    """One hidden input per file; the page's script (static/js/upload.js) makes them."""


class UploadsField(forms.Field):
    """Files of one sender that were received whole for one scope; `clean` returns a list of `Upload`.

    A form that was sent before its script ran has the names of the chosen files in place of ids: nobody is to believe
    that they were handed in.

    Give `sender` and `scope` by `of` before the form is validated: without them nothing is found.
    """

    widget = UploadIds
    default_error_messages = {
        "required": _("Choose at least one file."),
        "unsent": _("The page wasn't ready yet, so the file wasn't sent. Choose it again."),
        "missing": _("A file isn't received whole yet, or was handed in already. Choose it again."),
        "one": _("Choose one file only."),
    }
    sender: User
    scope: UUID

    def __init__(self, *, single: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.single = single

    def of(self, sender: User, scope: UUID) -> None:
        """Say whose files are meant, and for what they were sent."""
        self.sender, self.scope = sender, scope

    def to_python(self, value: Any) -> list[Upload]:
        """Return the uploads in the order of their ids; an unknown, foreign or unready one is an error."""
        ids = [_uuid(each) for each in value or [] if each]
        if None in ids:
            raise ValidationError(self.error_messages["unsent"], code="unsent")
        found = Upload.objects.visible_to(self.sender).filter(scope=self.scope, state=Upload.State.READY)
        uploads = found.in_bulk(ids)
        if len(uploads) != len(ids):
            raise ValidationError(self.error_messages["missing"], code="missing")
        if self.single and len(ids) > 1:
            raise ValidationError(self.error_messages["one"], code="one")
        return [uploads[each] for each in ids if each]


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
