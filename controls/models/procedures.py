"""The prescribed procedures of a control point and the documents that each of them expects."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import pgettext_lazy

from .conditions import Condition
from .duties import FrequencyRule
from .versions import CatalogueVersion, ControlPoint


class ProcedureQuerySet(models.QuerySet["Procedure"]):
    """Prescribed procedures."""

    def of(self, version: CatalogueVersion) -> ProcedureQuerySet:
        """The procedures of a catalogue version in printed order."""
        return self.filter(point__version=version).order_by("point__position", "no")


class Procedure(models.Model):
    """A numbered procedure of a control point; a single unnumbered one has the number 1 and an empty label."""

    VERBATIM: ClassVar = ("label", "text", "steps")

    class Method(models.TextChoices):
        OBTAIN = "obtain", pgettext_lazy("audit method", "obtain")
        INSPECT = "inspect", pgettext_lazy("audit method", "inspect")
        SAMPLE = "sample", pgettext_lazy("audit method", "sample")
        INQUIRE = "inquire", pgettext_lazy("audit method", "inquire")
        OBSERVE = "observe", pgettext_lazy("audit method", "observe")
        VERIFY = "verify", pgettext_lazy("audit method", "verify")
        COMPARE = "compare", pgettext_lazy("audit method", "compare")
        REPERFORM = "reperform", pgettext_lazy("audit method", "reperform")
        RECALCULATE = "recalculate", pgettext_lazy("audit method", "recalculate")
        RECONCILE = "reconcile", pgettext_lazy("audit method", "reconcile")
        EXTERNAL_LOOKUP = "external_lookup", pgettext_lazy("audit method", "external look-up")
        ATTRIBUTE_TEST = "attribute_test", pgettext_lazy("audit method", "attribute test")

    class Nature(models.TextChoices):
        DESIGN = "design", pgettext_lazy("what a procedure tests", "design")
        IMPLEMENTATION = "implementation", pgettext_lazy("what a procedure tests", "implementation")
        OPERATING = "operating", pgettext_lazy("what a procedure tests", "operating")

    point = models.ForeignKey(ControlPoint, on_delete=models.PROTECT, related_name="procedures")
    no = models.PositiveSmallIntegerField()
    label = models.CharField(max_length=10, blank=True)
    text = models.TextField()
    steps = models.JSONField(default=list)
    # Lists of `Method` values: from the text, and our inference.
    methods = models.JSONField(default=list)
    implied_methods = models.JSONField(default=list)
    # List of `Nature` values: what may be 尚未運作.
    nature = models.JSONField(default=list)
    # The text says 抽核／抽查; or it says 檢查 but the evidence is a population.
    sampling = models.BooleanField(default=False)
    population_inspection = models.BooleanField(default=False)
    # The text ends in a remark that is guidance, not a test.
    guidance_note = models.BooleanField(default=False)
    # Conditions that the procedure itself asks about: they switch the 若有／如… half, never the asking.
    branch_conditions = models.ManyToManyField(Condition, related_name="branches")
    branch_phrases = models.JSONField(default=list)

    objects = ProcedureQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["point", "no"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["point", "no"], name="unique_procedure")]

    def __str__(self) -> str:
        return self.index

    @property
    def index(self) -> str:
        """The stable name of the procedure, e.g. "3.8.2/P3"."""
        return f"{self.point.code}/P{self.no}"

    @property
    def method_labels(self) -> list[str]:
        """The methods that the text names, in the reader's language."""
        return [str(self.Method(method).label) for method in self.methods]

    @property
    def implied_method_labels(self) -> list[str]:
        """The methods that we infer, in the reader's language."""
        return [str(self.Method(method).label) for method in self.implied_methods]

    @property
    def nature_labels(self) -> list[str]:
        """What the procedure tests (design, implementation, operating), in the reader's language."""
        return [str(self.Nature(nature).label) for nature in self.nature]


class DocumentGroup(models.Model):
    """One document that serves several procedures and is requested once."""

    version = models.ForeignKey(CatalogueVersion, on_delete=models.PROTECT, related_name="document_groups")
    key = models.SlugField(max_length=60)
    title_zh = models.CharField(max_length=200)

    class Meta:
        ordering: ClassVar = ["version", "pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["version", "key"], name="unique_document_group")]

    def __str__(self) -> str:
        return self.title_zh


class ExpectedDocumentQuerySet(models.QuerySet["ExpectedDocument"]):
    """Documents that procedures expect."""

    def of(self, version: CatalogueVersion) -> ExpectedDocumentQuerySet:
        """The expected documents of a catalogue version in printed order of their procedures."""
        return self.filter(procedure__point__version=version).order_by(
            "procedure__point__position", "procedure__no", "position"
        )

    def requested(self) -> ExpectedDocumentQuerySet:
        """Those that the auditee is asked for: neither the auditor's own test nor a look on site."""
        return self.exclude(kind__in=ExpectedDocument.NEVER_REQUESTED)


class ExpectedDocument(models.Model):
    """A document that a procedure needs; merged into one request by `group`, never by name."""

    class Kind(models.TextChoices):
        POLICY = "policy", pgettext_lazy("kind of document", "policy")
        DIAGRAM = "diagram", pgettext_lazy("kind of document", "diagram")
        CONTRACT = "contract", pgettext_lazy("kind of document", "contract")
        LIST = "list", pgettext_lazy("kind of document", "list")
        RECORD = "record", pgettext_lazy("kind of document", "record")
        REPORT = "report", pgettext_lazy("kind of document", "report")
        SETTING = "setting", pgettext_lazy("kind of document", "setting")
        EVIDENCE = "evidence", pgettext_lazy("kind of document", "evidence")
        AUDITOR_TEST = "auditor_test", pgettext_lazy("kind of document", "auditor's own test")
        ONSITE = "onsite", pgettext_lazy("kind of document", "seen on site")

    NEVER_REQUESTED: ClassVar = (Kind.AUDITOR_TEST, Kind.ONSITE)

    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="documents")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=12, choices=Kind)
    population = models.BooleanField()
    # Asked for only where this holds.
    condition = models.ForeignKey(Condition, on_delete=models.PROTECT, related_name="documents", null=True)
    # One document per occurrence of this duty.
    occurrence_of = models.ForeignKey(FrequencyRule, on_delete=models.PROTECT, related_name="documents", null=True)
    group = models.ForeignKey(DocumentGroup, on_delete=models.PROTECT, related_name="members", null=True)

    objects = ExpectedDocumentQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["procedure", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["procedure", "position"], name="unique_expected_document")
        ]

    def __str__(self) -> str:
        return self.name
