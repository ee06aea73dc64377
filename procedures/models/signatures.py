"""Who wrote what on a paper, and who signed which of its contents."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .papers import ProcedureResult, Workpaper


class Revision(models.Model):
    """Who wrote what, when: one row per author and result while they keep typing (five minutes)."""

    workpaper = models.ForeignKey(Workpaper, on_delete=models.CASCADE, related_name="revisions")
    result = models.ForeignKey(ProcedureResult, null=True, on_delete=models.CASCADE, related_name="revisions")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    content = models.JSONField()
    content_version = models.PositiveIntegerField()
    started_at = models.DateTimeField(default=timezone.now)
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("workpaper", "-id")
        indexes: ClassVar = [models.Index(fields=["workpaper", "content_version"])]

    def __str__(self) -> str:
        return f"{self.workpaper_id} v{self.content_version}"


class SignOff(models.Model):
    """A signature on a paper's content version: a row with person, time and hash, never a flag, never altered.

    Unique (paper, version, person) across roles: nobody reviews what they prepared. Unique (paper, version, role).
    """

    class Role(models.TextChoices):
        PREPARED = "prepared", _("Prepared")
        REVIEWED = "reviewed", _("Reviewed")
        APPROVED = "approved", _("Approved by partner")

    workpaper = models.ForeignKey(Workpaper, on_delete=models.PROTECT, related_name="signoffs")
    role = models.CharField(_("role"), max_length=10, choices=Role.choices)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    content_version = models.PositiveIntegerField()
    content_hash = models.CharField(max_length=64)
    signed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("workpaper", "id")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workpaper", "content_version", "user"], name="nobody_signs_twice"),
            models.UniqueConstraint(fields=["workpaper", "content_version", "role"], name="one_signoff_per_role"),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} v{self.content_version}"
