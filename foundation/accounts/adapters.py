# ruff: noqa: ARG002  the signatures of adapters are allauth's
"""How allauth's sign-in is made ours: invited people only, links by mail through the outbox, secrets kept encrypted."""

import base64
import hashlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.base import AuthProcess
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from foundation.accounts.actions import note_lockout, note_refusal, send_link
from foundation.accounts.factors import ANY, PASSKEY, has_fresh_factor
from foundation.accounts.models import User

WRONG = _("The mail address or the password is wrong.")


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Nobody signs up; a lockout is recorded; whoever has a passkey confirms with it."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": WRONG,
        "too_many_login_attempts": _("Too many attempts. Wait a few minutes, then try again."),
        "invalid_password_reset": _("This link was used already, is too old or was replaced by a newer one."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """People are invited."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Record an attempt that the rate limit refuses before the password is looked at."""
        try:
            super().pre_authenticate(request, **credentials)
        except Exception:
            note_lockout(str(credentials.get("email", "")))
            raise

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Know nobody who was disabled, with the right password either: Django has recorded the failure already."""
        user: User | None = super().authenticate(request, **credentials)
        return user if user is not None and user.is_active else None

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        """Tell somebody who was disabled and comes with a passkey no more than that the sign-in failed."""
        note_refusal("person.refused", user.email)
        messages.error(request, WRONG)
        return redirect("account_login")

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        """Hand the mail to a worker, who makes a link of its own: a request never waits for a mail server."""
        send_link(user, by=None)

    def is_reauthentication_required(self, *, app: str, **_kwargs: Any) -> bool:
        """Changing factors needs one that is there already and was just proved; the first comes after signing in."""
        user = context.request.user
        owned = set(Authenticator.objects.filter(user=user, type__in=ANY).values_list("type", flat=True))
        needed = PASSKEY if user.needs_passkey and PASSKEY & owned else ANY
        return bool(owned) and not has_fresh_factor(context.request, user, needed)

    def get_reauthentication_methods(self, user: User | AnonymousUser) -> list[dict[str, Any]]:
        """Offer the passkey first, and nothing else to somebody whose role needs the one they have: whoever was
        deceived into giving away a code must not thereby have given away the right to add another passkey.
        """
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        passkey = [method for method in methods if method["id"] == "mfa_reauthenticate:webauthn"]
        if isinstance(user, User) and user.needs_passkey and passkey:
            return passkey
        return passkey + [method for method in methods if method not in passkey]


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets of authenticator apps are encrypted, and nobody is left without the factor that their role needs."""

    def encrypt(self, text: str) -> str:
        """Encrypt with a key that comes from the installation's secret."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Decrypt, with a former secret too while SECRET_KEY_FALLBACKS lists it."""
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Keep the last factor that satisfies the person's role."""
        accepted = PASSKEY if authenticator.user.needs_passkey else ANY - {Authenticator.Type.RECOVERY_CODES}
        others = Authenticator.objects.filter(user=authenticator.user, type__in=accepted).exclude(pk=authenticator.pk)
        return settings.MFA_EASED or authenticator.type not in accepted or others.exists()


class ProviderAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """A firm's own identity provider lets in people who were invited, by their verified mail address; nobody else."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """People are invited."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Tie no other identity to an account: it would open a door to which nobody invited it."""
        if sociallogin.state.get("process") == AuthProcess.CONNECT:
            raise ImmediateHttpResponse(redirect("account"))


def _cipher() -> MultiFernet:
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_key(secret))) for secret in secrets])


def _key(secret: str) -> bytes:
    """32 bytes that are used for nothing else."""
    return hashlib.blake2b(secret.encode(), digest_size=32, person=b"digao-factors").digest()
