"""Findings judged together: each may be minor alone and all of them not."""

from __future__ import annotations

from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from engagements.models import Engagement
from findings.models.findings import Bearing, Finding, Severity, bearing_of
from foundation.accounts.models import User
from foundation.accounts.policy import Role
from procedures.models import OfEngagementQuerySet


class FindingGroup(models.Model):
    """Several findings that bear on one another, and what they weigh taken together. The findings stay as they are."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="finding_groups")
    number = models.PositiveIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=200)
    because = models.TextField(_("why they bear on one another"), max_length=4000)
    severity = models.CharField(_("severity taken together"), max_length=12, choices=Severity.choices)
    bears = models.CharField(_("effect on the conclusion"), blank=True, max_length=10, choices=Bearing.choices)
    members = models.ManyToManyField(Finding, related_name="groups", verbose_name=_("findings"))
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField(auto_now=True)

    objects = OfEngagementQuerySet.as_manager()

    class Meta:
        ordering = ("engagement", "number")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["engagement", "number"], name="finding_groups_are_numbered"),
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.title}"

    @property
    def label(self) -> str:
        """G-01."""
        return f"G-{self.number:02}"

    @property
    def bearing(self) -> Bearing:
        """What they do to the conclusion together: as judged, else by their severity."""
        return Bearing(self.bears) if self.bears else bearing_of(self.severity)

    def roles_of(self, user: User) -> frozenset[Role]:
        return self.engagement.roles_of(user)
