"""What the login machinery tells us by signal: sign-ins and failed sign-ins go to the trail's security chain."""

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db import transaction
from django.dispatch import receiver

from foundation.accounts.models import User
from foundation.trail.actions import record

SECURITY = "security"


@receiver(user_logged_in)
def note_login(sender: Any, user: User, **_kwargs: Any) -> None:
    with transaction.atomic():
        record("person.signed-in", chain=SECURITY, by=user, about=user)


@receiver(user_logged_out)
def note_logout(sender: Any, user: User | None, **_kwargs: Any) -> None:
    if user is not None:
        with transaction.atomic():
            record("person.signed-out", chain=SECURITY, by=user, about=user)


@receiver(user_login_failed)
def note_failure(sender: Any, credentials: dict[str, Any], **_kwargs: Any) -> None:
    """Record the attempt with the address that was typed, cut to a sane length; never the password."""
    with transaction.atomic():
        facts = {"address": str(credentials.get("username", ""))[:200]}
        record("person.refused", chain=SECURITY, by=None, about=None, facts=facts)
