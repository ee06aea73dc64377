"""People and the organizations they work for: one user, one organization."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID, uuid4

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from foundation.accounts.names import validate_name
from foundation.accounts.policy import PASSKEY_ROLES, HasRoles, Role, can
from foundation.accounts.tax_id import validate_tax_id


class OrganizationQuerySet(models.QuerySet["Organization"]):
    """Organizations as a person may see their pages."""

    def visible_to(self, user: User) -> OrganizationQuerySet:
        """The platform's operator sees all, everybody else their own."""
        return self if user.role == Role.OPERATOR else self.filter(pk=user.organization_id)


class Organization(models.Model):
    """A CPA firm, a broker or the exchange. Brokers are a global register, keyed by 統一編號."""

    class Kind(models.TextChoices):
        FIRM = "firm", _("CPA firm")
        BROKER = "broker", _("Broker")
        EXCHANGE = "exchange", _("Exchange")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=200, validators=[validate_name])
    short_name = models.CharField(_("short name"), max_length=40, validators=[validate_name])
    tax_id = models.CharField(_("tax ID number"), max_length=8, unique=True, validators=[validate_tax_id])
    address = models.CharField(_("address"), max_length=200, blank=True)

    objects: ClassVar[OrganizationQuerySet] = OrganizationQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("kind", "name")

    def __str__(self) -> str:
        return self.name

    @property
    def chain(self) -> str:
        """The key of the trail chain with this organization's security events."""
        return f"organization:{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("organization", kwargs={"organization": self.pk})

    def roles_of(self, user: User) -> frozenset[Role]:
        """What `user` is here: at home their own role, and the platform's operator everywhere."""
        at_home = user.organization_id == self.pk or user.role == Role.OPERATOR
        return user.roles if at_home else frozenset()


KIND_OF_ROLE = {
    Role.BROKER: Organization.Kind.BROKER,
    Role.EXCHANGE: Organization.Kind.EXCHANGE,
    Role.OPERATOR: Organization.Kind.EXCHANGE,
}


class UserQuerySet(models.QuerySet["User"]):
    """People as others may see their pages."""

    def visible_to(self, user: User) -> UserQuerySet:
        """Colleagues; the platform's operator sees everybody."""
        return self if user.role == Role.OPERATOR else self.filter(organization=user.organization_id)


class UserManager(BaseUserManager["User"]):
    """Users are found and created by mail address, and come with their organization: every page needs both."""

    def get_queryset(self) -> UserQuerySet:
        return UserQuerySet(self.model, using=self._db).select_related("organization")

    def visible_to(self, user: User) -> UserQuerySet:
        return self.get_queryset().visible_to(user)

    def create_user(self, email: str, *, password: str | None, **fields: Any) -> User:
        """Create a user, without a password if it is None; a role that doesn't fit the organization is refused."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save()
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A person. `role` is what they are to their organization; on an engagement its team decides."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    email = models.EmailField(_("mail address"), unique=True)
    name = models.CharField(_("name"), max_length=80, validators=[validate_name])
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="people")
    role = models.CharField(_("role"), max_length=12, choices=Role.choices)
    certificate = models.CharField(_("professional certificate"), max_length=200, blank=True)
    experience = models.CharField(_("relevant experience"), max_length=200, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    # A broker's person whom a CPA firm brought in works for that firm's engagements only, until other firms have
    # made sure who it is. Nobody named: whoever the operator brought in, known to all.
    known_to = models.ManyToManyField(Organization, blank=True, related_name="+", verbose_name=_("known to"))

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        ordering = ("email",)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("person", kwargs={"person": self.pk})

    @property
    def is_invited(self) -> bool:
        """Whether the person has yet to choose a password."""
        return not self.has_usable_password()

    @cached_property
    def known_firms(self) -> frozenset[UUID]:
        """The firms that know this broker's person; none named means all."""
        return frozenset(self.known_to.values_list("pk", flat=True))

    def is_known_to(self, firm: UUID) -> bool:
        return not self.known_firms or firm in self.known_firms

    @property
    def needs_passkey(self) -> bool:
        """Whether any other second factor is too weak for what this person may do."""
        return self.role in PASSKEY_ROLES

    def roles_of(self, user: User) -> frozenset[Role]:
        """What `user` is to this person: what they are to the person's organization."""
        return self.organization.roles_of(user)

    def clean(self) -> None:
        """A broker's people have the role broker, the exchange's the role exchange, a firm's any other."""
        expected = KIND_OF_ROLE.get(Role(self.role), Organization.Kind.FIRM)
        if self.organization.kind != expected:
            raise ValidationError({"role": _("This role doesn't belong to this kind of organization.")})

    @cached_property
    def roles(self) -> frozenset[Role]:
        """The person's own role, for permissions that concern no particular object."""
        return frozenset({Role(self.role)}) if self.is_active else frozenset()

    def can(self, permission: str, obj: HasRoles | None = None) -> bool:
        """Ask the policy."""
        return self.is_active and can(self, permission, obj)


class Recovery(models.Model):
    """New second factors for somebody who lost theirs: one person asks, another confirms, neither is the person."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="recoveries")
    reason = models.CharField(_("how you made sure that it is them"), max_length=500)
    requested_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(auto_now_add=True)
    confirmed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-requested_at",)
        constraints: ClassVar = [
            models.CheckConstraint(
                name="recovery_by_two_others",
                condition=~Q(requested_by=F("person"))
                & ~Q(confirmed_by=F("person"))
                & ~Q(confirmed_by=F("requested_by")),
            ),
            models.CheckConstraint(
                name="recovery_confirmed_by_somebody",
                condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
            ),
            models.UniqueConstraint(
                name="one_open_recovery", fields=["person"], condition=Q(confirmed_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return str(self.person)

    def roles_of(self, user: User) -> frozenset[Role]:
        return self.person.roles_of(user)
