"""Pages about an engagement as such: creating it, its team, its profile."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from controls.models import Condition
from engagements.actions import (
    acknowledge_auditee,
    answer_condition,
    invite_auditee,
    join_team,
    leave_team,
)
from engagements.forms import AnswerForm, AuditeeInvitationForm, TeamMemberForm
from engagements.models import Engagement, ProfileAnswer, TeamMember
from engagements.queries import answered, by_rank, questions
from foundation.accounts.http import PersonRequest
from foundation.accounts.models import User
from foundation.accounts.policy import Role
from foundation.web.errors import refusals_as_errors, refusals_as_messages
from foundation.web.guards import guarded, visible
from foundation.web.refusals import Refused


def staffable(user: User, *, engagement: UUID) -> Engagement:
    """Load an engagement whose team the person may look at."""
    engagements = Engagement.objects.staffable_by(user).select_related("auditee", "catalogue")
    return get_object_or_404(engagements, pk=engagement)


@guarded("team.view", staffable)
@require_GET
def team(request: PersonRequest, engagement: Engagement) -> HttpResponse:
    """Show who is on the engagement, who was, and the form to add somebody."""
    return _team_page(request, engagement, TeamMemberForm(engagement=engagement))


def _team_page(
    request: PersonRequest,
    engagement: Engagement,
    form: TeamMemberForm,
    *,
    status: int = 200,
    invitation: AuditeeInvitationForm | None = None,
) -> HttpResponse:
    members = list(TeamMember.objects.filter(engagement=engagement).select_related("user"))
    on_it = [member for member in members if member.ended_on is None]
    roles = {member.role for member in on_it}
    context = {
        "engagement": engagement,
        "members": by_rank(on_it),
        "former": [member for member in members if member.ended_on],
        "missing": [role for role in (Role.PARTNER, Role.EQR) if role not in roles],
        "form": form,
        "auditee_people": [
            (person, person.is_known_to(engagement.firm_id))
            for person in engagement.auditee.people.order_by("-is_active", "name")
        ],
        "invitation": invitation or AuditeeInvitationForm(),
    }
    return render(request, "engagements/team.html", context, status=status)


class AuditeePerson:
    """One of the auditee's people, as the guard loads them for an engagement."""

    def __init__(self, engagement: Engagement, person: User) -> None:
        self.engagement, self.person = engagement, person

    def roles_of(self, user: User) -> frozenset[Role]:
        return self.engagement.roles_of(user)


def auditee_person(user: User, *, engagement: UUID, person: UUID) -> AuditeePerson:
    """Load a person of the broker that the engagement assesses."""
    found = get_object_or_404(Engagement.objects.visible_to(user).select_related("auditee", "firm"), pk=engagement)
    return AuditeePerson(found, get_object_or_404(found.auditee.people, pk=person))


@guarded("auditee.invite", auditee_person)
@require_POST
def auditee_acknowledge(request: PersonRequest, known: AuditeePerson) -> HttpResponse:
    """Say that the firm knows this person, whom another firm brought in."""
    acknowledge_auditee(known.engagement, known.person, by=request.user)
    messages.success(request, _("%(name)s may answer this firm's requests from now on.") % {"name": known.person.name})
    return redirect("engagement-team", engagement=known.engagement.pk)


@guarded("auditee.invite", visible(Engagement, pk="engagement"))
@require_POST
def auditee_invite(request: PersonRequest, engagement: Engagement) -> HttpResponse:
    """Invite the auditee's first person."""
    form = AuditeeInvitationForm(request.POST)
    if form.is_valid():
        with refusals_as_errors(form):
            invited = invite_auditee(engagement, **form.cleaned_data, by=request.user)
            messages.success(request, _("%(mail)s gets a link to sign in.") % {"mail": invited.email})
            return redirect("engagement-team", engagement=engagement.pk)
    return _team_page(request, engagement, TeamMemberForm(engagement=engagement), status=422, invitation=form)


@guarded("team.change", staffable)
@require_POST
def team_join(request: PersonRequest, engagement: Engagement) -> HttpResponse:
    """Put somebody on the team."""
    form = TeamMemberForm(request.POST, engagement=engagement)
    if form.is_valid():
        with refusals_as_errors(form):
            join_team(engagement, user=form.cleaned_data["user"], role=form.cleaned_data["role"], by=request.user)
            return redirect("engagement-team", engagement=engagement.pk)
    return _team_page(request, engagement, form, status=422)


def current_member(user: User, *, engagement: UUID, member: int) -> TeamMember:
    """Load a member of today's team."""
    members = TeamMember.objects.current().filter(engagement__in=Engagement.objects.staffable_by(user))
    return get_object_or_404(members.select_related("engagement", "user"), engagement=engagement, pk=member)


@guarded("team.change", current_member)
@require_POST
def team_leave(request: PersonRequest, member: TeamMember) -> HttpResponse:
    """Roll a member off the team."""
    with refusals_as_messages(request):
        leave_team(member, by=request.user)
        messages.success(request, _("%(name)s is off the team from now on.") % {"name": member.user.name})
    return redirect("engagement-team", engagement=member.engagement_id)


@guarded("engagement.view", visible(Engagement, pk="engagement"))
@require_GET
def profile(request: PersonRequest, engagement: Engagement) -> HttpResponse:
    """Show the conditions that decide what applies to this broker, with their answers."""
    groups = questions(engagement)
    context = {"engagement": engagement, "groups": groups, "answered": answered(engagement)}
    return render(request, "engagements/profile.html", context)


class Asked:
    """One condition of one engagement, as the guard loads it."""

    def __init__(self, engagement: Engagement, condition: Condition) -> None:
        self.engagement, self.condition = engagement, condition

    def roles_of(self, user: User) -> frozenset[Role]:
        return self.engagement.roles_of(user)


def question(user: User, *, engagement: UUID, condition: str) -> Asked:
    """Load a condition of the catalogue version that the engagement is pinned to."""
    found = get_object_or_404(Engagement.objects.visible_to(user), pk=engagement)
    return Asked(found, get_object_or_404(Condition, version=found.catalogue_id, key=condition))


@guarded("profile.change", question)
@require_POST
def answer(request: PersonRequest, asked: Asked) -> HttpResponse:
    """Save one answer; htmx shows its saved state beside it."""
    form = AnswerForm(request.POST)
    saved, errors = None, []
    try:
        saved = _save(asked, form, request.user) if form.is_valid() else None
        errors = [str(error) for field in form.errors.values() for error in field]
    except Refused as refusal:
        errors = list(refusal.reasons)
    if not request.htmx:
        for error in errors:
            messages.error(request, error)
        return redirect("engagement-profile", engagement=asked.engagement.pk)
    context = {
        "engagement": asked.engagement,
        "answer": saved,
        "errors": errors,
        "answered": answered(asked.engagement),
        "refreshed": True,
    }
    return render(request, "engagements/profile.html#saved", context, status=422 if errors else 200)


def _save(asked: Asked, form: Any, by: User) -> ProfileAnswer:
    given = form.cleaned_data
    return answer_condition(asked.engagement, asked.condition, applies=given["applies"], reason=given["reason"], by=by)
