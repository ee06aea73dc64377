"""What we noticed about the printed text: oddities to keep, and controls that no procedure tests."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from .versions import ControlPoint


class Anomaly(models.Model):
    """An oddity of the printed row: odd numbering, a typo, two figures that disagree. Kept, never corrected."""

    point = models.ForeignKey(ControlPoint, on_delete=models.PROTECT, related_name="anomalies")
    position = models.PositiveSmallIntegerField()
    note = models.TextField()

    class Meta:
        ordering: ClassVar = ["point", "position"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["point", "position"], name="unique_anomaly")]

    def __str__(self) -> str:
        return self.note


class CoverageGap(models.Model):
    """Control text that no printed procedure tests: adopted as an extra procedure, or declined with a reason."""

    point = models.ForeignKey(ControlPoint, on_delete=models.PROTECT, related_name="coverage_gaps")
    position = models.PositiveSmallIntegerField()
    note = models.TextField()

    class Meta:
        ordering: ClassVar = ["point", "position"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["point", "position"], name="unique_coverage_gap")]

    def __str__(self) -> str:
        return self.note
