"""What the login machinery tells us by signal: sessions begin to count, factors are remembered, all is recorded."""

from typing import Any

from allauth.account.signals import password_changed, password_reset
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import (
    authentication_failed,
    authenticator_added,
    authenticator_removed,
    authenticator_reset,
    authenticator_used,
)
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest
from knox.models import AuthToken

from foundation.accounts.actions import note_own, note_refusal
from foundation.accounts.factors import prove
from foundation.accounts.middleware import start_clock
from foundation.accounts.models import User


@receiver(user_logged_in)
def began(sender: Any, request: HttpRequest, user: User, **_kwargs: Any) -> None:
    start_clock(request.session)
    note_own("person.signed-in", user)


@receiver(user_logged_out)
def ended(sender: Any, user: User | None, **_kwargs: Any) -> None:
    if user is not None:
        note_own("person.signed-out", user)


@receiver(user_login_failed)
def failed(sender: Any, credentials: dict[str, Any], **_kwargs: Any) -> None:
    """Record the attempt with the address that was typed; never the password."""
    note_refusal("person.refused", str(credentials.get("email", "")))


@receiver(authentication_failed)
def factor_failed(sender: Any, user: User, authenticator: Authenticator, **_kwargs: Any) -> None:
    note_own("factor.refused", user, factor=authenticator.type)


@receiver(authenticator_used)
def factor_used(sender: Any, request: HttpRequest, user: User, authenticator: Authenticator, **_kwargs: Any) -> None:
    prove(request, user, authenticator.type)
    note_own("factor.used", user, factor=authenticator.type)


@receiver(authenticator_added)
def factor_added(sender: Any, request: HttpRequest, user: User, authenticator: Authenticator, **_kwargs: Any) -> None:
    prove(request, user, authenticator.type)
    note_own("factor.added", user, factor=authenticator.type)


@receiver(authenticator_removed)
def factor_removed(sender: Any, user: User, authenticator: Authenticator, **_kwargs: Any) -> None:
    AuthToken.objects.filter(user=user).delete()
    note_own("factor.removed", user, factor=authenticator.type)


@receiver(authenticator_reset)
def codes_renewed(sender: Any, user: User, authenticator: Authenticator, **_kwargs: Any) -> None:
    note_own("factor.renewed", user, factor=authenticator.type)


@receiver(password_changed)
@receiver(password_reset)
def password_chosen(sender: Any, user: User, **_kwargs: Any) -> None:
    """End the tokens of whoever knew the old one; sessions end by themselves."""
    AuthToken.objects.filter(user=user).delete()
    note_own("person.password-chosen", user)
