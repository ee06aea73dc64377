"""The plan: how risky each area of the guideline is at this broker, and the partner's approval."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from controls.models import Area, Chapter

from .engagements import Engagement


class RiskLevel(models.TextChoices):
    """How likely something goes wrong in an area, and how grave that is. Papers of high ones need the partner."""

    LOW = "low", _("Low")
    MODERATE = "moderate", _("Moderate")
    HIGH = "high", _("High")


class AreaRisk(models.Model):
    """The risk of one area; chapters 1 and 2 have no areas and stand as one each (`area` is empty).

    `version` counts the changes: a level that is set back to what it was isn't the level that was approved.
    """

    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="risks")
    chapter = models.ForeignKey(Chapter, on_delete=models.PROTECT, related_name="+")
    area = models.ForeignKey(Area, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    level = models.CharField(_("risk"), max_length=8, choices=RiskLevel.choices)
    why = models.TextField(_("why"), blank=True, max_length=1000)
    version = models.PositiveIntegerField(default=1)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("engagement", "chapter", "area")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["engagement", "area"], name="one_risk_per_area"),
            models.UniqueConstraint(
                fields=["engagement", "chapter"], condition=Q(area__isnull=True), name="one_risk_per_chapter"
            ),
            models.CheckConstraint(
                name="high_and_low_risks_say_why", condition=Q(level=RiskLevel.MODERATE) | ~Q(why="")
            ),
        ]

    def __str__(self) -> str:
        return self.get_level_display()


class PlanApproval(models.Model):
    """The partner's approval of the plan, bound to its fingerprint (signoff/planning.py). Never altered but by lapsing:
    sending the engagement back to planning ends it.
    """

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="plan_approvals")
    fingerprint = models.CharField(max_length=64)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(default=timezone.now)
    lapsed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ("engagement", "id")

    def __str__(self) -> str:
        return f"{self.approved_by_id} {self.approved_at:%Y-%m-%d}"
