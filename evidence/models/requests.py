"""What the auditee is asked for."""

from __future__ import annotations

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from controls.models import ExpectedDocument
from engagements.models import Engagement
from foundation.accounts.models import User
from foundation.accounts.policy import Role


class RequestQuerySet(models.QuerySet["Request"]):
    """Requests as a person may see them: the team all, the broker those sent to it."""

    def visible_to(self, user: User) -> RequestQuerySet:
        seen = self.filter(engagement__in=Engagement.objects.visible_to(user))
        return seen.exclude(state=Request.State.DRAFT) if user.role == Role.BROKER else seen

    def limiting(self) -> RequestQuerySet:
        """Those that were closed as a limitation of what could be examined."""
        return self.filter(Request.LIMITING)

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

    class Disposition(models.TextChoices):
        """What became of a request that is closed without the document."""

        OBTAINED = "obtained", _("Obtained otherwise")
        UNNEEDED = "unneeded", _("Not needed")
        EXCEPTION = "exception", _("Not provided: an exception")
        LIMITATION = "limitation", _("Not provided: a scope limitation")

    OPEN_STATES: ClassVar = (State.REQUESTED, State.RETURNED)
    SETTLED_STATES: ClassVar = (State.ACCEPTED, State.DISPOSED)
    LIMITING: ClassVar = Q(state=State.DISPOSED, disposition=Disposition.LIMITATION)

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
    disposition = models.CharField(_("what became of it"), max_length=10, blank=True, choices=Disposition.choices)
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
    def is_limiting(self) -> bool:
        return self.state == self.State.DISPOSED and self.disposition == self.Disposition.LIMITATION

    @property
    def is_overdue(self) -> bool:
        return self.is_open and self.due_on < timezone.localdate()

    def get_absolute_url(self) -> str:
        return reverse("request", kwargs={"request_id": self.pk})

    def roles_of(self, user: User) -> frozenset[Role]:
        return self.engagement.roles_of(user)
