"""People and the organizations they work for: one user, one organization."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import uuid4

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from foundation.accounts.policy import HasRoles, Role, can
from foundation.accounts.tax_id import validate_tax_id


class Organization(models.Model):
    """A CPA firm, a broker or the exchange. Brokers are a global register, keyed by 統一編號."""

    class Kind(models.TextChoices):
        FIRM = "firm", _("CPA firm")
        BROKER = "broker", _("Broker")
        EXCHANGE = "exchange", _("Exchange")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=200)
    short_name = models.CharField(_("short name"), max_length=40)
    tax_id = models.CharField(_("tax ID number"), max_length=8, unique=True, validators=[validate_tax_id])
    address = models.CharField(_("address"), max_length=200, blank=True)

    class Meta:
        ordering = ("kind", "name")

    def __str__(self) -> str:
        return self.name


KIND_OF_ROLE = {
    Role.BROKER: Organization.Kind.BROKER,
    Role.EXCHANGE: Organization.Kind.EXCHANGE,
    Role.OPERATOR: Organization.Kind.EXCHANGE,
}


class UserManager(BaseUserManager["User"]):
    """Users are found and created by mail address, and come with their organization: every page needs both."""

    def get_queryset(self) -> models.QuerySet[User]:
        return super().get_queryset().select_related("organization")

    def create_user(self, email: str, *, password: str, **fields: Any) -> User:
        """Create a user with a hashed password; a role that doesn't fit the organization is a ValidationError."""
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
    name = models.CharField(_("name"), max_length=80)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="people")
    role = models.CharField(_("role"), max_length=12, choices=Role.choices)
    certificate = models.CharField(_("professional certificate"), max_length=200, blank=True)
    experience = models.CharField(_("relevant experience"), max_length=200, blank=True)
    is_active = models.BooleanField(_("active"), default=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        ordering = ("email",)

    def __str__(self) -> str:
        return self.name

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
