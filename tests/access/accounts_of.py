"""What belongs to the people of one firm, its broker and its exchange: second factors, sessions, tokens, a recovery."""

from typing import Any
from uuid import uuid4

from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.webauthn.internal.auth import WebAuthn
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData
from knox.models import AuthToken

from foundation.accounts.actions import ask_recovery
from foundation.accounts.models import Organization, User
from foundation.files.models import Upload
from procedures.library import add_entry
from procedures.models import Phrase, Tickmark
from reports.letter_templates import places, write_template

State = dict[str, Any]


def states(firm: Organization, broker: Organization, exchange: Organization, team: dict[str, User]) -> dict[str, State]:
    """The states of organizations and people, with the arguments that name their objects."""
    staff = team["staff"]
    ask_recovery(staff, reason="致電其登記之手機，已核對。", by=team["partner"])
    answering, supervising = (place.people.get(role=place.kind) for place in (broker, exchange))
    return {
        "at_firm": {"organization": firm.pk, "person": staff.pk},
        "at_broker": {"organization": broker.pk, "person": answering.pk},
        "at_exchange": {"organization": exchange.pk, "person": supervising.pk},
        "own": equip(staff),
    }


def equip(person: User) -> State:
    """Everything that a person can have; `session` and `token` are those of their sign-in (world.py)."""
    passkey = WebAuthn.add(person, "辦公室之安全金鑰", credential(person))
    TOTP.activate(person, "JBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(person)
    # What the sign-in through a firm's own identity provider may leave.
    EmailAddress.objects.create(user=person, email=person.email, verified=True)
    SocialAccount.objects.create(user=person, provider="oidc", uid=person.email, extra_data={"name": person.name})
    session, token = UserSession.objects.get(user=person), AuthToken.objects.get(user=person)
    upload = Upload.objects.create(
        name="弱點掃描報告.pdf", size=10, scope=uuid4(), by=person, concerns=["type:text/html"]
    )
    return {"passkey": passkey.instance.pk, "session": session.pk, "token": token.token_key, "upload": upload.pk}


def credential(person: User) -> dict[str, Any]:
    """What a browser hands over for a new passkey, as allauth keeps it. Nobody can sign with this one."""
    flags = AuthenticatorData.FLAG.AT | AuthenticatorData.FLAG.UP
    key = AttestedCredentialData.create(Aaguid.NONE, person.pk.bytes, ES256({1: 2, 3: -7, -1: 1, -2: b"x", -3: b"y"}))
    attested = AttestationObject.create("none", AuthenticatorData.create(bytes(32), flags, 0, key), {})
    said = CollectedClientData.create("webauthn.create", b"challenge", "http://testserver")
    id_ = websafe_encode(person.pk.bytes)
    response = {"clientDataJSON": websafe_encode(said), "attestationObject": websafe_encode(attested)}
    return {"id": id_, "rawId": id_, "type": "public-key", "response": response}


def library_of(firm: Organization, *, by: User) -> dict[str, object]:
    """A tickmark, a phrase and a letter template of the firm's own."""
    tickmark = add_entry(Tickmark(firm=firm, sign="※", meaning="詳備註"), by=by)
    phrase = add_entry(Phrase(firm=firm, use="work", title="觀察", text="實地觀察〔場所〕。"), by=by)
    place = places(firm)["annual-qualified"]
    text = place.supplied.replace("公鑒：", "　公鑒：")
    template = write_template(place, text, reason="本所用語。", seen=0, by=by)
    return {"tickmark": tickmark.pk, "phrase": phrase.pk, "template": template.pk}
