"""What the auditee is asked for, what was handed over, and where results cite it."""

from __future__ import annotations

from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from controls.models import ExpectedDocument
from engagements.models import Engagement
from foundation.accounts.models import User
from foundation.accounts.policy import Role
from foundation.files.models import StoredFile
from procedures.models import ProcedureResult


class RequestQuerySet(models.QuerySet["Request"]):
    """Requests as a person may see them: the team all, the broker those sent to it."""

    def visible_to(self, user: User) -> RequestQuerySet:
        seen = self.filter(engagement__in=Engagement.objects.visible_to(user))
        return seen.exclude(state=Request.State.DRAFT) if user.role == Role.BROKER else seen

    def waiting_for_broker(self) -> RequestQuerySet:
        return self.filter(state__in=Request.OPEN_STATES)


class Request(models.Model):
    """One line of the request list (受查者提供資料清單): a document asked of the broker for its procedures."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        REQUESTED = "requested", _("Awaiting documents")
        SUBMITTED = "submitted", _("Awaiting inspection")
        ACCEPTED = "accepted", _("Received")
        RETURNED = "returned", _("Returned for completion")
        DISPOSED = "disposed", _("Closed")

    OPEN_STATES: ClassVar = (State.REQUESTED, State.RETURNED)
    SETTLED_STATES: ClassVar = (State.ACCEPTED, State.DISPOSED)

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="requests")
    number = models.PositiveIntegerField(_("number"))
    title = models.CharField(_("document"), max_length=300)
    kind = models.CharField(_("category"), max_length=20)
    detail = models.TextField(_("details"), blank=True, max_length=2000)
    documents = models.ManyToManyField(ExpectedDocument, related_name="+")
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.REQUESTED)
    due_on = models.DateField(_("due"))
    answer = models.TextField(_("remark of the broker"), blank=True, max_length=2000)
    returned_because = models.TextField(_("why it was returned"), blank=True, max_length=2000)
    state_since = models.DateTimeField(default=timezone.now)

    objects: ClassVar[RequestQuerySet] = RequestQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("engagement", "number")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["engagement", "number"], name="request_numbers_are_unique"),
            models.CheckConstraint(name="a_return_says_why", condition=~Q(state="returned") | ~Q(returned_because="")),
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.title}"

    @property
    def label(self) -> str:
        """R-012."""
        return f"R-{self.number:03}"

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN_STATES

    @property
    def is_overdue(self) -> bool:
        return self.is_open and self.due_on < timezone.localdate()

    def get_absolute_url(self) -> str:
        return reverse("request", kwargs={"request_id": self.pk})

    def roles_of(self, user: User) -> frozenset[Role]:
        return self.engagement.roles_of(user)


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    """Evidence as a person may see it: the team all of the file, the broker what its own people handed over."""

    def visible_to(self, user: User) -> EvidenceQuerySet:
        seen = self.filter(engagement__in=Engagement.objects.visible_to(user))
        if user.role == Role.BROKER:
            return seen.filter(file__stored_by__organization=user.organization_id)
        return seen


class Evidence(models.Model):
    """One piece of evidence: an unalterable file with a number in the engagement and the time it speaks about."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="evidence")
    request = models.ForeignKey(Request, null=True, blank=True, on_delete=models.PROTECT, related_name="evidence")
    number = models.PositiveIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=300)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    covered_from = models.DateField(_("covered from"), null=True, blank=True)
    covered_to = models.DateField(_("covered to"), null=True, blank=True)
    received_at = models.DateTimeField(_("received"), default=timezone.now)

    objects: ClassVar[EvidenceQuerySet] = EvidenceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("engagement", "number")
        verbose_name_plural = "evidence"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["engagement", "number"], name="evidence_numbers_are_unique"),
            models.CheckConstraint(
                name="evidence_covers_in_order",
                condition=Q(covered_from__isnull=True)
                | Q(covered_to__isnull=True)
                | Q(covered_to__gte=F("covered_from")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.title}"

    @property
    def label(self) -> str:
        """E-033."""
        return f"E-{self.number:03}"

    def get_absolute_url(self) -> str:
        return reverse("evidence-download", kwargs={"evidence": self.pk})

    def roles_of(self, user: User) -> frozenset[Role]:
        return self.engagement.roles_of(user)


class Citation(models.Model):
    """A result points at a piece of evidence, to the page where there is one."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    result = models.ForeignKey(ProcedureResult, on_delete=models.CASCADE, related_name="+")
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="citations")
    page = models.PositiveIntegerField(_("page"), null=True, blank=True)
    tickmark = models.CharField(_("tickmark"), max_length=4, default="✓")
    cited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    cited_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("cited_at",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["result", "evidence"], name="a_result_cites_evidence_once"),
        ]

    def __str__(self) -> str:
        page = f" p.{self.page}" if self.page else ""
        return f"{self.evidence}{page}"

    def roles_of(self, user: User) -> frozenset[Role]:
        return self.evidence.roles_of(user)
