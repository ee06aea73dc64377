"""Facts about a broker that switch parts of the catalogue, and which parts each of them switches."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from .bilingual import in_language
from .versions import CatalogueVersion, ControlPoint


class Condition(models.Model):
    """A yes/no question about the broker that an engagement's profile answers."""

    class Kind(models.TextChoices):
        PROFILE = "profile", _("fact of the business")
        EVENT = "event", _("event in the period")
        CHOICE = "choice", _("choice the text leaves open")

    version = models.ForeignKey(CatalogueVersion, on_delete=models.PROTECT, related_name="conditions")
    position = models.PositiveSmallIntegerField()
    key = models.SlugField(max_length=60)
    title_zh = models.CharField(max_length=100)
    title_en = models.CharField(max_length=100)
    kind = models.CharField(max_length=7, choices=Kind)

    class Meta:
        ordering: ClassVar = ["version", "position"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["version", "key"], name="unique_condition_key")]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """The condition in the reader's language."""
        return in_language(self.title_zh, self.title_en)


class ConditionRule(models.Model):
    """What a condition covers in one control point, with the phrase of the text that says so."""

    class Covers(models.TextChoices):
        ROW = "row", _("the whole control point")
        PROCEDURES = "procedures", _("procedures")
        BRANCH = "branch", _("a branch of a procedure: it is asked in any case")
        CONTROL_ITEMS = "control_items", _("items of the control text, as a note")
        PBC_ONLY = "pbc_only", _("expected documents only")

    point = models.ForeignKey(ControlPoint, on_delete=models.PROTECT, related_name="condition_rules")
    position = models.PositiveSmallIntegerField()
    condition = models.ForeignKey(Condition, on_delete=models.PROTECT, related_name="rules")
    covers = models.CharField(max_length=13, choices=Covers)
    phrase = models.TextField()
    # Procedure numbers, or printed item numbers (text) where `covers` is CONTROL_ITEMS; empty for ROW.
    items = models.JSONField(default=list)
    # Procedure numbers that a ROW rule leaves standing.
    except_items = models.JSONField(default=list)

    class Meta:
        ordering: ClassVar = ["point", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["point", "position"], name="unique_condition_rule"),
            models.UniqueConstraint(
                fields=["point"], condition=models.Q(covers="row"), name="one_rule_switches_the_row"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.point.code}: {self.condition}"

    @property
    def covers_row(self) -> bool:
        """Whether it switches the whole control point."""
        return self.covers == self.Covers.ROW

    def switches(self, number: int) -> bool:
        """Whether the procedure with this number falls away when the condition is answered no."""
        if self.covers_row:
            return number not in self.except_items
        return self.covers == self.Covers.PROCEDURES and number in self.items
