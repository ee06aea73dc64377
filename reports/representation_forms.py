"""Forms of the representation letter."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements.models import Engagement
from foundation.accounts.models import User
from foundation.files.fields import UploadsField
from foundation.web.fields import RocDateField
from signoff.models import RepresentationLetter, SignedRepresentation
from signoff.representations import ComeBack


class DraftForm(forms.Form):
    """The text of a draft."""

    text = forms.CharField(
        label=RepresentationLetter._meta.get_field("text").verbose_name,
        max_length=20_000,
        widget=forms.Textarea({"rows": 26, "class": "wording"}),
        error_messages={"required": _("Write the letter first.")},
    )


class SignedForm(forms.Form):
    """A letter that came back: its date, who signed it, its scan."""

    dated_on = RocDateField(label=SignedRepresentation._meta.get_field("dated_on").verbose_name)
    signatory = forms.CharField(
        label=SignedRepresentation._meta.get_field("signatory").verbose_name,
        max_length=200,
        help_text=_("Names and functions, as on the letter."),
    )
    uploads = UploadsField(label=_("Scan of the signed letter"), single=True)

    def __init__(self, *args: Any, engagement: Engagement, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["uploads"].of(by, engagement.pk)  # type: ignore[attr-defined]

    @property
    def came(self) -> ComeBack:
        """What the verb takes."""
        (upload,) = self.cleaned_data["uploads"]
        return ComeBack(self.cleaned_data["dated_on"], self.cleaned_data["signatory"], upload)
