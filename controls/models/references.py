"""What a control point rests on: the printed lines, and the articles of the instruments they cite."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from foundation.web.roc import YEAR_ZERO

from .bilingual import in_language
from .versions import CatalogueVersion, ControlPoint


class Instrument(models.Model):
    """A law, regulation, rule or guideline, the same in every catalogue version."""

    key = models.CharField(max_length=40, unique=True)
    name_zh = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    issuer = models.CharField(max_length=100)

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The instrument's name in the reader's language (the English is often our translation)."""
        return in_language(self.name_zh, self.name_en)


class InstrumentVersion(models.Model):
    """What we knew of an instrument's standing when the catalogue version was made."""

    class Status(models.TextChoices):
        NOT_CHECKED = "not_checked", _("not checked")
        AMENDED = "amended", _("amended")
        REPEALED = "repealed", _("repealed")
        AUTHORITY_MOVED = "in_force_authority_moved", _("in force, authority moved")

    class Precision(models.TextChoices):
        NONE = ""
        MONTH = "month"
        DAY = "day"

    version = models.ForeignKey(CatalogueVersion, on_delete=models.PROTECT, related_name="instruments")
    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="versions")
    status = models.CharField(max_length=30, choices=Status, default=Status.NOT_CHECKED)
    # With a precision of a month the day is the first and means nothing.
    since = models.DateField(null=True)
    since_precision = models.CharField(max_length=5, choices=Precision, default=Precision.NONE, blank=True)
    document = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=200, blank=True)
    see_also = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["version", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "instrument"], name="unique_instrument_version"),
            models.CheckConstraint(
                name="precision_goes_with_a_date",
                condition=models.Q(since=None, since_precision="")
                | (models.Q(since__isnull=False) & ~models.Q(since_precision="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.instrument} ({self.get_status_display()})"

    @property
    def is_checked(self) -> bool:
        """Whether anybody looked the instrument up; where not, the page says so."""
        return self.status != self.Status.NOT_CHECKED

    @property
    def repealed_on(self) -> date | None:
        """The day of repeal, or None while in force."""
        return self.since if self.status == self.Status.REPEALED else None

    @property
    def amended_on(self) -> date | None:
        """The day (or the first of the month, see `since_precision`) of the last amendment known to us."""
        return self.since if self.status == self.Status.AMENDED else None

    @property
    def since_roc(self) -> str:
        """`since` in ROC years at its own precision: "112/04/25" or "112/08"; "" where unknown."""
        if self.since is None:
            return ""
        month = f"{self.since.year - YEAR_ZERO}/{self.since.month:02d}"
        return month if self.since_precision == self.Precision.MONTH else f"{month}/{self.since.day:02d}"


class ReferenceLineQuerySet(models.QuerySet["ReferenceLine"]):
    """Printed reference lines."""

    def with_instruments(self) -> ReferenceLineQuerySet:
        """Lines with what their page shows: citations and the instrument's standing."""
        return self.select_related("instrument_version__instrument").prefetch_related("citations")

    def repealed(self) -> ReferenceLineQuerySet:
        """Lines that cite an instrument which is no longer in force."""
        return self.filter(instrument_version__status=InstrumentVersion.Status.REPEALED)


class ReferenceLine(models.Model):
    """One printed line of the column 相關規定／參酌來源; it cites one instrument, and one or more articles of it."""

    VERBATIM: ClassVar = ("printed",)

    class Relation(models.TextChoices):
        BASIS = "basis", pgettext_lazy("relation of a citation", "basis")
        REFERENCE = "reference", pgettext_lazy("relation of a citation", "reference")

    point = models.ForeignKey(ControlPoint, on_delete=models.PROTECT, related_name="references")
    position = models.PositiveSmallIntegerField()
    printed = models.TextField()
    instrument_version = models.ForeignKey(InstrumentVersion, on_delete=models.PROTECT, related_name="lines")
    relation = models.CharField(max_length=9, choices=Relation)
    # The line also leans on 現行實務, which is no instrument.
    also_practice = models.BooleanField(default=False)

    objects = ReferenceLineQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["point", "position"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["point", "position"], name="unique_reference_line")]

    def __str__(self) -> str:
        return self.printed

    @property
    def repealed_on(self) -> date | None:
        """The day on which the cited instrument was repealed, or None."""
        return self.instrument_version.repealed_on

    @property
    def amended_on(self) -> date | None:
        """When the cited instrument was last amended, as far as we know, or None."""
        return self.instrument_version.amended_on


class Citation(models.Model):
    """One article or point that a reference line cites; both empty where it cites the whole instrument."""

    line = models.ForeignKey(ReferenceLine, on_delete=models.PROTECT, related_name="citations")
    position = models.PositiveSmallIntegerField()
    article = models.CharField(max_length=20, blank=True)
    point = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering: ClassVar = ["line", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["line", "position"], name="unique_citation"),
            models.CheckConstraint(
                name="citation_of_article_or_point",
                condition=models.Q(article="") | models.Q(point=""),
            ),
        ]

    def __str__(self) -> str:
        place = f"第{self.article}條" if self.article else self.point
        return f"{self.line.instrument_version.instrument.name_zh}{place}"
