"""What people do to an engagement as such: create it, name its team, answer its profile."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from controls.models import Condition
from engagements.models import Engagement, ProfileAnswer, TeamMember
from engagements.queries import has_twin, predecessor_of
from engagements.validators import check_open
from foundation.accounts.actions import acknowledge, invite
from foundation.accounts.models import Organization, User
from foundation.accounts.policy import Role
from foundation.trail.actions import record
from foundation.trail.hashing import JSON
from foundation.web.refusals import Refused


@transaction.atomic
def create_engagement(engagement: Engagement, *, by: User) -> Engagement:
    """Save a new engagement of the creator's own firm; a partner becomes its engagement partner. Called by
    `procedures.general.begin_engagement`, which gives it its papers.
    """
    if engagement.auditee.kind != Organization.Kind.BROKER:
        raise Refused(_("The auditee must be a broker."))
    # Locked, so that the same engagement isn't created twice at once.
    firm = Organization.objects.select_for_update(no_key=True).get(pk=by.organization_id)
    if has_twin(firm=firm, auditee=engagement.auditee, kind=engagement.kind, last_day=engagement.last_day):
        raise Refused(_("The firm has an engagement of this kind for this auditee and this date already."))
    engagement.firm = firm
    engagement.predecessor = predecessor_of(engagement)
    engagement.save(force_insert=True)
    record(
        "engagement.created",
        chain=engagement.chain,
        by=by,
        about=engagement,
        facts={
            "kind": engagement.kind,
            "auditee": engagement.auditee.tax_id,
            "catalogue": engagement.catalogue.key,
            "to": engagement.stage,
        },
    )
    if by.role == Role.PARTNER:
        _join(engagement, by, Role.PARTNER, by=by)
    return engagement


def invite_auditee(engagement: Engagement, *, email: str, name: str, by: User) -> User:
    """Invite the auditee's first person; from then on its own people invite one another. Who is invited so works for
    this firm's engagements only: an accomplice would read what other firms ask of this broker.
    """
    if engagement.auditee.people.filter(is_active=True).exists():
        raise Refused(_("The auditee has people here already; they invite their colleagues themselves."))
    return invite(engagement.auditee, email=email, name=name, role=Role.BROKER, by=by)


def acknowledge_auditee(engagement: Engagement, person: User, *, by: User) -> None:
    """Let one of the auditee's people, whom another firm brought in, work for this firm's engagements too."""
    acknowledge(person, engagement.firm, by=by)


@transaction.atomic
def join_team(engagement: Engagement, *, user: User, role: str, by: User | None) -> TeamMember:
    """Put a person of the firm on the team; nobody both works on the engagement and reviews its quality."""
    Engagement.objects.locked(engagement.pk)
    if user.organization_id != engagement.firm_id:
        raise Refused(_("Only people of the firm can join its team."))
    current = TeamMember.objects.current().filter(engagement=engagement)
    if current.of(user).exists():
        raise Refused(_("%(name)s is on the team already.") % {"name": user.name})
    if role == Role.PARTNER and current.filter(role=Role.PARTNER).exists():
        raise Refused(_("The engagement has its partner already."))
    if role == Role.PARTNER and user.role != Role.PARTNER:
        raise Refused(_("Only a partner of the firm can be the engagement's partner."))
    _refuse_self_review(engagement, user, role)
    return _join(engagement, user, role, by=by)


def _join(engagement: Engagement, user: User, role: str, *, by: User | None) -> TeamMember:
    member = TeamMember.objects.create(engagement=engagement, user=user, role=role)
    record("member.joined", chain=engagement.chain, by=by, about=member, facts={"user": str(user.pk), "role": role})
    return member


def _refuse_self_review(engagement: Engagement, user: User, role: str) -> None:
    """Keep work on an engagement and the review of its quality apart, also over time."""
    team = TeamMember.objects.filter(engagement=engagement)
    if role != Role.EQR:
        if team.of(user).filter(role=Role.EQR).exists():
            raise Refused(_("Whoever has reviewed the engagement's quality can't work on it."))
        return
    if user.role != Role.PARTNER:
        raise Refused(_("Only a partner of the firm can review an engagement's quality."))
    if team.of(user).exclude(role=Role.EQR).exists():
        raise Refused(_("Whoever has worked on the engagement can't review its quality."))
    if team.current().filter(role=Role.EQR).exists():
        raise Refused(_("The engagement has its quality reviewer already."))


@transaction.atomic
def leave_team(member: TeamMember, *, by: User) -> None:
    """Roll a member off, from now on; what they wrote and signed stays."""
    if member.user_id == by.pk:
        raise Refused(_("Nobody takes themselves off the team; ask the partner or the administrator."))
    member.ended_on = timezone.localdate()
    member.save(update_fields=["ended_on"])
    record("member.left", chain=member.engagement.chain, by=by, about=member, facts={"user": str(member.user_id)})


@transaction.atomic
def answer_condition(
    engagement: Engagement, condition: Condition, *, applies: bool, reason: str, by: User
) -> ProfileAnswer:
    """Answer a condition of the profile: before fieldwork, or about an event until the issue; a no needs its reason."""
    current = Engagement.objects.locked(engagement.pk)
    if current.is_issued:
        raise Refused(_("The report is issued."))
    check_open(current)
    if current.fieldwork_opened_at and condition.kind != Condition.Kind.EVENT:
        raise Refused(_("Fieldwork is open: its papers and requests already follow this answer."))
    if not applies and not reason.strip():
        raise Refused(_("“%(condition)s”: say why it doesn't apply.") % {"condition": condition.title})
    answer, _created = ProfileAnswer.objects.update_or_create(
        engagement=engagement,
        condition=condition,
        defaults={"applies": applies, "reason": reason.strip(), "answered_by": by},
    )
    facts: dict[str, JSON] = {"answer": answer.pk, "condition": condition.key, "applies": applies}
    record("profile.answered", chain=engagement.chain, by=by, about=engagement, facts=facts, reason=answer.reason)
    return answer
