"""What became of findings of earlier reports."""

from __future__ import annotations

from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from engagements.models import Engagement
from findings.models.findings import Finding
from foundation.accounts.models import User
from foundation.accounts.policy import Role
from procedures.models import OfEngagementQuerySet, ProcedureResult


class FollowUp(models.Model):
    """A finding of an earlier report, ours (`prior`) or another firm's (`source` says which), and where it stands now.

    Unassessed, `status` is empty.
    """

    class Status(models.TextChoices):
        IMPROVED = "improved", _("Improved")
        IMPROVING = "improving", _("Being improved")
        UNIMPROVED = "unimproved", _("Not improved")
        NOT_APPLICABLE = "not_applicable", _("No longer applicable")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="follow_ups")
    number = models.PositiveIntegerField(_("number"))
    prior = models.ForeignKey(Finding, null=True, blank=True, on_delete=models.PROTECT, related_name="follow_ups")
    source = models.CharField(_("report (firm, number, date)"), blank=True, max_length=200)
    title = models.CharField(_("title"), max_length=200)
    condition = models.TextField(_("what was found then"), max_length=8000)
    promised = models.TextField(_("what management answered then"), blank=True, max_length=4000)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)
    status = models.CharField(_("state now"), blank=True, max_length=15, choices=Status.choices)
    work = models.TextField(_("what was done to find out"), blank=True, max_length=4000)
    checked_on = models.DateField(_("checked on"), null=True, blank=True)
    result = models.ForeignKey(
        ProcedureResult,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("checked at"),
    )
    repeat = models.ForeignKey(
        Finding,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="repeats",
        verbose_name=_("found again as"),
    )
    assessed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    assessed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = OfEngagementQuerySet.as_manager()

    class Meta:
        ordering = ("engagement", "number")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["engagement", "number"], name="follow_ups_are_numbered"),
            models.UniqueConstraint(fields=["engagement", "prior"], name="a_prior_finding_is_followed_up_once"),
            models.CheckConstraint(
                name="a_follow_up_says_of_which_report",
                condition=Q(prior__isnull=False, source="") | Q(prior=None) & ~Q(source=""),
            ),
            models.CheckConstraint(
                name="an_assessment_says_who_when_and_how",
                condition=Q(status="", assessed_by=None, assessed_at=None)
                | Q(assessed_by__isnull=False, assessed_at__isnull=False, checked_on__isnull=False)
                & ~Q(work="")
                & ~Q(status=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.title}"

    @property
    def label(self) -> str:
        """P-01."""
        return f"P-{self.number:02}"

    @property
    def origin(self) -> str:
        """The report that it comes from, with its number there: 114 年度評估 F-02."""
        return f"{self.prior.engagement.title} {self.prior.label}" if self.prior else self.source

    @property
    def is_assessed(self) -> bool:
        return bool(self.status)

    def get_absolute_url(self) -> str:
        return reverse("follow-up", kwargs={"follow_up": self.pk})

    def roles_of(self, user: User) -> frozenset[Role]:
        return self.engagement.roles_of(user)
