"""What people enter for the report letter of an engagement: placeholders and optional paragraphs."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from engagements.models import Engagement
from foundation.accounts.models import User
from foundation.accounts.policy import Role


class LetterEntries(models.Model):
    """One row per engagement. `values` maps a placeholder's name to its text, `options` lists chosen paragraphs.

    The words are those of the letter templates (fixtures/letters). A report that is rendered keeps its own copy in
    its binder, so that later entries change nothing that was signed.
    """

    engagement = models.OneToOneField(Engagement, on_delete=models.CASCADE, primary_key=True, related_name="+")
    values = models.JSONField(default=dict)
    options = models.JSONField(default=list)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return str(self.engagement)

    def roles_of(self, user: User) -> frozenset[Role]:
        return self.engagement.roles_of(user)
