"""What an engagement is accepted on: declarations, the engagement letter, the partner's decision. Rows only come."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from foundation.accounts.models import User
from foundation.accounts.policy import Role
from foundation.files.models import StoredFile

from .engagements import Engagement


class Declaration(models.Model):
    """Independence and competence, as a member declares their own, or the firm's independence, as the partner does.

    The latest of each counts. `threats` are relations and other services to the broker, empty where there are none.
    """

    class Of(models.TextChoices):
        MEMBER = "member", _("A member's own")
        FIRM = "firm", _("The firm's")

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="declarations")
    of = models.CharField(_("whose"), max_length=6, choices=Of.choices, default=Of.MEMBER)
    declared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    threats = models.TextField(_("threats to independence"), blank=True, max_length=2000)
    safeguards = models.TextField(_("safeguards"), blank=True, max_length=2000)
    competence = models.TextField(_("competence"), blank=True, max_length=2000)
    declared_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("engagement", "id")
        constraints: ClassVar = [
            models.CheckConstraint(name="a_member_declares_competence", condition=Q(of="firm") | ~Q(competence="")),
        ]

    def __str__(self) -> str:
        return f"{self.declared_by_id} {self.declared_at:%Y-%m-%d}"

    @property
    def is_enough(self) -> bool:
        """Whether every threat that it names has its safeguard."""
        return not self.threats or bool(self.safeguards)


class EngagementLetter(models.Model):
    """The signed engagement letter (委任書). The latest counts; what it replaced stays."""

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="letters")
    dated_on = models.DateField(_("dated"))
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    # Article 22 of the exchange's rules: the FSC and the exchange may ask for explanations and working papers.
    has_clause = models.BooleanField(_("has the clause of article 22"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("engagement", "id")

    def __str__(self) -> str:
        return f"{self.file_id} {self.dated_on}"

    def roles_of(self, user: User) -> frozenset[Role]:
        return self.engagement.roles_of(user)


class Acceptance(models.Model):
    """The partner's decision to accept: in which form, why the criteria suit, and why at all.

    The latest counts, until the engagement is sent back to acceptance.
    """

    class Form(models.TextChoices):
        DIRECT = "direct", _("Direct engagement")
        ATTESTATION = "attestation", _("Attestation engagement")

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="acceptances")
    form = models.CharField(_("form of the engagement"), max_length=11, choices=Form.choices)
    criteria = models.TextField(_("why the criteria are suitable"), max_length=4000)
    rationale = models.TextField(_("rationale"), max_length=4000)
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    accepted_at = models.DateTimeField(default=timezone.now)
    lapsed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ("engagement", "id")

    def __str__(self) -> str:
        return self.get_form_display()
