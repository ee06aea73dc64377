"""A firm's own wordings of the report letter. A version's text never changes; the last approved one is in force."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engagements.models import Engagement
from foundation.accounts.models import Organization, User
from foundation.accounts.policy import Role
from signoff.models.conclusions import ConclusionKind


class LetterTemplateQuerySet(models.QuerySet["LetterTemplate"]):
    """Versions of templates, for the firm's own people."""

    def visible_to(self, user: User) -> LetterTemplateQuerySet:
        return self.filter(firm=user.organization_id)

    def in_force(self, firm: Any, kind: Any, conclusion: Any) -> LetterTemplateQuerySet:
        """The approved versions of one template, the one in force first. Takes values or expressions."""
        approved = self.filter(firm=firm, kind=kind, conclusion=conclusion, approved_at__isnull=False)
        return approved.order_by("-version")


class LetterTemplate(models.Model):
    """One version of a firm's template for a kind of engagement and a conclusion.

    An empty text goes back to the wording supplied with the product. It counts once a second person has approved it.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    firm = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=13, choices=Engagement.Kind.choices)
    conclusion = models.CharField(max_length=12, choices=ConclusionKind.choices)
    version = models.PositiveIntegerField(_("version"))
    text = models.TextField(_("wording"), blank=True, max_length=20_000)
    reason = models.TextField(_("why it is changed"), max_length=1000)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=timezone.now)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)

    objects: ClassVar[LetterTemplateQuerySet] = LetterTemplateQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("kind", "conclusion", "-version")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["firm", "kind", "conclusion", "version"], name="letter_templates_are_numbered"
            ),
            models.CheckConstraint(
                name="a_second_person_approves_a_letter_template",
                condition=Q(approved_by=None, approved_at=None)
                | Q(approved_by__isnull=False, approved_at__isnull=False) & ~Q(approved_by=F("written_by")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} v{self.version}"

    @property
    def key(self) -> str:
        """annual-qualified: which of the twelve it is."""
        return f"{self.kind}-{self.conclusion}"

    def roles_of(self, user: User) -> frozenset[Role]:
        """What `user` is in the firm whose template this is."""
        return user.roles if user.organization_id == self.firm_id else frozenset()
