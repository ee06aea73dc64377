"""Workpapers: one per control point with a result for each procedure, and general ones; what results rest on."""

from __future__ import annotations

from typing import ClassVar, Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from controls.models import ControlPoint, CoverageGap, Procedure
from engagements.models import Engagement
from foundation.accounts.models import User
from foundation.accounts.policy import Role

from .sections import Section, general_title, index_of


class Outcome(models.TextChoices):
    """The six kinds of result of a procedure."""

    NO_EXCEPTION = "no_exception", _("No exception")
    EXCEPTION = "exception", _("Exception")
    NOT_APPLICABLE = "not_applicable", _("Not applicable")
    NO_OCCURRENCE = "no_occurrence", _("No occurrence in the period")
    NOT_YET_OPERATING = "not_yet_operating", _("Not yet operating")
    SCOPE_LIMITATION = "scope_limitation", _("Scope limitation")


TESTED = frozenset({Outcome.NO_EXCEPTION, Outcome.EXCEPTION})
CONCLUDING = TESTED | {Outcome.NO_OCCURRENCE}
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

    related = ("engagement__auditee", "control_point", "assignee")

    def visible_to(self, user: User) -> Self:
        return super().visible_to(user).prefetch_related("engagement__team")


class Workpaper(models.Model):
    """底稿: on one control point (section C, indexed C-<code>), or general (its code is its index, e.g. B-2).

    `content_version` counts every change of anything a sign-off covers; a sign-off is valid for its version only. A
    general paper that the method prescribes has a `template` (sections.py), which gives its title; one that
    somebody added has a `title`.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="+")
    section = models.CharField(_("section"), max_length=1, choices=Section.choices, default=Section.CONTROLS)
    control_point = models.ForeignKey(ControlPoint, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    template = models.CharField(max_length=40, blank=True)
    title = models.CharField(_("title"), max_length=100, blank=True)
    code = models.CharField(_("index"), max_length=20)
    position = models.PositiveSmallIntegerField()
    conclusion = models.TextField(_("conclusion"), blank=True, max_length=4000)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("assigned to"),
    )
    version = models.PositiveIntegerField(default=1)
    content_version = models.PositiveIntegerField(default=1)

    objects = WorkpaperQuerySet.as_manager()

    class Meta:
        ordering = ("engagement", "position")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["engagement", "control_point"], name="one_paper_per_control_point"),
            models.UniqueConstraint(fields=["engagement", "code"], name="one_paper_per_index"),
            models.CheckConstraint(
                name="section_c_is_about_control_points",
                condition=Q(section="C", control_point__isnull=False) | ~Q(section="C") & Q(control_point__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.index

    @property
    def index(self) -> str:
        """C-3.8.2, B-2."""
        return index_of(self.section, self.code)

    @property
    def heading(self) -> str:
        """What the paper is called, in the reader's language."""
        return self.control_point.title if self.control_point else general_title(self.template, self.title)

    @property
    def is_general(self) -> bool:
        return self.section != Section.CONTROLS

    @property
    def point(self) -> ControlPoint:
        """The control point that a paper of section C is on."""
        assert self.control_point is not None  # noqa: S101 -- the database's check constraint says so
        return self.control_point

    def get_absolute_url(self) -> str:
        return reverse("workpaper", kwargs={"engagement": self.engagement_id, "code": self.code})

    def roles_of(self, user: User) -> frozenset[Role]:
        return self.engagement.roles_of(user)


class ResultQuerySet(OfEngagementQuerySet):
    """Results as a person may see them."""

    path = "workpaper__engagement"
    related = ("workpaper__engagement__auditee", "procedure")


class ProcedureResult(models.Model):
    """What came of one procedure: prescribed by the catalogue, or added by the team (`text`; perhaps for a `gap`:
    control text that no printed procedure tests). A general paper has one that is a memo: its text stands in `work`.
    """

    class Kind(models.TextChoices):
        PRESCRIBED = "prescribed", _("Prescribed")
        ADDED = "added", _("Added")
        MEMO = "memo", _("Memo")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    workpaper = models.ForeignKey(Workpaper, on_delete=models.CASCADE, related_name="results")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.PRESCRIBED)
    procedure = models.ForeignKey(Procedure, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_("procedure"), blank=True, max_length=2000)
    gap = models.ForeignKey(CoverageGap, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    outcome = models.CharField(_("result"), max_length=20, choices=Outcome.choices, blank=True)
    work = models.TextField(_("work performed"), blank=True, max_length=20_000)
    reason = models.TextField(_("reason"), blank=True, max_length=4000)
    departure = models.TextField(_("departure from the procedure"), blank=True, max_length=4000)
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
            models.UniqueConstraint(fields=["workpaper", "position"], name="one_result_per_position"),
            models.UniqueConstraint(fields=["workpaper", "gap"], name="a_gap_is_adopted_once"),
            models.CheckConstraint(
                name="a_prescribed_result_has_its_procedure",
                condition=Q(kind="prescribed", procedure__isnull=False, text="")
                | ~Q(kind="prescribed") & Q(procedure__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.workpaper.index} / {self.position}"

    @property
    def is_memo(self) -> bool:
        return self.kind == self.Kind.MEMO

    @property
    def is_added(self) -> bool:
        return self.kind == self.Kind.ADDED

    @property
    def prescribed(self) -> Procedure:
        """The catalogue's procedure of a prescribed result."""
        assert self.procedure is not None  # noqa: S101 -- the database's check constraint says so
        return self.procedure

    @property
    def label(self) -> str:
        """The number as it is printed; an added one continues after the prescribed."""
        if self.procedure:
            return self.procedure.label or "1."
        return "" if self.is_memo else f"+{self.position}."

    @property
    def wording(self) -> str:
        """What is to be done: the regulator's words, verbatim, or the team's own."""
        return self.procedure.text if self.procedure else self.text

    @property
    def steps(self) -> list[str]:
        """The printed sub-steps."""
        steps: list[str] = self.procedure.steps if self.procedure else []
        return steps

    @property
    def nature(self) -> list[str]:
        """What the procedure tests, of `Procedure.Nature`; an added one says nothing."""
        nature: list[str] = self.procedure.nature if self.procedure else []
        return nature

    @property
    def needs_reason(self) -> bool:
        return self.outcome in REASONED

    @property
    def tested(self) -> bool:
        return self.outcome in TESTED

    @property
    def concludes_on_period(self) -> bool:
        """Whether the result says something of the whole period, and so has a day on which that was looked into."""
        return self.outcome in CONCLUDING

    def roles_of(self, user: User) -> frozenset[Role]:
        return self.workpaper.roles_of(user)
