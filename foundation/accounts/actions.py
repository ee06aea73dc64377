"""What is done about people and organizations, and what their sign-ins leave in the trail.

Every event stands in the chain of the person's organization; what can't be tied to a known person stands in SECURITY.
"""

from collections.abc import Mapping
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from knox.models import AuthToken

from foundation.accounts.models import KIND_OF_ROLE, Organization, Recovery, User
from foundation.accounts.policy import Role
from foundation.jobs.actions import request_job
from foundation.trail.actions import record
from foundation.trail.hashing import JSON
from foundation.web.refusals import Refused

SECURITY = "security"
LINK_TASK = "accounts.send_link"
Kind = Organization.Kind


# Organizations --------------------------------------------------------------------------------


@transaction.atomic
def register_organization(organization: Organization, *, by: User | None) -> Organization:
    """Save a new organization. Firms and exchanges are the operator's to register (the policy says so by kind)."""
    organization.full_clean()
    organization.save(force_insert=True)
    note("organization.registered", organization, by=by, about=organization, facts=_particulars(organization))
    return organization


@transaction.atomic
def change_organization(organization: Organization, *, by: User) -> None:
    """Save corrected particulars; the tax ID number stays what it is."""
    organization.full_clean()
    organization.save(update_fields=["name", "short_name", "address"])
    note("organization.changed", organization, by=by, about=organization, facts=_particulars(organization))


def _particulars(organization: Organization) -> dict[str, JSON]:
    return {name: str(getattr(organization, name)) for name in ("kind", "name", "short_name", "tax_id", "address")}


# People ---------------------------------------------------------------------------------------


def roles_to_give(organization: Organization, *, by: User) -> list[Role]:
    """The roles that `by` may give in an organization. A firm's administrator comes by the operator, while it has none:
    nobody makes themselves the second of two people.
    """
    fitting: list[Role] = [
        role for role in Role if KIND_OF_ROLE.get(role, Kind.FIRM) == organization.kind and role != Role.EQR
    ]
    if organization.kind == Kind.FIRM:
        if by.role != Role.OPERATOR:
            return [role for role in fitting if role != Role.ADMIN]
        return [] if organization.people.filter(role=Role.ADMIN, is_active=True).exists() else [Role.ADMIN]
    if organization.kind == Kind.EXCHANGE and by.role != Role.OPERATOR:
        return []
    return fitting


@transaction.atomic
def invite(organization: Organization, *, email: str, name: str, role: str, by: User | None) -> User:
    """Create a person without a password and mail them a link that works once. `by` None: the installation itself.

    Who comes into a broker is known to the firm that invites, or to whom the inviting colleague is known.
    """
    if by is not None and role not in roles_to_give(organization, by=by):
        raise Refused(_("You can't give this role here."))
    if User.objects.filter(email__iexact=email).exists():
        raise Refused(_("Somebody has this mail address already."))
    try:
        person = add_person(organization, email=email, password=None, name=name, role=role, by=by)
    except ValidationError as error:
        raise Refused(*error.messages) from error
    if by is not None and organization.kind == Kind.BROKER and by.role != Role.OPERATOR:
        person.known_to.set(by.known_to.all() if by.role == Role.BROKER else [by.organization])
    send_link(person, by=by)
    return person


@transaction.atomic
def acknowledge(person: User, firm: Organization, *, by: User) -> None:
    """Let a broker's person, whom another firm brought in, work for this firm's engagements too."""
    if not person.is_known_to(firm.pk):
        person.known_to.add(firm)
        note("person.acknowledged", person.organization, by=by, about=person, facts={"firm": firm.tax_id})


@transaction.atomic
def add_person(
    organization: Organization, *, email: str, password: str | None, by: User | None, **particulars: Any
) -> User:
    """Create a person. Only a demonstration gives a password here; people choose their own."""
    person = User.objects.create_user(email, password=password, organization=organization, **particulars)
    facts: dict[str, JSON] = {"email": person.email, "role": person.role}
    note("person.invited", organization, by=by, about=person, facts=facts)
    return person


@transaction.atomic
def invite_again(person: User, *, by: User) -> None:
    """Mail a new link; links sent before stop working."""
    if not person.is_invited or not person.is_active:
        raise Refused(_("%(name)s has signed in already.") % {"name": person.name})
    person.set_unusable_password()
    person.save(update_fields=["password"])
    note("person.invited", person.organization, by=by, about=person, facts={"email": person.email, "role": person.role})
    send_link(person, by=by)


def send_link(person: User, *, by: User | None) -> None:
    """Have a worker mail the person a link to choose a password (see tasks.py)."""
    request_job(LINK_TASK, {"person": str(person.pk)}, by=by)


@transaction.atomic
def change_role(person: User, role: str, *, by: User) -> None:
    """Give a person another role in their organization; on engagements their team decides, as before."""
    person = _others_account(person, by=by)
    if role not in roles_to_give(person.organization, by=by) or by.organization_id != person.organization_id:
        raise Refused(_("You can't give this role here."))
    facts: dict[str, JSON] = {"from": person.role, "role": role}
    person.role = role
    person.save(update_fields=["role"])
    AuthToken.objects.filter(user=person).delete()
    note("person.role-changed", person.organization, by=by, about=person, facts=facts)


