"""The form of a review note."""

from django import forms
from django.utils.translation import gettext_lazy as _


class NoteForm(forms.Form):
    """What a note or a reply says."""

    text = forms.CharField(
        label=_("Note"), max_length=4000, error_messages={"required": _("Write what should be done.")}
    )
