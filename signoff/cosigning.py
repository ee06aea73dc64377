"""The second partner who signs an engagement's report, where the firm wants two."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from engagements.models import Engagement, TeamMember
from engagements.validators import check_letters_open
from foundation.accounts.models import User
from foundation.accounts.policy import Role
from foundation.trail.actions import record
from foundation.trail.hashing import JSON
from foundation.web.refusals import Refused
from signoff.models import Cosigner


def possible_cosigners(engagement: Engagement) -> QuerySet[User]:
    """The firm's other partners: neither this engagement's partner nor whoever reviews its quality, or ever did."""
    team = TeamMember.objects.filter(engagement=engagement)
    partner, reviewers = team.current().filter(role=Role.PARTNER), team.filter(role=Role.EQR)
    partners = User.objects.filter(organization=engagement.firm_id, role=Role.PARTNER, is_active=True)
    return partners.exclude(pk__in=partner.values("user")).exclude(pk__in=reviewers.values("user")).order_by("name")


@transaction.atomic
def name_cosigner(engagement: Engagement, person: User | None, *, by: User) -> None:
    """Name the second partner who signs the report, or nobody. What the letter says changes: the file's signatures
    lapse. Refused for whoever isn't another partner of the firm, and for the quality reviewer.
    """
    current = Engagement.objects.locked(engagement.pk)
    check_letters_open(current)
    named = Cosigner.objects.filter(engagement=current).select_related("user").first()
    if person == (named.user if named else None):
        return
    if person is None:
        Cosigner.objects.filter(engagement=current).delete()
        record("cosigner.removed", chain=current.chain, by=by, about=current)
        return
    _refuse_as_cosigner(current, person)
    Cosigner.objects.update_or_create(
        engagement=current, defaults={"user": person, "named_by": by, "named_at": timezone.now()}
    )
    facts: dict[str, JSON] = {"user": str(person.pk), "name": person.name}
    record("cosigner.named", chain=current.chain, by=by, about=current, facts=facts)


def _refuse_as_cosigner(engagement: Engagement, person: User) -> None:
    if not possible_cosigners(engagement).filter(pk=person.pk).exists():
        raise Refused(_("The second signer is another partner of the firm, and not the quality reviewer."))
