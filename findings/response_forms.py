"""Forms of the dialogue with management: releasing, answering, recording what came by another way."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements.models import Engagement
from findings.models import Finding, ManagementResponse
from findings.releasing import first_due
from findings.responding import Answer
from foundation.web.fields import RocDateField

Kind = ManagementResponse.Kind
ANSWERS = ((Kind.GIVEN, _("We respond")), (Kind.REFUSED, _("We decline to respond")))


class ReleaseForm(forms.Form):
    """By when an answer is asked for, and whether only words were put right."""

    due_on = RocDateField(label=_("Answer asked for by"), initial=first_due)
    editorial = forms.BooleanField(label=_("Only words were put right: the earlier answer stands"), required=False)

    @property
    def asks(self) -> bool:
        return not self.cleaned_data["editorial"]


class ReleaseSeveralForm(ReleaseForm):
    """Which findings of the register are released."""

    findings = forms.ModelMultipleChoiceField(
        Finding.objects.none(), error_messages={"required": _("Choose at least one finding.")}
    )

    def __init__(self, *args: Any, engagement: Engagement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        findings = Finding.objects.upheld().filter(engagement=engagement)
        self.fields["findings"].queryset = findings.order_by("number")  # type: ignore[attr-defined]


class ResponseForm(forms.Form):
    """The broker's answer: what will be done by whom until when, or why it declines to respond.

    It carries the release that was read.
    """

    release = forms.IntegerField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("Your answer"), choices=ANSWERS, initial=Kind.GIVEN, widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("Response, or why you decline"), max_length=4000, widget=forms.Textarea(attrs={"rows": 6})
    )
    owner = forms.CharField(label=_("Who is responsible (name and title)"), max_length=80, required=False)
    due_on = RocDateField(label=_("To be completed by"), required=False)

    def clean(self) -> dict[str, Any]:
        """A response names who is responsible and until when; a refusal neither."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("kind") == Kind.GIVEN:
            for name in ("owner", "due_on"):
                if name not in self.errors and not cleaned.get(name):
                    self.add_error(name, _("A response says who is responsible and by when."))
        return cleaned

    @property
    def answer(self) -> Answer:
        """What the verb takes; of a refusal only its reason."""
        said = self.cleaned_data
        if said["kind"] == Kind.REFUSED:
            return Answer(Kind.REFUSED, said["text"])
        return Answer(Kind.GIVEN, said["text"], said["owner"], said["due_on"])


class RecordForm(forms.Form):
    """What management answered by letter or in a meeting, as the team records it."""

    kind = forms.ChoiceField(label=_("Answer"), choices=Kind.choices[:2], initial=Kind.GIVEN)
    text = forms.CharField(label=_("What management said"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))
    owner = forms.CharField(
        label=ManagementResponse._meta.get_field("owner").verbose_name, max_length=80, required=False
    )
    due_on = RocDateField(label=ManagementResponse._meta.get_field("due_on").verbose_name, required=False)
    source = forms.CharField(label=ManagementResponse._meta.get_field("source").verbose_name, max_length=200)

    @property
    def answer(self) -> Answer:
        """What the verb takes besides the source."""
        said = self.cleaned_data
        return Answer(said["kind"], said["text"], said["owner"], said["due_on"])
