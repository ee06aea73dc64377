"""What a sheet holds beside the results: the matrix of listed clauses, and suggestions that were declined."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from controls.models import CoverageGap

from .papers import ProcedureResult, Workpaper


class Matrix(models.Model):
    """The clauses that a procedure lists, tested on several items: `marks[clause][item]`.

    `items` are names of what was tested (contracts, say); a mark is a `Mark`, or empty where nothing is said yet.
    """

    class Mark(models.TextChoices):
        YES = "yes", "✓"
        NO = "no", "✗"
        NOT_APPLICABLE = "na", "N/A"

    result = models.OneToOneField(ProcedureResult, on_delete=models.CASCADE, primary_key=True, related_name="matrix")
    items = models.JSONField(default=list)
    marks = models.JSONField(default=list)
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return ", ".join(self.items)


class DeclinedGap(models.Model):
    """Why control text that no printed procedure tests gets no procedure of its own here either."""

    workpaper = models.ForeignKey(Workpaper, on_delete=models.CASCADE, related_name="declined_gaps")
    gap = models.ForeignKey(CoverageGap, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(_("reason"), max_length=1000)
    declined_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    declined_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("workpaper", "gap")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workpaper", "gap"], name="a_gap_is_declined_once"),
            models.CheckConstraint(name="a_declined_gap_says_why", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return str(self.gap)
