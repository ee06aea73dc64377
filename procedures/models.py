"""Workpapers: one per control point, one result per prescribed procedure, sign-offs bound to the content."""

from __future__ import annotations

from typing import ClassVar, Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from controls.models import ControlPoint, Procedure
from engagements.models import Engagement
from foundation.accounts.models import User
from foundation.accounts.policy import Role


class Outcome(models.TextChoices):
    """The six kinds of result of a procedure."""

    NO_EXCEPTION = "no_exception", _("No exception")
    EXCEPTION = "exception", _("Exception")
    NOT_APPLICABLE = "not_applicable", _("Not applicable")
    NO_OCCURRENCE = "no_occurrence", _("No occurrence in the period")
    NOT_YET_OPERATING = "not_yet_operating", _("Not yet operating")
    SCOPE_LIMITATION = "scope_limitation", _("Scope limitation")


TESTED = frozenset({Outcome.NO_EXCEPTION, Outcome.EXCEPTION})
REASONED = frozenset(Outcome) - TESTED
PARTNER_OUTCOMES = REASONED - {Outcome.NOT_APPLICABLE, Outcome.NO_OCCURRENCE} | {Outcome.EXCEPTION}


class OfEngagementQuerySet(models.QuerySet):  # type: ignore[type-arg]  # shared by querysets of several models
    """Rows that belong to an engagement's file: for its team, not for the broker."""

    path = "engagement"
    # What asking for roles and showing the row needs, fetched along.
    related: tuple[str, ...] = ("engagement__auditee",)

    def visible_to(self, user: User) -> Self:
        """Return the rows of the engagements whose team `user` is on."""
        if user.role == Role.BROKER:
            return self.none()
        visible = self.filter(**{f"{self.path}__in": Engagement.objects.visible_to(user)})
        return visible.select_related(*self.related)


class WorkpaperQuerySet(OfEngagementQuerySet):
    """Papers as a person may see them, with the team: its roles decide what each may do, its ranks who reviews."""

    related = ("engagement__auditee", "control_point")

    def visible_to(self, user: User) -> Self:
        return super().visible_to(user).prefetch_related("engagement__team")


class Workpaper(models.Model):
    """底稿 on one control point, indexed C-<code>.

    `content_version` counts every change of anything a sign-off covers; a sign-off is valid for its version only.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="+")
    control_point = models.ForeignKey(ControlPoint, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(_("index"), max_length=20)
    position = models.PositiveSmallIntegerField()
    conclusion = models.TextField(_("conclusion"), blank=True, max_length=4000)
    version = models.PositiveIntegerField(default=1)
    content_version = models.PositiveIntegerField(default=1)

    objects = WorkpaperQuerySet.as_manager()

    class Meta:
        ordering = ("engagement", "position")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["engagement", "control_point"], name="one_paper_per_control_point"),
        ]

    def __str__(self) -> str:
        return self.index

    @property
    def index(self) -> str:
        """C-3.8.2: section C holds the papers on control points."""
        return f"C-{self.code}"

    def get_absolute_url(self) -> str:
        return reverse("workpaper", kwargs={"engagement": self.engagement_id, "code": self.code})

    def roles_of(self, user: User) -> frozenset[Role]:
        return self.engagement.roles_of(user)


class ResultQuerySet(OfEngagementQuerySet):
    """Results as a person may see them."""

    path = "workpaper__engagement"
    related = ("workpaper__engagement__auditee", "procedure")


class ProcedureResult(models.Model):
    """What came of one prescribed procedure."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    workpaper = models.ForeignKey(Workpaper, on_delete=models.CASCADE, related_name="results")
    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    outcome = models.CharField(_("result"), max_length=20, choices=Outcome.choices, blank=True)
    work = models.TextField(_("work performed"), blank=True, max_length=20_000)
    reason = models.TextField(_("reason"), blank=True, max_length=4000)
    performed_on = models.DateField(_("date performed"), null=True, blank=True)
    performed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    saved_at = models.DateTimeField(_("entered at"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = ResultQuerySet.as_manager()

    class Meta:
        ordering = ("workpaper", "position")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workpaper", "procedure"], name="one_result_per_procedure"),
        ]

    def __str__(self) -> str:
        return f"{self.workpaper.index} / {self.position}"

    @property
    def needs_reason(self) -> bool:
        return self.outcome in REASONED

    @property
    def tested(self) -> bool:
        return self.outcome in TESTED

    def roles_of(self, user: User) -> frozenset[Role]:
        return self.workpaper.roles_of(user)


class Support(models.Model):
    """What a result rests on: evidence cited, a finding linked. The apps to the right write it by `actions.support`."""

    class Kind(models.TextChoices):
        EVIDENCE = "evidence", _("Evidence")
        FINDING = "finding", _("Finding")

    result = models.ForeignKey(ProcedureResult, on_delete=models.CASCADE, related_name="supports")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    source = models.UUIDField()
    digest = models.CharField(max_length=64)
    label = models.CharField(max_length=300)
    covered_from = models.DateField(null=True, blank=True)
    covered_to = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("id",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["result", "kind", "source"], name="a_source_supports_a_result_once"),
            models.CheckConstraint(
                name="support_covers_in_order",
                condition=Q(covered_from__isnull=True)
                | Q(covered_to__isnull=True)
                | Q(covered_to__gte=F("covered_from")),
            ),
        ]

    def __str__(self) -> str:
        return self.label


class Revision(models.Model):
    """Who wrote what, when: one row per author and result while they keep typing (five minutes)."""

    workpaper = models.ForeignKey(Workpaper, on_delete=models.CASCADE, related_name="revisions")
    result = models.ForeignKey(ProcedureResult, null=True, on_delete=models.CASCADE, related_name="revisions")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    content = models.JSONField()
    content_version = models.PositiveIntegerField()
    started_at = models.DateTimeField(default=timezone.now)
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("workpaper", "-id")
        indexes: ClassVar = [models.Index(fields=["workpaper", "content_version"])]

    def __str__(self) -> str:
        return f"{self.workpaper_id} v{self.content_version}"


class SignOff(models.Model):
    """A signature on a paper's content version: a row with person, time and hash, never a flag, never altered.

    Unique (paper, version, person) across roles: nobody reviews what they prepared. Unique (paper, version, role).
    """

    class Role(models.TextChoices):
        PREPARED = "prepared", _("Prepared")
        REVIEWED = "reviewed", _("Reviewed")
        APPROVED = "approved", _("Approved by partner")

    workpaper = models.ForeignKey(Workpaper, on_delete=models.PROTECT, related_name="signoffs")
    role = models.CharField(_("role"), max_length=10, choices=Role.choices)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    content_version = models.PositiveIntegerField()
    content_hash = models.CharField(max_length=64)
    signed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("workpaper", "id")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workpaper", "content_version", "user"], name="nobody_signs_twice"),
            models.UniqueConstraint(fields=["workpaper", "content_version", "role"], name="one_signoff_per_role"),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} v{self.content_version}"
