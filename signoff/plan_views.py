"""The plan: the risk of every area, saved row by row, and the partner's approval."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from engagements.models import AreaRisk, Engagement, RiskLevel
from engagements.risks import AreaRow, area_row, assess
from foundation.accounts.http import PersonRequest
from foundation.accounts.models import User
from foundation.accounts.policy import Role
from foundation.web.errors import refusals_as_messages
from foundation.web.guards import guarded, visible
from foundation.web.refusals import Refused
from signoff.plan_forms import RiskForm
from signoff.planning import Plan, approve_plan

by_id = visible(Engagement, pk="engagement")


@guarded("engagement.view", by_id)
@require_safe
def plan(request: PersonRequest, engagement: Engagement) -> HttpResponse:
    """Show every area with its risk, and what the approval waits for."""
    return render(request, "signoff/plan.html", _context(engagement))


def _context(engagement: Engagement, **more: Any) -> dict[str, Any]:
    return {"engagement": engagement, "plan": Plan(engagement), "levels": RiskLevel.choices, **more}


class Assessed:
    """One area of an engagement's plan, as the guard loads it."""

    def __init__(self, engagement: Engagement, row: AreaRow) -> None:
        self.engagement, self.row = engagement, row

    def roles_of(self, user: User) -> frozenset[Role]:
        return self.engagement.roles_of(user)


def assessed(user: User, *, engagement: UUID, area: str) -> Assessed:
    """Load an area of the catalogue version that the engagement is pinned to."""
    found = get_object_or_404(Engagement.objects.visible_to(user), pk=engagement)
    row = area_row(found, area)
    if row is None:
        raise Http404
    return Assessed(found, row)


@guarded("engagement.plan", assessed)
@require_POST
def plan_risk(request: PersonRequest, asked: Assessed) -> HttpResponse:
    """Save the risk of one area; htmx shows its saved state beside it, and how the approval stands now."""
    form = RiskForm(request.POST)
    saved, errors = None, [str(error) for field in form.errors.values() for error in field]
    try:
        saved = _save(asked, form, request.user) if form.is_valid() else None
    except Refused as refusal:
        errors = list(refusal.reasons)
    if not request.htmx:
        for error in errors:
            messages.error(request, error)
        return redirect("engagement-plan", engagement=asked.engagement.pk)
    context = _context(asked.engagement, risk=saved, errors=errors, refreshed=True)
    return render(request, "signoff/plan.html#saved", context, status=422 if errors else 200)


def _save(asked: Assessed, form: RiskForm, by: User) -> AreaRisk:
    given = form.cleaned_data
    return assess(asked.engagement, asked.row, level=given["level"], why=given["why"], by=by)


@guarded("engagement.accept", by_id)
@require_POST
def plan_approval(request: PersonRequest, engagement: Engagement) -> HttpResponse:
    """Approve the plan that the page showed."""
    with refusals_as_messages(request):
        approve_plan(engagement, seen=request.POST.get("fingerprint", ""), by=request.user)
        messages.success(request, _("The plan is approved."))
    return redirect("engagement-plan", engagement=engagement.pk)
