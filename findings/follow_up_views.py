"""Findings of earlier reports: the list, carrying them over, entering one, assessing one."""

from copy import copy
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from engagements.models import Engagement
from findings.follow_up_forms import AssessmentForm, FollowUpForm
from findings.following_up import add_follow_up, assess, carry_over, missing_follow_ups
from findings.models import FollowUp
from findings.queries import differences
from foundation.accounts.http import PersonRequest
from foundation.web.errors import refusals_as_errors, refusals_as_messages
from foundation.web.guards import guarded, visible
from foundation.web.refusals import Conflict

ENGAGEMENT = visible(Engagement, pk="engagement")


@guarded("finding.view", ENGAGEMENT)
@require_http_methods(["GET", "HEAD"])
def follow_up_list(request: PersonRequest, engagement: Engagement) -> HttpResponse:
    """What earlier reports found, and where it stands."""
    return _list(request, engagement, FollowUpForm())


def _list(request: PersonRequest, engagement: Engagement, form: FollowUpForm) -> HttpResponse:
    rows = FollowUp.objects.filter(engagement=engagement).order_by("number")
    context = {
        "engagement": engagement,
        "follow_ups": rows.select_related("prior__engagement", "result__workpaper", "repeat", "assessed_by"),
        "missing": missing_follow_ups(engagement),
        "form": form,
        "may_change": engagement.is_open_for_work and request.user.can("finding.change", engagement),
    }
    return render(request, "findings/follow_ups.html", context, status=422 if form.is_bound else 200)


@guarded("finding.change", ENGAGEMENT)
@require_POST
def follow_up_add(request: PersonRequest, engagement: Engagement) -> HttpResponse:
    """Enter a finding of a report that isn't in this system."""
    form = FollowUpForm(request.POST)
    if form.is_valid():
        with refusals_as_errors(form, "source"):
            row = add_follow_up(engagement, form.cleaned_data, by=request.user)
            messages.success(request, _("%(row)s is entered.") % {"row": row.label})
            return redirect("follow-up-list", engagement=engagement.pk)
    return _list(request, engagement, form)


@guarded("finding.change", ENGAGEMENT)
@require_POST
def follow_up_carry(request: PersonRequest, engagement: Engagement) -> HttpResponse:
    """Take over what the predecessor's report found."""
    with refusals_as_messages(request):
        n = len(carry_over(engagement, by=request.user))
        text = ngettext("%(n)d finding was carried over.", "%(n)d findings were carried over.", n)
        messages.success(request, text % {"n": n})
    return redirect("follow-up-list", engagement=engagement.pk)


@guarded("finding.view", visible(FollowUp, pk="follow_up"))
@require_http_methods(["GET", "HEAD"])
def follow_up(request: PersonRequest, row: FollowUp) -> HttpResponse:
    """One earlier finding, and where it stands."""
    return _page(request, row, None)


@guarded("finding.change", visible(FollowUp, pk="follow_up"))
@require_POST
def follow_up_assessment(request: PersonRequest, row: FollowUp) -> HttpResponse:
    """Say where an earlier finding stands."""
    form = AssessmentForm(request.POST, instance=copy(row))
    if form.is_valid():
        found: dict[str, Any] = dict(form.cleaned_data)
        with refusals_as_errors(form):
            try:
                assess(row, found, version=found.pop("version"), by=request.user)
            except Conflict:
                current = FollowUp.objects.visible_to(request.user).get(pk=row.pk)
                conflict = differences(current, found)
                return _page(request, current, form.over(copy(current)), status=409, conflict=conflict)
            messages.success(request, _("%(row)s is saved.") % {"row": row.label})
            return redirect("follow-up-list", engagement=row.engagement_id)
    return _page(request, row, form, status=422)


def _page(
    request: PersonRequest, row: FollowUp, form: AssessmentForm | None, *, status: int = 200, **conflict: Any
) -> HttpResponse:
    context = {
        "row": row,
        "engagement": row.engagement,
        "form": form or AssessmentForm(instance=copy(row), initial={"version": row.version}),
        "may_change": row.engagement.is_open_for_work and request.user.can("finding.change", row),
    }
    return render(request, "findings/follow_up.html", context | conflict, status=status)
