"""Review notes, and the reviews that gather them."""

from __future__ import annotations

from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from foundation.accounts.models import User
from foundation.accounts.policy import Role

from .engagements import Engagement


class Review(models.Model):
    """One sitting of a reviewer: papers are opened, notes gathered, and all of it submitted at once."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="reviews")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(default=timezone.now)
    submitted_at = models.DateTimeField(null=True, blank=True)
    summary = models.TextField(_("summary"), blank=True, max_length=4000)

    class Meta:
        ordering = ("engagement", "started_at")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["engagement", "reviewer"],
                condition=Q(submitted_at__isnull=True),
                name="a_reviewer_has_one_open_review",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reviewer_id} {self.started_at:%Y-%m-%d}"

    def roles_of(self, user: User) -> frozenset[Role]:
        return self.engagement.roles_of(user)


class NoteQuerySet(models.QuerySet["Note"]):
    """Notes and replies; what is a draft is its author's alone."""

    def published(self) -> NoteQuerySet:
        return self.filter(published_at__isnull=False)

    def open(self) -> NoteQuerySet:
        """The threads that somebody has to do something about."""
        return self.published().filter(parent=None, resolved_at=None)

    def readable_by(self, user: User) -> NoteQuerySet:
        """What was published, and one's own drafts."""
        return self.filter(Q(published_at__isnull=False) | Q(author=user))


class Note(models.Model):
    """覆核意見: a review note or a reply to one, anchored by type, key and label to what it is about; perhaps to a part
    of it (a result of a paper) and to words of its text.

    Written in a review, it is its author's draft until the review is submitted: `published_at` is empty.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="notes")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.CASCADE, related_name="replies")
    anchor_type = models.CharField(max_length=40)
    anchor_id = models.UUIDField(db_index=True)
    anchor_label = models.CharField(max_length=120)
    part_id = models.UUIDField(null=True, blank=True)
    part_label = models.CharField(max_length=60, blank=True)
    quote = models.CharField(_("words of the text"), max_length=500, blank=True)
    review = models.ForeignKey(Review, null=True, blank=True, on_delete=models.PROTECT, related_name="notes")
    text = models.TextField(_("note"), max_length=4000)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(auto_now_add=True)
    published_at = models.DateTimeField(null=True, blank=True, default=timezone.now)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("for"),
    )
    due_on = models.DateField(_("due"), null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    resolved_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[NoteQuerySet] = NoteQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("written_at",)
        indexes: ClassVar = [models.Index(fields=["engagement", "resolved_at"])]

    def __str__(self) -> str:
        return self.anchor_label

    @property
    def is_draft(self) -> bool:
        return self.published_at is None

    @property
    def is_overdue(self) -> bool:
        return self.is_open and self.due_on is not None and self.due_on < timezone.localdate()

    @property
    def is_open(self) -> bool:
        return self.resolved_at is None

    def roles_of(self, user: User) -> frozenset[Role]:
        return self.engagement.roles_of(user)
