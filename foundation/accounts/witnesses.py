"""What of this app and the trail vouch for one another."""

from operator import attrgetter

from foundation.accounts.models import Organization, Recovery, User
from foundation.trail.witnesses import Witness

PARTICULARS = ("kind", "name", "short_name", "tax_id", "address")


def witnesses() -> list[Witness]:
    """Organizations as somebody registered or corrected them, people: mail, role, whether let in; recoveries."""
    particulars = {f"facts.{name}": attrgetter(name) for name in PARTICULARS}
    confirmed = {
        "actor.id": attrgetter("confirmed_by_id"),
        "facts.requested_by": attrgetter("requested_by_id"),
        "reason": attrgetter("reason"),
    }
    invited, disabled = ("person.invited",), ("person.disabled",)
    recoveries = Recovery.objects.exclude(confirmed_at=None)
    return [
        Witness(Organization.objects.all(), ("organization.registered", "organization.changed"), told=particulars),
        Witness(User.objects.all(), ("person.invited", "person.role-changed"), told={"facts.role": attrgetter("role")}),
        Witness(User.objects.all(), invited, told={"facts.email": attrgetter("email")}),
        Witness(User.objects.filter(is_active=False), disabled, ended=("person.enabled",)),
        Witness(recoveries, ("recovery.confirmed",), about="person_id", fact="recovery", told=confirmed),
    ]
