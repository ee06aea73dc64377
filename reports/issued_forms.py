"""What is typed about a report that is issued, or about to be."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engagements.models import Engagement
from foundation.accounts.models import Organization, User
from foundation.files.fields import UploadsField
from foundation.web.fields import RocDateField
from reports import filed
from signoff.cosigning import possible_cosigners
from signoff.models import Cosigner, Reissue, ReportVersion


def _text(label: Any, missing: Any, *, rows: int = 3, most: int = 2000, **more: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=most, widget=widget, error_messages={"required": missing}, **more)


class FiledFilter(forms.Form):
    """Which reports the exchange's list shows."""

    text = forms.CharField(label=_("Number, broker or firm"), required=False, max_length=100)
    broker = forms.ModelChoiceField(
        Organization.objects.none(), label=_("Broker"), required=False, empty_label=_("All brokers")
    )
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("All kinds")), *Engagement.Kind.choices])
    year = forms.ChoiceField(label=_("Year"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False, choices=filed.STATES)

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__(data)
        self.fields["broker"].queryset = filed.brokers(user)  # type: ignore[attr-defined]
        self.fields["year"].choices = [("", _("All years")), *filed.years(user)]  # type: ignore[attr-defined]

    @property
    def wanted(self) -> filed.Wanted:
        """What is searched for; what was typed wrong counts as nothing."""
        self.is_valid()
        return filed.Wanted(**self.cleaned_data)


class ReturnForm(forms.Form):
    """Why the exchange returns a report."""

    reason = _text(_("What has to be corrected"), _("Say what has to be corrected."))


class AnswerForm(forms.Form):
    """The partner's answer to a return."""

    answer = _text(_("Answer to the exchange"), _("Write the answer."), rows=4, most=4000)


class WithdrawalForm(forms.Form):
    """Why a report is withdrawn, and how the broker's board was told."""

    reason = _text(_("Why it is withdrawn"), _("Say why the report is withdrawn."))
    told_on = RocDateField(label=_("The board was told on"))
    told_by = forms.CharField(
        label=_("How the board was told"), max_length=200, help_text=_("For example: letter no. 115-0123, registered")
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"told_on": timezone.localdate()})


class ReissueForm(forms.Form):
    """Why and how far a report is issued anew."""

    kind = forms.ChoiceField(
        label=_("Kind of reissue"),
        choices=Reissue.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether the reissue is material or editorial.")},
    )
    reason = _text(
        _("Why it is reissued"),
        _("Say why the report is reissued; the new one prints it."),
        help_text=_("The new report prints this sentence."),
    )


class CancellationForm(forms.Form):
    """Why a reissue isn't needed after all."""

    reason = _text(_("Why it isn't reissued"), _("Say why the report isn't reissued after all."))


class ScanForm(forms.Form):
    """The scan of the signed paper, with the hash of the PDF that was printed."""

    uploads = UploadsField(label=_("Scan (PDF)"), single=True)
    printed_from = forms.CharField(widget=forms.HiddenInput, max_length=64)
    note = forms.CharField(label=_("Remark"), required=False, max_length=500)

    def __init__(self, data: Any = None, *, report: ReportVersion, by: User) -> None:
        super().__init__(data, initial={"printed_from": report.pdf.sha256 if report.pdf else ""})
        self.fields["uploads"].of(by, report.pk)  # type: ignore[attr-defined]


class CosignerForm(forms.Form):
    """Who signs the report beside the engagement's partner."""

    user = forms.ModelChoiceField(
        User.objects.none(), label=_("Second signer"), required=False, empty_label=_("Nobody: one partner signs")
    )

    def __init__(self, data: Any = None, *, engagement: Engagement) -> None:
        named = Cosigner.objects.filter(engagement=engagement).first()
        super().__init__(data, initial={"user": named.user_id if named else None})
        self.fields["user"].queryset = possible_cosigners(engagement)  # type: ignore[attr-defined]


class CheckForm(forms.Form):
    """A file to compare with what was issued: its hash, or the file itself, which is hashed and not kept."""

    sha256 = forms.RegexField(
        r"^\s*[0-9A-Fa-f]{64}\s*$",
        label="SHA-256",
        required=False,
        error_messages={"invalid": _("A SHA-256 has 64 digits from 0 to 9 and a to f.")},
    )
    file = forms.FileField(label=_("File"), required=False)

    def clean(self) -> dict[str, Any]:
        """`digest`: the hash that is asked about."""
        cleaned: dict[str, Any] = super().clean() or {}
        file = cleaned.get("file")
        cleaned["digest"] = (file.sha256 if file else cleaned.get("sha256") or "").strip().lower()
        if not self.errors and not cleaned["digest"]:
            self.add_error("file", _("Choose a file."))
        return cleaned
