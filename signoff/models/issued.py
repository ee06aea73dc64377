"""What becomes of a report once it is issued: its scan, its release, its return, its withdrawal, its reissue.

None of these rows changes the report; each is kept for good and told by an event.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engagements.models import Engagement
from foundation.files.models import StoredFile
from signoff.models.reports import ReportVersion


class ScannedReport(models.Model):
    """The frozen PDF printed, signed and sealed on paper, and scanned. A later scan takes the place of an earlier one.

    `pdf_sha256` is the hash of the PDF that was printed: what ties the paper to the frozen file.
    """

    report = models.ForeignKey(ReportVersion, on_delete=models.PROTECT, related_name="scans")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    pdf_sha256 = models.CharField(max_length=64)
    note = models.CharField(_("remark"), max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("report", "-id")

    def __str__(self) -> str:
        return f"{self.report} {self.at:%Y-%m-%d}"


class ReportRelease(models.Model):
    """The partner hands the issued report to the broker."""

    report = models.OneToOneField(ReportVersion, on_delete=models.PROTECT, primary_key=True, related_name="release")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return str(self.report)


class ReportReturn(models.Model):
    """The exchange returns a report for correction. It is answered in writing by the partner, or by a reissue."""

    report = models.ForeignKey(ReportVersion, on_delete=models.PROTECT, related_name="returns")
    reason = models.TextField(_("reason"), max_length=2000)
    returned_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    returned_at = models.DateTimeField(default=timezone.now)
    answer = models.TextField(_("answer"), max_length=4000, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("report", "-id")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["report"], condition=Q(answered_at__isnull=True), name="one_return_is_open_per_report"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report} {self.returned_at:%Y-%m-%d}"

    @property
    def is_open(self) -> bool:
        """Whether somebody owes an answer: a report that another one replaced was answered by that."""
        return self.answered_at is None and self.report.state != ReportVersion.State.SUPERSEDED


class ReportWithdrawal(models.Model):
    """The partner takes an issued report back without issuing another; the broker's board and the exchange are told."""

    report = models.OneToOneField(ReportVersion, on_delete=models.PROTECT, primary_key=True, related_name="withdrawal")
    reason = models.TextField(_("reason"), max_length=2000)
    board_told_on = models.DateField(_("board told on"))
    board_told_by = models.CharField(_("way of telling the board"), max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return str(self.report)


class ReissueQuerySet(models.QuerySet["Reissue"]):
    """Reissues, under way or over."""

    def under_way(self) -> ReissueQuerySet:
        return self.filter(closed_at__isnull=True)


class Reissue(models.Model):
    """Why and how an issued report `of` is replaced; closed by the `version` issued in its place, or cancelled.

    `opened_with` is the file's fingerprint just after it was opened: while it is the same nothing was changed.
    """

    class Kind(models.TextChoices):
        MATERIAL = "material", _("Material: the work or the conclusion changes")
        EDITORIAL = "editorial", _("Editorial: only the letter's entries change")

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="reissues")
    of = models.ForeignKey(ReportVersion, on_delete=models.PROTECT, related_name="reissues")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    reason = models.TextField(_("reason"), max_length=2000)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(default=timezone.now)
    opened_with = models.CharField(max_length=64, blank=True)
    version = models.OneToOneField(ReportVersion, null=True, on_delete=models.PROTECT, related_name="reissue")
    cancelled_because = models.TextField(_("cancelled because"), max_length=2000, blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)

    objects: ClassVar[ReissueQuerySet] = ReissueQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("engagement", "-id")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["engagement"], condition=Q(closed_at__isnull=True), name="one_reissue_is_under_way"
            ),
            models.CheckConstraint(
                name="reissues_end_by_a_report_or_a_reason",
                condition=Q(closed_at__isnull=True, version__isnull=True, cancelled_because="")
                | Q(closed_at__isnull=False, version__isnull=False, cancelled_because="")
                | (Q(closed_at__isnull=False, version__isnull=True) & ~Q(cancelled_because="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.of} {self.get_kind_display()}"

    @property
    def is_under_way(self) -> bool:
        return self.closed_at is None
