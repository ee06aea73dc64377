"""A firm's own tickmarks and phrases. A row says the same for ever: a new wording is a new row, the old one retires."""

from __future__ import annotations

from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from foundation.accounts.models import Organization, User
from foundation.accounts.policy import Role
from procedures.signs import validate_sign


class LibraryQuerySet(models.QuerySet):  # type: ignore[type-arg]  # shared by the two kinds of entry
    """Entries of a firm's library, for its own people."""

    def visible_to(self, user: User) -> LibraryQuerySet:
        return self.filter(firm=user.organization_id)

    def in_use(self) -> LibraryQuerySet:
        return self.filter(retired_at__isnull=True)


class LibraryEntry(models.Model):
    """What tickmarks and phrases have in common."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    firm = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = LibraryQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ("position", "added_at")

    def roles_of(self, user: User) -> frozenset[Role]:
        """What `user` is in the firm whose library this is."""
        return user.roles if user.organization_id == self.firm_id else frozenset()


class Tickmark(LibraryEntry):
    """A sign and what it says of the place where it stands."""

    sign = models.CharField(_("sign"), max_length=4)
    meaning = models.CharField(_("meaning"), max_length=200)

    class Meta(LibraryEntry.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["firm", "sign"], condition=Q(retired_at__isnull=True), name="a_sign_has_one_meaning"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sign} {self.meaning}"

    def clean(self) -> None:
        """Refuse a sign that no report could print."""
        validate_sign(self.sign)


class Phrase(LibraryEntry):
    """A wording that the firm uses again and again."""

    class Use(models.TextChoices):
        WORK = "work", _("Work performed")
        REASON = "reason", _("Reason")
        CONCLUSION = "conclusion", _("Conclusion")
        NOTE = "note", _("Review note")

    use = models.CharField(_("for"), max_length=10, choices=Use.choices)
    title = models.CharField(_("title"), max_length=60)
    text = models.TextField(_("text"), max_length=2000)

    def __str__(self) -> str:
        return self.title
