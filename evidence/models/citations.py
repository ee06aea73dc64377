"""Where results cite evidence."""

from __future__ import annotations

from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from foundation.accounts.models import User
from foundation.accounts.policy import Role
from procedures.models import ProcedureResult

from .pieces import Evidence

WHOLE = 10_000  # an area's places are counted in ten-thousandths of the page's width and height


class Citation(models.Model):
    """A result points at a piece of evidence: to the page where there is one, and to an area of it."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    result = models.ForeignKey(ProcedureResult, on_delete=models.CASCADE, related_name="+")
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="citations")
    page = models.PositiveIntegerField(_("page"), null=True, blank=True)
    left = models.PositiveSmallIntegerField(null=True, blank=True)
    top = models.PositiveSmallIntegerField(null=True, blank=True)
    right = models.PositiveSmallIntegerField(null=True, blank=True)
    bottom = models.PositiveSmallIntegerField(null=True, blank=True)
    tickmark = models.CharField(_("tickmark"), max_length=4, default="✓")
    meaning = models.CharField(_("what the tickmark says"), max_length=200, blank=True)
    cited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    cited_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("cited_at",)
        constraints: ClassVar = [
            models.CheckConstraint(
                name="an_area_is_whole_and_on_a_page",
                condition=Q(left__isnull=True, top__isnull=True, right__isnull=True, bottom__isnull=True)
                | Q(page__isnull=False, left__lt=F("right"), top__lt=F("bottom"), right__lte=WHOLE, bottom__lte=WHOLE),
            ),
        ]

    def __str__(self) -> str:
        page = f" p.{self.page}" if self.page else ""
        return f"{self.evidence}{page}"

    def get_absolute_url(self) -> str:
        """The evidence's page, opened at the place."""
        return f"{reverse('evidence', kwargs={'evidence': self.evidence_id})}?citation={self.pk}"

    @property
    def area(self) -> tuple[int, int, int, int] | None:
        """Left, top, right, bottom in ten-thousandths of the page; None: the page, or the piece, as a whole."""
        places = self.left, self.top, self.right, self.bottom
        return None if None in places else places  # type: ignore[return-value]  # the constraint: all or none

    def roles_of(self, user: User) -> frozenset[Role]:
        return self.evidence.roles_of(user)
