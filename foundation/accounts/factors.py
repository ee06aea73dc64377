"""Second factors: which ones a session has proved and when, and what is still missing before a person may work.

What was proved is kept in the session, per person, as type → time (seconds since 1970). A passkey counts more than a
code: whoever signs for the firm or decides who gets in needs one, and signing needs a touch that is minutes old.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from foundation.accounts.models import User

Type = Authenticator.Type
PASSKEY = frozenset({Type.WEBAUTHN.value})
ANY = frozenset({Type.WEBAUTHN.value, Type.TOTP.value, Type.RECOVERY_CODES.value})
CHANGING_SECONDS = 5 * 60
_PROVED = "second_factors"


@dataclass(frozen=True, slots=True)
class Duty:
    """What a person has to do before anything else: where, and in words."""

    url: str
    text: Promise


def prove(request: HttpRequest, user: User, kind: str) -> None:
    """Remember that this session has just proved a second factor of this type."""
    proved = {**_proved(request, user), kind: time.time()}
    request.session[_PROVED] = {"user": str(user.pk), "at": proved}


def unmet_duty(request: HttpRequest, user: User) -> Duty | None:
    """Return what is missing, or None. Asks the database only until the session has proved enough."""
    accepted = PASSKEY if user.needs_passkey else ANY
    if settings.MFA_EASED or accepted & set(_proved(request, user)):
        return None
    owned = set(Authenticator.objects.filter(user=user).values_list("type", flat=True))
    return _proof(user) if accepted & owned else _enrolment(user)


def has_fresh_factor(request: HttpRequest, user: User, kinds: frozenset[str]) -> bool:
    """Whether one of these factors was proved in this session within the last minutes: enough to change factors."""
    proved = [at for kind, at in _proved(request, user).items() if kind in kinds]
    return time.time() - max(proved, default=0.0) <= CHANGING_SECONDS


def has_fresh_passkey(request: HttpRequest, user: User) -> bool:
    """Whether a passkey was touched in this session within the minutes that a signature allows."""
    touched = _proved(request, user).get(Type.WEBAUTHN.value, 0.0)
    return settings.MFA_EASED or time.time() - touched <= settings.SIGNING_PASSKEY_SECONDS


def _proved(request: HttpRequest, user: User) -> Mapping[str, float]:
    kept: dict[str, Any] = request.session.get(_PROVED, {})
    return kept["at"] if kept.get("user") == str(user.pk) else {}


def _proof(user: User) -> Duty:
    if user.needs_passkey:
        return Duty(
            reverse("mfa_reauthenticate_webauthn"), _("Your role signs in with a passkey. Please use yours now.")
        )
    return Duty(reverse("mfa_reauthenticate"), _("Please confirm with your second factor."))


def _enrolment(user: User) -> Duty:
    if user.needs_passkey:
        return Duty(reverse("mfa_add_webauthn"), _("Your role needs a passkey. Set one up; then you can go on."))
    return Duty(reverse("mfa_index"), _("A second factor is needed here. Set one up; then you can go on."))
