"""Stored files: the bytes received, never altered."""

from __future__ import annotations

from typing import IO
from uuid import uuid4

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import models
from django.utils.translation import gettext_lazy as _


class StoredFile(models.Model):
    """Bytes with their SHA-256. The storage key is a UUID; the name is only what the sender called it."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    name = models.CharField(_("file name"), max_length=255)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    sha256 = models.CharField("SHA-256", max_length=64, db_index=True)
    media_type = models.CharField(_("detected type"), max_length=100)
    key = models.CharField(_("storage key"), max_length=80, unique=True)
    stored_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    stored_at = models.DateTimeField(_("stored at"), auto_now_add=True)

    class Meta:
        ordering = ("stored_at",)

    def __str__(self) -> str:
        return self.name

    def open(self) -> IO[bytes]:
        """Open the bytes for reading."""
        return default_storage.open(self.key, "rb")

    @property
    def short_hash(self) -> str:
        """Return the first and last digits of the hash, enough to compare by eye."""
        return f"{self.sha256[:8]}…{self.sha256[-4:]}"
