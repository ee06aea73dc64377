"""Report versions from request to issue, and the partners' signatures on them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from engagements.models import Engagement
from foundation.accounts.models import Organization, User
from foundation.accounts.policy import Role
from foundation.files.models import StoredFile
from foundation.jobs.models import Job


class ReportVersionQuerySet(models.QuerySet["ReportVersion"]):
    """Reports as a person may see them: the team every version, the second signer the final ones, the exchange what
    was issued and filed with it, the broker what was issued and released to it.
    """

    def visible_to(self, user: User) -> ReportVersionQuerySet:
        if user.role == Role.EXCHANGE:
            return self.filter(engagement__filed_with=user.organization_id, issued_at__isnull=False)
        mine = self.filter(engagement__in=Engagement.objects.visible_to(user))
        if user.role == Role.BROKER:
            return mine.filter(issued_at__isnull=False, release__isnull=False)
        if user.role == Role.PARTNER:
            return mine | self.filter(
                engagement__firm=user.organization_id, engagement__cosigner__user=user, final=True
            )
        return mine


# From the report's date until its file is put together (ISQM 1, A83: ordinarily not more than 60 days).
ASSEMBLY = timedelta(days=60)


class ReportVersion(models.Model):
    """One rendering of an engagement's report, from a binder frozen once. Issued ones never change."""

    class State(models.TextChoices):
        QUEUED = "queued", _("Rendering")
        RENDERED = "rendered", _("Rendered")
        FAILED = "failed", _("Failed")
        ISSUED = "issued", _("Issued")
        SUPERSEDED = "superseded", _("Superseded")
        WITHDRAWN = "withdrawn", pgettext_lazy("report", "Withdrawn")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="reports")
    number = models.PositiveIntegerField(_("version"))
    final = models.BooleanField(_("final"), default=False)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.QUEUED)
    report_number = models.CharField(_("report number"), max_length=60, blank=True)
    report_date = models.DateField(_("report date"), null=True, blank=True)
    fingerprint = models.CharField(_("fingerprint of the file"), max_length=64)
    job = models.ForeignKey(Job, null=True, on_delete=models.PROTECT, related_name="+")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(default=timezone.now)
    binder = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    pdf = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    workbook = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    docx = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    pages = models.PositiveIntegerField(_("pages"), null=True)
    outline = models.JSONField(default=list)  # [level, heading, page] of each bookmark, in their order
    problems = models.JSONField(default=list)
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField(null=True)

    objects: ClassVar[ReportVersionQuerySet] = ReportVersionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("engagement", "-number")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["engagement", "number"], name="report_versions_are_numbered"),
            models.UniqueConstraint(fields=["engagement"], condition=Q(state="issued"), name="one_report_is_in_force"),
            models.CheckConstraint(
                name="issued_reports_are_whole",
                condition=Q(issued_at__isnull=True)
                | Q(
                    final=True,
                    pdf__isnull=False,
                    binder__isnull=False,
                    report_date__isnull=False,
                    issued_by__isnull=False,
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.report_number or f"v{self.number}"

    @property
    def is_issued(self) -> bool:
        return self.issued_at is not None

    @property
    def assembly_due(self) -> date | None:
        """The day by which the issued file is put together."""
        return self.report_date + ASSEMBLY if self.report_date else None

    @property
    def files(self) -> dict[str, StoredFile | None]:
        """What was rendered, by the word that an address has for it."""
        return {"pdf": self.pdf, "xlsx": self.workbook, "docx": self.docx}

    def get_absolute_url(self) -> str:
        return reverse("report", kwargs={"report": self.pk})

    @property
    def is_released(self) -> bool:
        """Whether the broker may read it."""
        return self.is_issued and hasattr(self, "release")

    def roles_of(self, user: User) -> frozenset[Role]:
        """The exchange has its role on what was issued and filed with it, the broker on what was released to it, the
        second signer a partner's on final versions; the firm's other people have their team role.
        """
        if user.role == Role.EXCHANGE:
            filed_here = self.is_issued and self.engagement.filed_with_id == user.organization_id
            return frozenset({Role.EXCHANGE}) if filed_here and user.is_active else frozenset()
        roles = self.engagement.roles_of(user)
        if user.role == Role.BROKER:
            return roles if roles and self.is_released else frozenset()
        return roles | {Role.PARTNER} if self._is_cosigned_by(user) else roles

    def _is_cosigned_by(self, user: User) -> bool:
        ours = user.is_active and user.role == Role.PARTNER and user.organization_id == self.engagement.firm_id
        cosigner = getattr(self.engagement, "cosigner", None) if ours and self.final else None
        return cosigner is not None and cosigner.user_id == user.pk


class Cosigner(models.Model):
    """The second partner who signs an engagement's report; an engagement without one has one signer."""

    engagement = models.OneToOneField(Engagement, on_delete=models.CASCADE, primary_key=True, related_name="cosigner")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    named_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    named_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return str(self.user)


class Signature(models.Model):
    """A partner's signature on a final report: the binder's hash, the person, the time. Never altered."""

    report = models.ForeignKey(ReportVersion, on_delete=models.PROTECT, related_name="signatures")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    binder_sha256 = models.CharField(max_length=64)
    pdf_sha256 = models.CharField(max_length=64)
    signed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("report", "id")
        constraints: ClassVar = [models.UniqueConstraint(fields=["report", "user"], name="nobody_signs_a_report_twice")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.signed_at:%Y-%m-%d}"