@transaction.atomic
def rename(person: User, name: str, *, by: User) -> None:
    """Correct a person's name. It stands under their signatures, so it isn't theirs to choose."""
    person = _others_account(person, by=by)
    facts: dict[str, JSON] = {"from": person.name, "name": name}
    person.name = name
    person.full_clean(exclude=["password"])
    person.save(update_fields=["name"])
    note("person.renamed", person.organization, by=by, about=person, facts=facts)


@transaction.atomic
def disable(person: User, *, reason: str, by: User) -> None:
    """Let a person in no more: sessions and tokens end now; what they wrote and signed stays."""
    person = _others_account(person, by=by)
    person.is_active = False
    person.save(update_fields=["is_active"])
    _end_access(person)
    note("person.disabled", person.organization, by=by, about=person, reason=reason)


@transaction.atomic
def enable(person: User, *, by: User) -> None:
    """Let a disabled person in again."""
    person = _others_account(person, by=by)
    person.is_active = True
    person.save(update_fields=["is_active"])
    note("person.enabled", person.organization, by=by, about=person)


@transaction.atomic
def end_access(person: User, *, by: User) -> None:
    """End somebody's sessions and tokens, for instance when a computer was lost."""
    _end_access(person)
    note("person.sessions-ended", person.organization, by=by, about=person)


@transaction.atomic
def save_own_particulars(person: User, *, by: User) -> None:
    """Save what a person says of themselves; reports print it."""
    person.full_clean(exclude=["password"])
    person.save(update_fields=["certificate", "experience"])
    facts: dict[str, JSON] = {name: getattr(person, name) for name in ("certificate", "experience")}
    note("person.changed", person.organization, by=by, about=person, facts=facts)


def _others_account(person: User, *, by: User) -> User:
    """Lock somebody else's account: nobody decides about their own."""
    if person.pk == by.pk:
        raise Refused(_("Somebody else must do this for your own account."))
    return User.objects.select_for_update(of=("self",)).get(pk=person.pk)


def _end_access(person: User) -> None:
    for session in UserSession.objects.filter(user=person):
        session.end()
    AuthToken.objects.filter(user=person).delete()


# Lost second factors --------------------------------------------------------------------------


@transaction.atomic
def ask_recovery(person: User, *, reason: str, by: User) -> Recovery:
    """Ask for new second factors for somebody; nothing happens until a second person confirms."""
    person = _others_account(person, by=by)
    if Recovery.objects.filter(person=person, confirmed_at=None).exists():
        raise Refused(_("This has been asked for already; it waits for a second person."))
    recovery = Recovery.objects.create(person=person, reason=reason, requested_by=by)
    note("recovery.requested", person.organization, by=by, about=person, reason=reason)
    return recovery


@transaction.atomic
def confirm_recovery(recovery: Recovery, *, by: User) -> None:
    """Take away password, second factors, sessions and tokens, and mail a link to begin anew."""
    person = _others_account(recovery.person, by=by)
    recovery = _open_recovery(recovery)
    if recovery.requested_by_id == by.pk:
        raise Refused(_("Whoever asked for it can't confirm it: that takes a second person."))
    Authenticator.objects.filter(user=person).delete()
    person.set_unusable_password()
    person.save(update_fields=["password"])
    _end_access(person)
    recovery.confirmed_by, recovery.confirmed_at = by, timezone.now()
    recovery.save(update_fields=["confirmed_by", "confirmed_at"])
    facts: dict[str, JSON] = {"recovery": str(recovery.pk), "requested_by": str(recovery.requested_by_id)}
    note("recovery.confirmed", person.organization, by=by, about=person, facts=facts, reason=recovery.reason)
    send_link(person, by=by)


@transaction.atomic
def decline_recovery(recovery: Recovery, *, by: User) -> None:
    """Drop what was asked for."""
    recovery = _open_recovery(recovery)
    recovery.delete()
    note("recovery.declined", recovery.person.organization, by=by, about=recovery.person, reason=recovery.reason)


def _open_recovery(recovery: Recovery) -> Recovery:
    found = Recovery.objects.select_for_update(of=("self",)).filter(pk=recovery.pk, confirmed_at=None).first()
    if found is None:
        raise Refused(_("Somebody has decided about this already."))
    return found


# What sign-ins leave behind -------------------------------------------------------------------


def note(
    event: str,
    organization: Organization | None,
    *,
    by: User | None,
    about: Any,
    facts: Mapping[str, JSON] | None = None,
    reason: str = "",
) -> None:
    """Record a security event in the chain of an organization, or in the platform's own."""
    chain = SECURITY if organization is None else organization.chain
    with transaction.atomic():
        record(event, chain=chain, by=by, about=about, facts=facts, reason=reason)


def note_own(event: str, person: User, **facts: JSON) -> None:
    """Record what a person did with their own account."""
    note(event, person.organization, by=person, about=person, facts=facts)


def note_refusal(event: str, address: str) -> None:
    """Record a sign-in that failed, about the person whose address it is; of what was typed, the address only."""
    person = User.objects.filter(email__iexact=address[:254]).first() if "\0" not in address else None
    if person is None:
        note(event, None, by=None, about=None, facts={"address": address[:200]})
    else:
        note(event, person.organization, by=None, about=person)


def note_lockout(address: str) -> None:
    """Record that an address was refused because too many attempts came before."""
    note_refusal("person.locked-out", address)


def note_timeout(person: User) -> None:
    """Record that a session was ended because it was too old or left alone."""
    note_own("person.timed-out", person)
