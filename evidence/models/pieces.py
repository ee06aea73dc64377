"""What was handed over: versions of pieces of evidence, decisions on them, and who looked at them."""

from __future__ import annotations

from datetime import date
from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engagements.models import Engagement
from foundation.accounts.models import User
from foundation.accounts.policy import Role
from foundation.files.models import StoredFile

from .requests import Request


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    """Evidence as a person may see it: the team all of the file, the broker what its own people handed over."""

    def visible_to(self, user: User) -> EvidenceQuerySet:
        seen = self.filter(engagement__in=Engagement.objects.visible_to(user))
        if user.role == Role.BROKER:
            return seen.filter(file__stored_by__organization=user.organization_id)
        return seen

    def in_force(self) -> EvidenceQuerySet:
        """What wasn't withdrawn."""
        return self.exclude(decisions__kind=EvidenceDecision.Kind.WITHDRAWN)

    def outdated(self) -> EvidenceQuerySet:
        """What has a newer version in force."""
        return self.filter(_has_newer())

    def current(self) -> EvidenceQuerySet:
        """The newest version in force of each piece."""
        return self.in_force().exclude(_has_newer())


def _has_newer() -> Exists:
    same = Evidence.objects.filter(engagement=OuterRef("engagement"), number=OuterRef("number"))
    return Exists(same.filter(version__gt=OuterRef("version")).in_force())


class Evidence(models.Model):
    """One version of a piece of evidence: an unalterable file with a number and the time it speaks about.

    A replacement is a new version: a row of its own with the same number, which `replaces` the one before it. Citations
    point at the version that they were made on. A masked copy is evidence of its own, `derived_from` its original;
    `derivation` says which pages it shows and what of them is masked.

    What it speaks about has a time of its own, of three kinds: things that happened on certain `dates` (ISO, in order),
    a record of a span (`covered_from` to `covered_to`), or how something stood on a day. Older pieces don't say which.
    """

    class Nature(models.TextChoices):
        OCCURRENCE = "occurrence", _("What happened on that day")
        SPAN = "span", _("A record of the time from – to")
        STATE = "state", _("How it stood on that day")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="evidence")
    request = models.ForeignKey(Request, null=True, blank=True, on_delete=models.PROTECT, related_name="evidence")
    number = models.PositiveIntegerField(_("number"))
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    replaces = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by")
    derived_from = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="derived")
    derivation = models.JSONField(default=dict, blank=True)
    title = models.CharField(_("title"), max_length=300)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    nature = models.CharField(_("kind of time"), max_length=10, choices=Nature.choices, blank=True)
    dates = models.JSONField(_("days on which it happened"), default=list, blank=True)
    covered_from = models.DateField(_("covered from"), null=True, blank=True)
    covered_to = models.DateField(_("covered to"), null=True, blank=True)
    received_at = models.DateTimeField(_("received"), default=timezone.now)

    objects: ClassVar[EvidenceQuerySet] = EvidenceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("engagement", "number")
        verbose_name_plural = "evidence"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["engagement", "number", "version"], name="evidence_versions_are_unique"),
            models.CheckConstraint(
                name="a_first_version_replaces_nothing",
                condition=Q(version=1, replaces__isnull=True) | Q(version__gt=1, replaces__isnull=False),
            ),
            models.CheckConstraint(
                name="evidence_covers_in_order",
                condition=Q(covered_from__isnull=True)
                | Q(covered_to__isnull=True)
                | Q(covered_to__gte=F("covered_from")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.title}"

    @property
    def label(self) -> str:
        """E-033; E-033 v2 for a later version."""
        return f"E-{self.number:03}" if self.version == 1 else f"E-{self.number:03} v{self.version}"

    @property
    def days(self) -> list[date]:
        """The days on which it happened, in order."""
        return [date.fromisoformat(day) for day in self.dates]

    @property
    def newer(self) -> Evidence | None:
        """The newest version in force after this one. Select `replaced_by` where many are asked."""
        found, later = None, getattr(self, "replaced_by", None)
        while later:
            found = found if later.withdrawn else later
            later = getattr(later, "replaced_by", None)
        return found

    @property
    def withdrawn(self) -> EvidenceDecision | None:
        """The decision that sealed it off, if any."""
        return self._decided(EvidenceDecision.Kind.WITHDRAWN)

    @property
    def released(self) -> EvidenceDecision | None:
        """The decision that let it out of quarantine, if any."""
        return self._decided(EvidenceDecision.Kind.RELEASED)

    @property
    def in_quarantine(self) -> bool:
        return bool(self.file.concerns) and self.released is None

    @property
    def is_usable(self) -> bool:
        """Whether it may be looked at, downloaded and cited."""
        return self.withdrawn is None and not self.in_quarantine

    def _decided(self, kind: EvidenceDecision.Kind) -> EvidenceDecision | None:
        """Prefetch `decisions` where many are asked."""
        return next((decision for decision in self.decisions.all() if decision.kind == kind), None)

    def get_absolute_url(self) -> str:
        return reverse("evidence", kwargs={"evidence": self.pk})

    def roles_of(self, user: User) -> frozenset[Role]:
        return self.engagement.roles_of(user)


class EvidenceDecision(models.Model):
    """Somebody's decision on a piece of evidence, with the reason: withdrawn (kept, sealed off), or released from
    quarantine in spite of its concerns. Never altered.
    """

    class Kind(models.TextChoices):
        WITHDRAWN = "withdrawn", _("Withdrawn")
        RELEASED = "released", _("Released")

    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="decisions")
    kind = models.CharField(max_length=9, choices=Kind.choices)
    reason = models.TextField(_("reason"), max_length=2000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("id",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["evidence", "kind"], name="decided_once_of_a_kind"),
            models.CheckConstraint(name="a_decision_on_evidence_says_why", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.evidence_id} {self.kind}"


class Viewing(models.Model):
    """Somebody looked at a piece of evidence: once per person, version and session there is an event of it."""

    evidence = models.ForeignKey(Evidence, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    session = models.CharField(max_length=64)  # a digest: the key itself opens the session
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["evidence", "user", "session"], name="viewed_once_in_a_session"),
        ]

    def __str__(self) -> str:
        return f"{self.evidence_id} {self.user_id}"
