"""客戶聲明書: the representation letter as drafted for management, and as it came back signed. Rows never change."""

from __future__ import annotations

from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engagements.models import Engagement
from evidence.models import Evidence
from foundation.accounts.models import User
from foundation.accounts.policy import Role


class RepresentationLetter(models.Model):
    """One draft; the last one counts. A new draft has to be signed anew."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="representations")
    number = models.PositiveSmallIntegerField(_("version"))
    text = models.TextField(_("text of the letter"), max_length=20_000)
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("engagement", "-number")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["engagement", "number"], name="representation_letters_are_numbered"),
        ]

    def __str__(self) -> str:
        return f"v{self.number}"

    def roles_of(self, user: User) -> frozenset[Role]:
        return self.engagement.roles_of(user)


class SignedRepresentation(models.Model):
    """A draft that came back signed, and its scan; where it was recorded again, the last one counts."""

    letter = models.ForeignKey(RepresentationLetter, on_delete=models.CASCADE, related_name="signatures")
    dated_on = models.DateField(_("date of the letter"))
    signatory = models.CharField(_("signed by"), max_length=200)
    scan = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("letter", "-id")

    def __str__(self) -> str:
        return f"{self.letter} {self.dated_on}"

    def roles_of(self, user: User) -> frozenset[Role]:
        return self.letter.roles_of(user)
