"""Findings (缺失): condition, criterion, severity, type, risk and recommendation (TPEx rules, article 22)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar, Self
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from engagements.models import Engagement
from foundation.accounts.models import User
from foundation.accounts.policy import Role
from procedures.models import OfEngagementQuerySet, Outcome, ProcedureResult


class Severity(models.TextChoices):
    """How much a finding weighs in the conclusion."""

    MATERIAL = "material", _("Material")
    SIGNIFICANT = "significant", _("Significant")
    MINOR = "minor", _("Minor")
    ADVISORY = "advisory", _("Recommendation")


class FindingType(models.TextChoices):
    """What failed: the control's design, its being put in place, or its operation."""

    DESIGN = "design", _("Design")
    IMPLEMENTATION = "implementation", _("Implementation")
    OPERATION = "operation", _("Operation")


class Obligation(models.TextChoices):
    """Which word of the rule was not lived up to."""

    MUST = "must", pgettext_lazy("obligation", "must (應)")
    SHOULD = "should", pgettext_lazy("obligation", "should (宜)")


class Bearing(models.TextChoices):
    """What a finding, or several together, do to the conclusion."""

    DISCLOSED = "disclosed", _("Disclosed only")
    MODIFIES = "modifies", _("Basis for a modified conclusion")
    PERVASIVE = "pervasive", _("Basis for a modified conclusion, pervasive")


def bearing_of(severity: str) -> Bearing:
    """What a severity does to the conclusion unless somebody judges otherwise: what is material modifies it."""
    return Bearing.MODIFIES if severity == Severity.MATERIAL else Bearing.DISCLOSED


class FindingQuerySet(OfEngagementQuerySet):
    """Findings of an engagement: the team's, and the audited broker's once they are released to it."""

    def visible_to(self, user: User) -> Self:
        """Return what `user` may see; a broker what was released of its own engagements and stands."""
        if user.role != Role.BROKER:
            return super().visible_to(user)
        own = self.upheld().filter(engagement__in=Engagement.objects.visible_to(user), releases__isnull=False)
        return own.distinct().select_related(*self.related)

    def upheld(self) -> Self:
        """Leave out those that were withdrawn: they are kept, but neither counted nor reported."""
        return self.filter(withdrawn_at=None)


class Finding(models.Model):
    """A shortcoming that the report will name, unless it is withdrawn."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="findings")
    number = models.PositiveIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=200)
    condition = models.TextField(pgettext_lazy("of a finding", "condition"), max_length=8000)
    criterion = models.TextField(_("criterion"), max_length=2000)
    severity = models.CharField(_("severity"), max_length=12, choices=Severity.choices)
    type = models.CharField(_("type"), max_length=15, choices=FindingType.choices)
    risk = models.TextField(_("risk"), max_length=4000)
    recommendation = models.TextField(_("recommendation"), max_length=4000)
    obligation = models.CharField(_("the rule says"), max_length=6, choices=Obligation.choices, default=Obligation.MUST)
    bears = models.CharField(_("effect on the conclusion"), blank=True, max_length=10, choices=Bearing.choices)
    bears_because = models.TextField(
        _("why, and what compensating controls were considered"), blank=True, max_length=4000
    )
    remedied_on = models.DateField(_("remedied on"), null=True, blank=True)
    retested = models.ForeignKey(
        ProcedureResult,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("retested by"),
    )
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    raised_at = models.DateTimeField(auto_now_add=True)
    withdrawn_because = models.TextField(_("why it is withdrawn"), blank=True, max_length=2000)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)
    results = models.ManyToManyField(ProcedureResult, through="FindingLink", related_name="+")

    objects = FindingQuerySet.as_manager()

    class Meta:
        ordering = ("engagement", "number")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["engagement", "number"], name="finding_numbers_are_unique"),
            models.CheckConstraint(
                name="a_withdrawal_says_who_and_why",
                condition=Q(withdrawn_at=None, withdrawn_by=None, withdrawn_because="")
                | (Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawn_because="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.title}"

    @property
    def label(self) -> str:
        """F-02."""
        return f"F-{self.number:02}"

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None

    @property
    def is_cured(self) -> bool:
        """Whether it was put right before an as-of date and retested without exception; a period's finding never is."""
        as_of = self.engagement.as_of
        in_time = as_of is not None and self.remedied_on is not None and self.remedied_on <= as_of
        if not in_time or self.retested is None or self._is_older_than_remedy(self.retested):
            return False
        return self.retested.outcome == Outcome.NO_EXCEPTION

    def _is_older_than_remedy(self, retest: ProcedureResult) -> bool:
        days = (retest.performed_on, self.remedied_on)
        return None not in days and days[0] < days[1]  # type: ignore[operator]  # neither is None

    @property
    def default_bearing(self) -> Bearing:
        """What it does to the conclusion by its severity, unless it was put right in time."""
        return Bearing.DISCLOSED if self.is_cured else bearing_of(self.severity)

    @property
    def bearing(self) -> Bearing:
        """What it does to the conclusion: as judged, else by default."""
        return Bearing(self.bears) if self.bears else self.default_bearing

    def clean(self) -> None:
        """Refuse what contradicts itself, each at its field."""
        errors = dict(self._contradictions())
        if errors:
            raise ValidationError(errors)

    def _contradictions(self) -> Iterator[tuple[str, Any]]:
        recommends = self.obligation == Obligation.SHOULD
        if recommends and self.severity == Severity.MATERIAL:
            yield "severity", _("What a rule only recommends (宜) is no material finding.")
        if recommends and self.bears not in {"", Bearing.DISCLOSED}:
            yield "bears", _("What a rule only recommends (宜) modifies no conclusion.")
        if self.bears and self.bears != self.default_bearing and not self.bears_because.strip():
            yield "bears_because", _("Say why it does something else than its severity suggests.")
        if self.retested and self.retested.workpaper.engagement_id != self.engagement_id:
            yield "retested", _("This procedure belongs to another engagement.")
        if self.retested and not self.remedied_on:
            yield "remedied_on", _("Say when it was remedied.")
        if self.remedied_on and self.remedied_on > timezone.localdate():
            yield "remedied_on", _("It can't have been remedied on a day to come.")
        if self.retested and self._is_older_than_remedy(self.retested):
            yield "retested", _("This work is older than the remedy: it doesn't test it.")

    def get_absolute_url(self) -> str:
        return reverse("finding", kwargs={"finding": self.pk})

    def roles_of(self, user: User) -> frozenset[Role]:
        return self.engagement.roles_of(user)


class FindingLink(models.Model):
    """The exception that a finding comes from."""

    finding = models.ForeignKey(Finding, on_delete=models.CASCADE, related_name="links")
    result = models.ForeignKey(ProcedureResult, on_delete=models.CASCADE, related_name="+")

    class Meta:
        ordering = ("id",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["finding", "result"], name="a_finding_links_a_result_once"),
        ]

    def __str__(self) -> str:
        return f"{self.finding_id} → {self.result_id}"

    def roles_of(self, user: User) -> frozenset[Role]:
        return self.finding.roles_of(user)
