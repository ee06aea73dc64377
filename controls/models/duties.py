"""Figures that the text sets: how often a thing is due, and how much of it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from .versions import CatalogueVersion, ControlPoint


class FrequencyRuleQuerySet(models.QuerySet["FrequencyRule"]):
    """Duties that recur."""

    def of(self, version: CatalogueVersion) -> FrequencyRuleQuerySet:
        """The duties of a catalogue version in printed order."""
        return self.filter(point__version=version).order_by("point__position", "position")


class FrequencyRule(models.Model):
    """A duty that recurs, with the phrase that sets it and the procedures that it binds."""

    class Frequency(models.TextChoices):
        ANNUAL = "annual", _("every year")
        SEMIANNUAL = "semiannual", _("every half-year")
        QUARTERLY = "quarterly", _("every quarter")
        PERIODIC = "periodic", _("periodically, as the broker states")
        EVENT = "event", _("at each event")

    point = models.ForeignKey(ControlPoint, on_delete=models.PROTECT, related_name="frequency_rules")
    position = models.PositiveSmallIntegerField()
    frequency = models.CharField(max_length=10, choices=Frequency)
    phrase = models.TextField()
    what = models.CharField(max_length=100)
    # Occurrences in a full year of twelve months; None: the broker's own stated period, or at each event.
    expected_count = models.PositiveSmallIntegerField(null=True)
    procedures = models.ManyToManyField("controls.Procedure", related_name="frequency_rules")

    objects = FrequencyRuleQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["point", "position"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["point", "position"], name="unique_frequency_rule")]

    def __str__(self) -> str:
        return f"{self.what} ({self.get_frequency_display()})"


class Threshold(models.Model):
    """A number that the text sets."""

    class Operator(models.TextChoices):
        AT_LEAST = ">=", _("at least")
        AT_MOST = "<=", _("at most")
        MORE_THAN = ">", _("more than")
        EQUAL = "==", _("exactly")
        COMPANY_DEFINED = "company_defined", _("as the broker sets it")

    class Obligation(models.TextChoices):
        REQUIRED = "", _("required")
        REFERENCE = "reference", _("for reference only")

    point = models.ForeignKey(ControlPoint, on_delete=models.PROTECT, related_name="thresholds")
    position = models.PositiveSmallIntegerField()
    what = models.SlugField(max_length=60)
    operator = models.CharField(max_length=15, choices=Operator)
    # None where the broker sets the figure.
    value = models.PositiveIntegerField(null=True)
    unit = models.CharField(max_length=20)
    phrase = models.TextField()
    obligation = models.CharField(max_length=9, choices=Obligation, default=Obligation.REQUIRED, blank=True)
    window = models.CharField(max_length=30, blank=True)

    class Meta:
        ordering: ClassVar = ["point", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["point", "position"], name="unique_threshold"),
            models.CheckConstraint(
                name="threshold_has_its_figure",
                condition=models.Q(operator="company_defined", value=None)
                | (~models.Q(operator="company_defined") & models.Q(value__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_operator_display()} {'' if self.value is None else self.value} {self.unit}"
