"""What a result rests on, as its paper's content holds it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .papers import ProcedureResult


class Support(models.Model):
    """What a result rests on: evidence cited, a finding linked. The apps to the right write it by `actions.support`."""

    class Kind(models.TextChoices):
        EVIDENCE = "evidence", _("Evidence")
        FINDING = "finding", _("Finding")

    result = models.ForeignKey(ProcedureResult, on_delete=models.CASCADE, related_name="supports")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    source = models.UUIDField()
    digest = models.CharField(max_length=64)
    label = models.CharField(max_length=300)
    # What kind of time the source speaks about, and on which days it happened: evidence.models.Evidence.
    nature = models.CharField(max_length=10, blank=True)
    dates = models.JSONField(default=list, blank=True)
    covered_from = models.DateField(null=True, blank=True)
    covered_to = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("id",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["result", "kind", "source"], name="a_source_supports_a_result_once"),
            models.CheckConstraint(
                name="support_covers_in_order",
                condition=Q(covered_from__isnull=True)
                | Q(covered_to__isnull=True)
                | Q(covered_to__gte=F("covered_from")),
            ),
        ]

    def __str__(self) -> str:
        return self.label
