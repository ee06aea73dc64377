"""Who looked at which content of a paper: in a review that isn't submitted yet, and at this moment."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from engagements.models import Engagement, Review

from .papers import Workpaper


class ReviewedPaper(models.Model):
    """A paper that a reviewer opened in a review, at the content that was on the screen last: when the review is
    submitted, nothing else may be signed.
    """

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="+")
    workpaper = models.ForeignKey(Workpaper, on_delete=models.CASCADE, related_name="+")
    content_version = models.PositiveIntegerField()
    opened_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("review", "workpaper__position")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["review", "workpaper"], name="a_review_holds_a_paper_once"),
        ]

    def __str__(self) -> str:
        return f"{self.workpaper_id} v{self.content_version}"


class Presence(models.Model):
    """Where a member of the team is: told by the open page every few seconds, forgotten soon after."""

    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    workpaper = models.ForeignKey(Workpaper, null=True, on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["engagement", "user"], name="somebody_is_in_one_place"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.workpaper_id}"
