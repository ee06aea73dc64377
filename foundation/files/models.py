"""Stored files, their bytes never altered, and files on their way in."""

from __future__ import annotations

from typing import IO, ClassVar
from uuid import uuid4

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.accounts.models import User
from foundation.accounts.policy import Role
from foundation.files.concerns import in_words

CHUNK = 8 * 1024**2


class StoredFile(models.Model):
    """Bytes with their SHA-256. The storage key is a UUID; the name is only what the sender called it.

    `concerns` are what was found when the bytes came in, as codes with a detail ("virus:Eicar"; see inspection.py).
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    name = models.CharField(_("file name"), max_length=255)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    sha256 = models.CharField("SHA-256", max_length=64, db_index=True)
    media_type = models.CharField(_("detected type"), max_length=100)
    concerns = models.JSONField(_("concerns"), default=list, blank=True)
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
    def concerns_in_words(self) -> list[str]:
        """What was found when the bytes came in, in the reader's language."""
        return in_words(self.concerns)

    @property
    def short_hash(self) -> str:
        """Return the first and last digits of the hash, enough to compare by eye."""
        return f"{self.sha256[:8]}…{self.sha256[-4:]}"


class UploadQuerySet(models.QuerySet["Upload"]):
    """Files on their way in, each seen by its sender only."""

    def visible_to(self, user: User) -> UploadQuerySet:
        return self.filter(by=user)


class Upload(models.Model):
    """A file on its way in: its bytes arrive in chunks, are checked, and wait to be taken by whatever they are for.

    receiving → checking (all bytes are here; whole hash, type and virus scan are a job's) → ready | refused. Taking a
    ready one (uploads.take) makes the StoredFile and ends this row. `scope` names what the file is for, e.g. an
    engagement's key: it is taken for nothing else. `digests` are the SHA-256 values of the chunks, 32 bytes each.
    """

    class State(models.TextChoices):
        RECEIVING = "receiving", _("Receiving")
        CHECKING = "checking", _("Checking")
        READY = "ready", _("Received whole")
        REFUSED = "refused", _("Refused")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    scope = models.UUIDField()
    name = models.CharField(_("file name"), max_length=255)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    received = models.PositiveBigIntegerField(default=0)
    digests = models.BinaryField(default=b"")
    state = models.CharField(max_length=9, choices=State.choices, default=State.RECEIVING)
    sha256 = models.CharField(max_length=64, blank=True)
    media_type = models.CharField(max_length=100, blank=True)
    concerns = models.JSONField(default=list, blank=True)
    cause = models.TextField(blank=True)
    begun_at = models.DateTimeField(auto_now_add=True)
    touched_at = models.DateTimeField(auto_now=True)

    objects: ClassVar[UploadQuerySet] = UploadQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("begun_at",)
        indexes: ClassVar = [models.Index(fields=["scope"], name="upload_scope")]

    def __str__(self) -> str:
        return self.name

    @property
    def key(self) -> str:
        """The storage key that the bytes have once they are whole."""
        return key_of(self.id.hex)

    @property
    def next_length(self) -> int:
        """Bytes of the chunk that comes next: every one but the last is a whole one; 0 when all are here."""
        return min(CHUNK, self.size - self.received)

    def roles_of(self, user: User) -> frozenset[Role]:
        """Its sender is what they are at home; to everybody else it is nothing."""
        return user.roles if user.pk == self.by_id else frozenset()


def key_of(name: str) -> str:
    """Return the storage key of a UUID's 32 digits: folders of a 256th each."""
    return f"{name[:2]}/{name}"
