"""Findings (缺失): condition, criterion, severity, type, risk and recommendation (TPEx rules, article 22)."""

from __future__ import annotations

from typing import ClassVar, Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from engagements.models import Engagement
from foundation.accounts.models import User
from foundation.accounts.policy import Role
from procedures.models import OfEngagementQuerySet, ProcedureResult


class Severity(models.TextChoices):
    """How much a finding weighs in the conclusion."""

    MATERIAL = "material", _("Material")
    SIGNIFICANT = "significant", _("Significant")
    MINOR = "minor", _("Minor")
    ADVISORY = "advisory", _("Recommendation")


class FindingType(models.TextChoices):
    """What failed: the control's design, its being put in place, or its operation."""

    DESIGN = "design", _("Design")
    IMPLEMENTATION = "implementation", _("Implementation")
    OPERATION = "operation", _("Operation")


class FindingQuerySet(OfEngagementQuerySet):
    """Findings of an engagement."""

    def upheld(self) -> Self:
        """Leave out those that were withdrawn: they are kept, but neither counted nor reported."""
        return self.filter(withdrawn_at=None)


class Finding(models.Model):
    """A shortcoming that the report will name, unless it is withdrawn."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="findings")
    number = models.PositiveIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=200)
    condition = models.TextField(pgettext_lazy("of a finding", "condition"), max_length=8000)
    criterion = models.TextField(_("criterion"), max_length=2000)
    severity = models.CharField(_("severity"), max_length=12, choices=Severity.choices)
    type = models.CharField(_("type"), max_length=15, choices=FindingType.choices)
    risk = models.TextField(_("risk"), max_length=4000)
    recommendation = models.TextField(_("recommendation"), max_length=4000)
    response = models.TextField(_("management response"), blank=True, max_length=4000)
    response_owner = models.CharField(_("responsible"), blank=True, max_length=80)
    response_due = models.DateField(_("to be completed by"), null=True, blank=True)
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    raised_at = models.DateTimeField(auto_now_add=True)
    withdrawn_because = models.TextField(_("why it is withdrawn"), blank=True, max_length=2000)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)
    results = models.ManyToManyField(ProcedureResult, through="FindingLink", related_name="+")

    objects = FindingQuerySet.as_manager()

    class Meta:
        ordering = ("engagement", "number")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["engagement", "number"], name="finding_numbers_are_unique"),
            models.CheckConstraint(
                name="a_withdrawal_says_who_and_why",
                condition=Q(withdrawn_at=None, withdrawn_by=None, withdrawn_because="")
                | (Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawn_because="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.title}"

    @property
    def label(self) -> str:
        """F-02."""
        return f"F-{self.number:02}"

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None

    def get_absolute_url(self) -> str:
        return reverse("finding", kwargs={"finding": self.pk})

    def roles_of(self, user: User) -> frozenset[Role]:
        return self.engagement.roles_of(user)


class FindingLink(models.Model):
    """The exception that a finding comes from."""

    finding = models.ForeignKey(Finding, on_delete=models.CASCADE, related_name="links")
    result = models.ForeignKey(ProcedureResult, on_delete=models.CASCADE, related_name="+")

    class Meta:
        ordering = ("id",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["finding", "result"], name="a_finding_links_a_result_once"),
        ]

    def __str__(self) -> str:
        return f"{self.finding_id} → {self.result_id}"

    def roles_of(self, user: User) -> frozenset[Role]:
        return self.finding.roles_of(user)
