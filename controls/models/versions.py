"""A version of the catalogue and its hierarchy: chapter, area, control point."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from .bilingual import in_language

if TYPE_CHECKING:
    from .conditions import Condition, ConditionRule


class CatalogueVersionQuerySet(models.QuerySet["CatalogueVersion"]):
    """Catalogue versions."""

    def published(self) -> CatalogueVersionQuerySet:
        """Versions that engagements may be pinned to."""
        return self.filter(status=CatalogueVersion.Status.PUBLISHED)

    def current(self) -> CatalogueVersion:
        """The version published last; raises `CatalogueVersion.DoesNotExist` when none is."""
        return self.published().latest("published_at")


class CatalogueVersion(models.Model):
    """One edition of the regulator's guideline with our analysis of it; immutable once published."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("published")

    key = models.SlugField(unique=True)
    title_zh = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    issuer_zh = models.CharField(max_length=100)
    issuer_en = models.CharField(max_length=100)
    edition_zh = models.CharField(max_length=100)
    edition_en = models.CharField(max_length=100)
    # Oddities of the printed document as a whole, as a list of sentences; those of one row are `Anomaly` rows.
    document_anomalies = models.JSONField(default=list)
    sha256 = models.CharField(max_length=64)
    status = models.CharField(max_length=9, choices=Status, default=Status.DRAFT)
    published_at = models.DateTimeField(null=True)

    objects = CatalogueVersionQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="published_version_has_its_time",
                condition=models.Q(status="draft", published_at=None)
                | models.Q(status="published", published_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """The guideline's title in the reader's language."""
        return in_language(self.title_zh, self.title_en)

    @property
    def issuer(self) -> str:
        """The regulator's name in the reader's language."""
        return in_language(self.issuer_zh, self.issuer_en)

    @property
    def edition(self) -> str:
        """Which edition of the guideline this is, in the reader's language."""
        return in_language(self.edition_zh, self.edition_en)


class Chapter(models.Model):
    """A chapter of the guideline (printed 1、 2、 3、)."""

    version = models.ForeignKey(CatalogueVersion, on_delete=models.PROTECT, related_name="chapters")
    number = models.PositiveSmallIntegerField()
    title_zh = models.CharField(max_length=100)
    title_en = models.CharField(max_length=100)

    class Meta:
        ordering: ClassVar = ["version", "number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["version", "number"], name="unique_chapter")]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """The chapter's title in the reader's language (the English is ours)."""
        return in_language(self.title_zh, self.title_en)


class Area(models.Model):
    """An area of a chapter; only chapter 3 has them, chapters 1 and 2 stand as one area each."""

    chapter = models.ForeignKey(Chapter, on_delete=models.PROTECT, related_name="areas")
    number = models.PositiveSmallIntegerField()
    title_zh = models.CharField(max_length=100)
    title_en = models.CharField(max_length=100)

    class Meta:
        ordering: ClassVar = ["chapter", "number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["chapter", "number"], name="unique_area")]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """The area's title in the reader's language."""
        return in_language(self.title_zh, self.title_en)


class ControlPoint(models.Model):
    """A control point: one row of the guideline's table, one workpaper of an engagement."""

    VERBATIM: ClassVar = ("control_text", "procedure_preamble")

    version = models.ForeignKey(CatalogueVersion, on_delete=models.PROTECT, related_name="points")
    chapter = models.ForeignKey(Chapter, on_delete=models.PROTECT, related_name="points")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="points", null=True)
    position = models.PositiveSmallIntegerField()
    # From the printed hierarchy, e.g. 3.7.4.1.A; `canonical_code` only where the cited rule numbers it otherwise.
    code = models.CharField(max_length=20)
    canonical_code = models.CharField(max_length=20, blank=True)
    source_label = models.CharField(max_length=20)
    short_title_zh = models.CharField(max_length=100)
    short_title_en = models.CharField(max_length=100)
    control_text = models.TextField()
    procedure_preamble = models.TextField(blank=True)
    procedures_numbered = models.BooleanField()
    # Items of the control text worded 宜／建議／得: a breach is a recommendation. A list of printed item numbers.
    advisory_items = models.JSONField(default=list)

    class Meta:
        ordering: ClassVar = ["version", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "code"], name="unique_point_code"),
            models.UniqueConstraint(fields=["version", "position"], name="unique_point_position"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    @property
    def title(self) -> str:
        """Our short title in the reader's language."""
        return in_language(self.short_title_zh, self.short_title_en)

    @property
    def index(self) -> str:
        """The workpaper index, e.g. "C-3.8.2"."""
        return f"C-{self.code}"

    @property
    def row_rule(self) -> ConditionRule | None:
        """The rule that switches the whole row, if any; reads `condition_rules`, prefetch them for lists."""
        return next((rule for rule in self.condition_rules.all() if rule.covers_row), None)

    @property
    def applicability(self) -> Condition | None:
        """The condition without which the whole control point (bar the rule's excepted items) falls away."""
        return self.row_rule.condition if self.row_rule else None
