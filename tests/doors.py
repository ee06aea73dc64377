"""What people carry to get in, and what the trail says of it: a security key in software, an app's codes, events.

The key does what a real one does (ES256, attestation "none"), so that the product verifies real signatures.
"""

import hashlib
import json
import time
from base64 import urlsafe_b64encode
from typing import Any
from urllib.parse import urlencode

from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.http import HttpRequest
from django.test import Client
from fido2.cose import ES256
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData

from foundation.accounts import factors
from foundation.accounts.models import User
from foundation.trail.models import Event

HOST = "testserver"
FORM = "application/x-www-form-urlencoded"
TOUCHED_AND_VERIFIED = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV


def send(client: Client, url: str, fields: dict[str, Any] | None = None, **headers: str) -> Any:
    """Send a form as browsers send one without files; with files the door takes none."""
    return client.post(url, urlencode(fields or {}), content_type=FORM, headers=headers)


def base64url(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


class SecurityKey:
    """One credential of one person at this installation."""

    def __init__(self, owner: User, identity: bytes = b"key-1") -> None:
        self.owner, self.identity = owner, identity
        self.private = ec.generate_private_key(ec.SECP256R1())

    def registration(self, challenge: str = "none") -> dict[str, Any]:
        """What a browser answers when the key is set up."""
        public = ES256.from_cryptography_key(self.private.public_key())
        credential = AttestedCredentialData.create(b"\0" * 16, self.identity, public)
        flags = TOUCHED_AND_VERIFIED | AuthenticatorData.FLAG.AT
        data = AuthenticatorData.create(_relying_party(), flags, 0, credential)
        attested = bytes(AttestationObject.create("none", data, {}))
        said = {
            "clientDataJSON": base64url(_client_data("create", challenge)),
            "attestationObject": base64url(attested),
        }
        return {**self._named, "response": said, "clientExtensionResults": {"credProps": {"rk": True}}}

    def touch(self, challenge: str) -> dict[str, Any]:
        """What a browser answers when the key is touched."""
        data = bytes(AuthenticatorData.create(_relying_party(), TOUCHED_AND_VERIFIED, 1))
        client = _client_data("get", challenge)
        signature = self.private.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        said = {
            "clientDataJSON": base64url(client),
            "authenticatorData": base64url(data),
            "signature": base64url(signature),
            "userHandle": base64url(user_pk_to_url_str(self.owner).encode()),
        }
        return {**self._named, "response": said, "clientExtensionResults": {}}

    @property
    def _named(self) -> dict[str, str]:
        name = base64url(self.identity)
        return {"id": name, "rawId": name, "type": "public-key"}


def _relying_party() -> bytes:
    return hashlib.sha256(HOST.encode()).digest()


def _client_data(kind: str, challenge: str) -> bytes:
    said = {"type": f"webauthn.{kind}", "challenge": challenge, "origin": f"http://{HOST}", "crossOrigin": False}
    return json.dumps(said).encode()


def challenge_of(answer: Any, name: str = "request_options") -> str:
    """The challenge on a page that asks for a key."""
    options = json.loads(json.dumps(answer.context["js_data"][name], default=dict))
    return str(options["publicKey"]["challenge"])


# What people have -----------------------------------------------------------------------------


def passkey_of(user: User, identity: bytes = b"key-1") -> SecurityKey:
    """Give a person a passkey, set up earlier."""
    key = SecurityKey(user, identity)
    data = {"name": f"鑰匙 {identity.decode()}", "credential": key.registration()}
    Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data=data)
    return key


def app_of(user: User) -> str:
    """Give a person an authenticator app, set up earlier; return its secret."""
    secret: str = totp.generate_totp_secret()
    totp.TOTP.activate(user, secret)
    return secret


def code_of(secret: str, later: int = 0) -> str:
    """The six digits that the app shows now, or `later` half minutes from now."""
    value = totp.hotp_value(secret, int(time.time()) // 30 + later)
    return str(totp.format_hotp_value(value))


def recovery_codes_of(user: User) -> list[str]:
    """Give a person recovery codes; return them."""
    codes: list[str] = RecoveryCodes.activate(user).generate_codes()
    return codes


def prove(client: Client, user: User, kind: str = "webauthn", *, ago: float = 0) -> None:
    """Let the client's session have proved a second factor, some seconds ago."""
    request = HttpRequest()
    request.session = client.session
    factors.prove(request, user, kind)
    request.session[factors._PROVED]["at"][kind] -= ago
    request.session.save()


# What the trail says --------------------------------------------------------------------------


def events(chain: str, *names: str) -> list[Event]:
    """A chain's events in order, all or those so named."""
    found = Event.objects.filter(chain__key=chain).order_by("seq")
    return list(found.filter(name__in=names) if names else found)


def names(chain: str, noun: str = "") -> list[str]:
    return [event.name for event in events(chain) if event.name.startswith(noun)]


def last(chain: str) -> dict[str, Any]:
    """What the newest event says."""
    content: dict[str, Any] = events(chain)[-1].content
    return content
