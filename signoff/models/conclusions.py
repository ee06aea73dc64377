"""The conclusion of an engagement and the signatures on its whole file."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engagements.models import Engagement


class ConclusionKind(models.TextChoices):
    """The four conclusions of an assurance report."""

    UNMODIFIED = "unmodified", _("Unmodified conclusion")
    QUALIFIED = "qualified", _("Qualified conclusion")
    ADVERSE = "adverse", _("Adverse conclusion")
    DISCLAIMER = "disclaimer", _("Disclaimer of conclusion")


class Pervasive(models.TextChoices):
    """The partner's judgement of how far the effects reach, where something material is there to be judged."""

    NO = "no", _("No: material, but confined")
    FINDINGS = "findings", _("Yes: the effects of the findings are pervasive")
    LIMITATIONS = "limitations", _("Yes: the possible effects of the scope limitations are pervasive")


class Conclusion(models.Model):
    """The partner's decision and why.

    `proposed` is what the rules proposed then; where the decision is another, `departure` says why.
    """

    engagement = models.OneToOneField(Engagement, on_delete=models.CASCADE, primary_key=True, related_name="conclusion")
    kind = models.CharField(_("conclusion"), max_length=12, choices=ConclusionKind.choices)
    rationale = models.TextField(_("rationale"), max_length=8000)
    pervasive = models.CharField(_("pervasive"), max_length=11, choices=Pervasive.choices, blank=True)
    pervasive_because = models.TextField(_("why so far and no further"), blank=True, max_length=4000)
    proposed = models.CharField(_("proposed"), max_length=12, choices=ConclusionKind.choices, blank=True)
    departure = models.TextField(_("why not as proposed"), blank=True, max_length=4000)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.get_kind_display()


class EngagementSignOff(models.Model):
    """A signature on the whole file, bound to its fingerprint. Unique (engagement, fingerprint, person)."""

    class Role(models.TextChoices):
        FINAL = "final", _("Partner's final sign-off")
        QUALITY = "quality", _("Quality review")

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="signoffs")
    role = models.CharField(_("role"), max_length=10, choices=Role.choices)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    fingerprint = models.CharField(max_length=64)
    signed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("engagement", "id")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["engagement", "fingerprint", "user"], name="nobody_signs_the_file_twice"),
        ]

    def __str__(self) -> str:
        return self.get_role_display()
