"""What is known of a recurring duty beside the evidence: how often the broker does it, and of single occurrences."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from controls.models import FrequencyRule

from .papers import Workpaper


class StatedFrequency(models.Model):
    """How often the broker itself says that it does what the text asks for 定期; `source` says where it says so."""

    class Frequency(models.TextChoices):
        ANNUAL = "annual", _("every year")
        SEMIANNUAL = "semiannual", _("every half-year")
        QUARTERLY = "quarterly", _("every quarter")
        MONTHLY = "monthly", _("every month")
        CONTINUOUS = "continuous", _("every week or more often: throughout")
        UNSTATED = "unstated", _("the broker states no period")

    workpaper = models.ForeignKey(Workpaper, on_delete=models.CASCADE, related_name="stated_frequencies")
    rule = models.ForeignKey(FrequencyRule, on_delete=models.PROTECT, related_name="+")
    frequency = models.CharField(_("how often"), max_length=10, choices=Frequency.choices)
    source = models.TextField(_("where it is stated"), max_length=500)
    stated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    stated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("workpaper", "rule")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workpaper", "rule"], name="a_frequency_is_stated_once"),
        ]

    def __str__(self) -> str:
        return self.get_frequency_display()


class Occurrence(models.Model):
    """What is known of one expected occurrence that no evidence in the file shows: why it lacks, or when it was seen on
    site without a copy being kept. It begins on the first day of its stretch of the period. That one isn't due yet is
    computed, never told.
    """

    class Kind(models.TextChoices):
        SEEN = "seen", _("Seen on site, no copy kept")
        NOT_PERFORMED = "not_performed", _("Not performed")
        UNRECORDED = "unrecorded", _("Performed, but no record kept")
        NOT_PROVIDED = "not_provided", _("Not provided yet")
        REFUSED = "refused", _("Refused or lost")

    workpaper = models.ForeignKey(Workpaper, on_delete=models.CASCADE, related_name="occurrences")
    rule = models.ForeignKey(FrequencyRule, on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField()
    kind = models.CharField(_("what is known"), max_length=13, choices=Kind.choices)
    happened_on = models.DateField(_("date"), null=True, blank=True)
    reason = models.TextField(_("how it is known"), max_length=1000)
    told_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    told_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("workpaper", "rule", "starts_on")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workpaper", "rule", "starts_on"], name="an_occurrence_is_told_once"),
            models.CheckConstraint(
                name="what_was_seen_has_its_day",
                condition=Q(kind="seen", happened_on__isnull=False) | ~Q(kind="seen") & Q(happened_on__isnull=True),
            ),
            models.CheckConstraint(name="an_occurrence_says_how_it_is_known", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.starts_on} {self.get_kind_display()}"
