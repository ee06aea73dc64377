"""Engagements: one broker, one kind, one period or as-of date, one pinned catalogue version, one team."""

from __future__ import annotations

from datetime import date
from typing import ClassVar
from uuid import UUID, uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from controls.models import CatalogueVersion, Condition
from foundation.accounts.models import Organization, User
from foundation.accounts.policy import Role


class Stage(models.TextChoices):
    """Where an engagement stands; signoff/lifecycle.py says what leads where."""

    ACCEPTANCE = "acceptance", _("Acceptance")
    PLANNING = "planning", _("Planning")
    FIELDWORK = "fieldwork", _("Fieldwork")
    REVIEW = "review", _("Review")
    REPORTING = "reporting", _("Reporting")
    QUALITY_REVIEW = "quality_review", _("Quality review")
    ISSUED = "issued", _("Issued")
    ASSEMBLY = "assembly", _("Assembly")
    ARCHIVED = "archived", _("Archived")
    WITHDRAWN = "withdrawn", pgettext_lazy("engagement", "Withdrawn")


# What a person is to their organization decides that they read no file, whatever team they were put on before.
WITHOUT_FILES = frozenset({Role.ADMIN, Role.EXCHANGE, Role.OPERATOR})
ISSUED_STAGES = frozenset({Stage.ISSUED, Stage.ASSEMBLY, Stage.ARCHIVED})
CLOSED_STAGES = ISSUED_STAGES | {Stage.WITHDRAWN}


class EngagementQuerySet(models.QuerySet["Engagement"]):
    """Engagements as a person may see them."""

    def visible_to(self, user: User) -> EngagementQuerySet:
        """A firm's person sees the engagements whose team they are on today; a broker its own, once the firm has
        accepted it and opened fieldwork, if the firm knows them; nobody else any.
        """
        if user.role == Role.BROKER:
            opened = self.filter(auditee=user.organization_id, fieldwork_opened_at__isnull=False)
            return opened.filter(firm__in=user.known_firms) if user.known_firms else opened
        if user.role in WITHOUT_FILES:
            return self.none()
        return self.filter(firm=user.organization_id, pk__in=TeamMember.objects.current().of(user).values("engagement"))

    def open_for_work(self) -> EngagementQuerySet:
        return self.exclude(stage__in=CLOSED_STAGES).filter(wording_only=False)

    def staffable_by(self, user: User) -> EngagementQuerySet:
        """Those whose team `user` may look at: the firm's administrator all of the firm's, the firm's people what they
        see; the audited broker none, not even how many there are.
        """
        if user.role == Role.BROKER:
            return self.none()
        return self.filter(firm=user.organization_id) if user.role == Role.ADMIN else self.visible_to(user)

    def locked(self, pk: UUID) -> Engagement:
        """Return the engagement, locked until the transaction ends; its key stays free, as rows point at it."""
        return self.select_for_update(of=("self",), no_key=True).get(pk=pk)


