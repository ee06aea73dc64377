"""What management was told of a finding, word by word, and what it answered: both are only added to."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from findings.models.findings import Finding, FindingType, Severity
from foundation.accounts.models import User
from foundation.accounts.policy import Role


class AnswerState(models.TextChoices):
    """Where management's answer to a finding stands."""

    UNRELEASED = "unreleased", _("Not released")
    AWAITED = "awaited", _("Awaiting a response")
    LATE = "late", _("No response by the due date")
    GIVEN = "given", _("Answered")
    REFUSED = "refused", _("Response refused")
    SILENT = "silent", _("Recorded: no response by the due date")


class FindingRelease(models.Model):
    """A finding as it was put before the broker: its wording is kept, whatever becomes of the finding.

    `wording` maps the names of the finding's texts to their values. `asks` is False where only words were put right:
    what management answered before still stands. `released_by` is empty for what was answered before there were
    releases.
    """

    finding = models.ForeignKey(Finding, on_delete=models.CASCADE, related_name="releases")
    number = models.PositiveIntegerField()
    wording = models.JSONField()
    due_on = models.DateField(_("response due"))
    asks = models.BooleanField(default=True)
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    released_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("finding", "number")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["finding", "number"], name="releases_of_a_finding_are_numbered"),
        ]

    def __str__(self) -> str:
        return f"{self.finding_id} / {self.number}"

    @property
    def severity_label(self) -> str:
        return str(Severity(self.wording["severity"]).label)

    @property
    def type_label(self) -> str:
        return str(FindingType(self.wording["type"]).label)

    @property
    def is_late(self) -> bool:
        """Whether the day by which an answer was asked for has passed."""
        return self.due_on < timezone.localdate()

    def roles_of(self, user: User) -> frozenset[Role]:
        return self.finding.roles_of(user)


class ManagementResponse(models.Model):
    """What management answered to a release: an answer, a refusal with its reason, or, as the team records, nothing.

    With a `source` (a letter, minutes) the team recorded what came by another way; without, the broker's own person
    wrote it. `recorded_by` is empty for what was on record before there were releases.
    """

    class Kind(models.TextChoices):
        GIVEN = "given", pgettext_lazy("management response", "Response")
        REFUSED = "refused", pgettext_lazy("management response", "Refusal to respond")
        OVERDUE = "overdue", pgettext_lazy("management response", "No response by the due date")

    release = models.ForeignKey(FindingRelease, on_delete=models.PROTECT, related_name="responses")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    text = models.TextField(_("response"), blank=True, max_length=4000)
    owner = models.CharField(_("responsible (name and title)"), blank=True, max_length=80)
    due_on = models.DateField(_("to be completed by"), null=True, blank=True)
    source = models.CharField(_("how it came (letter, minutes)"), blank=True, max_length=200)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("id",)
        constraints: ClassVar = [
            models.CheckConstraint(
                name="a_response_says_something_and_silence_nothing",
                condition=Q(kind="overdue", text="", source="") | (~Q(kind="overdue") & ~Q(text="")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())

    @property
    def state(self) -> AnswerState:
        kinds = ManagementResponse.Kind
        states = {kinds.GIVEN: AnswerState.GIVEN, kinds.REFUSED: AnswerState.REFUSED, kinds.OVERDUE: AnswerState.SILENT}
        return states[kinds(self.kind)]

    def roles_of(self, user: User) -> frozenset[Role]:
        return self.release.roles_of(user)
