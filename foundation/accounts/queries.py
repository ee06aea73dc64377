"""People as the pages about them show them."""

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, QuerySet

from foundation.accounts.factors import PASSKEY
from foundation.accounts.models import Organization, Recovery, User


def people_of(organization: Organization) -> QuerySet[User]:
    """Return an organization's people with whether they have a passkey or a code, those who left last."""
    factors = Authenticator.objects.filter(user=OuterRef("pk"))
    return (
        User.objects.filter(organization=organization)
        .annotate(
            has_passkey=Exists(factors.filter(type__in=PASSKEY)),
            has_code=Exists(factors.filter(type=Authenticator.Type.TOTP)),
        )
        .order_by("-is_active", "role", "name")
    )


def recoveries_to_decide(organization: Organization) -> QuerySet[Recovery]:
    """Return the recoveries that wait for a second person."""
    waiting = Recovery.objects.filter(person__organization=organization, confirmed_at=None)
    return waiting.select_related("person", "requested_by")