class Engagement(models.Model):
    """An assessment that a firm carries out at a broker.

    Annual: the auditee's fiscal year, design and operating effectiveness. Establishment and relocation: as of a date,
    design and implementation (TPEx rules, article 22).
    """

    class Kind(models.TextChoices):
        ANNUAL = "annual", _("Annual assessment")
        ESTABLISHMENT = "establishment", _("Establishment")
        RELOCATION = "relocation", _("Relocation of premises")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    firm = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("firm"))
    auditee = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("auditee"))
    filed_with = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("filed with")
    )
    kind = models.CharField(_("kind"), max_length=15, choices=Kind.choices)
    period_start = models.DateField(_("period start"), null=True)
    period_end = models.DateField(_("period end"), null=True)
    as_of = models.DateField(_("as-of date"), null=True)
    deadline = models.DateField(_("filing deadline"))
    catalogue = models.ForeignKey(CatalogueVersion, on_delete=models.PROTECT, related_name="+")
    predecessor = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    stage = models.CharField(_("stage"), max_length=15, choices=Stage.choices, default=Stage.ACCEPTANCE)
    fieldwork_opened_at = models.DateTimeField(null=True, editable=False)
    issued_on = models.DateField(null=True, editable=False)  # the first report, whatever took its place since
    wording_only = models.BooleanField(default=False, editable=False)  # an editorial reissue is under way
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[EngagementQuerySet] = EngagementQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("deadline", "auditee__name")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="engagement_period_or_as_of",
                condition=Q(kind="annual", period_start__isnull=False, period_end__isnull=False, as_of__isnull=True)
                | Q(~Q(kind="annual"), period_start__isnull=True, period_end__isnull=True, as_of__isnull=False),
            ),
            models.CheckConstraint(
                name="engagement_period_in_order",
                condition=Q(period_start__isnull=True) | Q(period_end__gt=F("period_start")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.auditee.short_name} {self.title}"

    @property
    def title(self) -> str:
        """115 年度評估, 設置評估: without the broker's name."""
        if self.period_end:
            return _("Assessment of ROC year %(year)d") % {"year": self.period_end.year - 1911}
        return _("%(kind)s assessment") % {"kind": self.get_kind_display()} if self.kind else ""

    @property
    def is_annual(self) -> bool:
        return self.kind == self.Kind.ANNUAL

    @property
    def last_day(self) -> date:
        """The period's last day or the as-of date."""
        day = self.period_end or self.as_of
        assert day is not None  # noqa: S101 -- the database's check constraint says so
        return day

    @property
    def is_over(self) -> bool:
        """Whether the period's last day or the as-of date has passed."""
        return self.last_day < timezone.localdate()

    @property
    def days_left(self) -> int:
        """Days until the filing deadline; negative when it has passed."""
        return (self.deadline - timezone.localdate()).days

    @property
    def days_overdue(self) -> int:
        return -self.days_left

    @property
    def is_awaited(self) -> bool:
        """Whether a report is still to be filed by the deadline: none was issued, also none that is reissued now."""
        return not self.is_closed and self.issued_on is None

    @property
    def is_open_for_work(self) -> bool:
        """Whether papers, findings, evidence and the conclusion may be changed."""
        return not self.is_closed and not self.wording_only

    @property
    def is_closed(self) -> bool:
        """Whether nothing may be changed, not even the words of the report's letter."""
        return self.stage in CLOSED_STAGES

    @property
    def is_issued(self) -> bool:
        return self.stage in ISSUED_STAGES

    @property
    def is_withdrawn(self) -> bool:
        return self.stage == Stage.WITHDRAWN

    @property
    def chain(self) -> str:
        """The key of this engagement's trail chain."""
        return f"engagement:{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("engagement", kwargs={"engagement": self.pk})

    def roles_of(self, user: User) -> frozenset[Role]:
        """Return what `user` is here today: team role, the firm's ADMIN, the auditee's BROKER. Asked once."""
        cache: dict[object, frozenset[Role]] = self.__dict__.setdefault("_roles", {})
        if user.pk not in cache:
            cache[user.pk] = self._look_up_roles(user)
        return cache[user.pk]

    def _look_up_roles(self, user: User) -> frozenset[Role]:
        if not user.is_active:
            return frozenset()
        if user.role == Role.BROKER:
            ours = user.organization_id == self.auditee_id and user.is_known_to(self.firm_id)
            return frozenset({Role.BROKER}) if ours else frozenset()
        if user.organization_id != self.firm_id:  # also whoever was on the team and went to another firm
            return frozenset()
        if user.role == Role.ADMIN:
            return frozenset({Role.ADMIN})
        roles = {Role(member.role) for member in self.team.all() if member.user_id == user.pk and member.is_current}
        # Whoever is no partner of the firm any more signs nothing as one, whatever the team list says.
        return frozenset(roles if user.role == Role.PARTNER else roles - {Role.PARTNER, Role.EQR})


class TeamMemberQuerySet(models.QuerySet["TeamMember"]):
    """Team memberships; they start and end with dates."""

    def current(self) -> TeamMemberQuerySet:
        today = timezone.localdate()
        return self.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=today), started_on__lte=today)

    def of(self, user: User) -> TeamMemberQuerySet:
        return self.filter(user=user)


class TeamMember(models.Model):
    """A person on an engagement. Roll-off sets `ended_on`; what they signed stays."""

    TEAM_ROLES = (Role.STAFF, Role.SPECIALIST, Role.INCHARGE, Role.MANAGER, Role.PARTNER, Role.EQR)

    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="team")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(_("role"), max_length=12, choices=[(role.value, role.label) for role in TEAM_ROLES])
    started_on = models.DateField(default=timezone.localdate)
    ended_on = models.DateField(null=True, blank=True)

    objects: ClassVar[TeamMemberQuerySet] = TeamMemberQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("engagement", "started_on", "id")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["engagement", "user"], condition=Q(ended_on__isnull=True), name="one_role_per_member"
            ),
            models.UniqueConstraint(
                fields=["engagement", "role"],
                condition=Q(ended_on__isnull=True, role__in=("partner", "eqr")),
                name="one_partner_and_one_quality_reviewer",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()})"

    @property
    def is_current(self) -> bool:
        """Whether the person is on the team today; the day of departure is the first one off it."""
        today = timezone.localdate()
        return self.started_on <= today and (self.ended_on is None or self.ended_on > today)

    def roles_of(self, user: User) -> frozenset[Role]:
        return self.engagement.roles_of(user)


class ProfileAnswer(models.Model):
    """The answer to one of the catalogue's conditions for this broker, with the reason for it."""

    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="answers")
    condition = models.ForeignKey(Condition, on_delete=models.PROTECT, related_name="+")
    applies = models.BooleanField(_("applies"))
    reason = models.TextField(_("reason"), blank=True, max_length=1000)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("condition",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["engagement", "condition"], name="one_answer_per_condition"),
            models.CheckConstraint(name="not_applicable_needs_a_reason", condition=Q(applies=True) | ~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.condition}: {self.applies}"
