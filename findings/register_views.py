"""The register of findings: what there is, what is owed, releasing several at once."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from engagements.models import Engagement
from findings import queries
from findings.models import FindingGroup, FollowUp
from findings.register_forms import RegisterFilter
from findings.releasing import release_findings
from findings.response_forms import ReleaseSeveralForm
from foundation.accounts.http import PersonRequest
from foundation.web.errors import refusals_as_errors
from foundation.web.guards import guarded, visible

ENGAGEMENT = visible(Engagement, pk="engagement")


@guarded("finding.view", ENGAGEMENT)
@require_safe
def finding_list(request: PersonRequest, engagement: Engagement) -> HttpResponse:
    """The register, and the exceptions that still lack a finding."""
    return _register(request, engagement)


def _register(request: PersonRequest, engagement: Engagement, *, status: int = 200, **changed: Any) -> HttpResponse:
    """Render the register; `changed` holds the bound form of a release with its errors."""
    chosen = RegisterFilter(request.GET)
    lines = queries.register_of(engagement)
    context = {
        "engagement": engagement,
        "chosen": chosen,
        "lines": lines,
        "shown": queries.narrowed(lines, **chosen.wanted),
        "severities": queries.by_severity(engagement),
        "states": queries.by_state(lines),
        "unexplained": queries.unexplained(engagement),
        "groups": FindingGroup.objects.filter(engagement=engagement).prefetch_related("members").order_by("number"),
        "unassessed": FollowUp.objects.filter(engagement=engagement, status="").count(),
        "releasing": ReleaseSeveralForm(engagement=engagement),
        "may_change": engagement.is_open_for_work and request.user.can("finding.change", engagement),
        "may_release": engagement.is_open_for_work and request.user.can("finding.release", engagement),
    }
    template = "findings/register.html"
    return render(request, f"{template}#rows" if request.htmx else template, context | changed, status=status)


@guarded("finding.release", ENGAGEMENT)
@require_POST
def finding_releases(request: PersonRequest, engagement: Engagement) -> HttpResponse:
    """Release the chosen findings to the broker: all of them, or none."""
    form = ReleaseSeveralForm(request.POST, engagement=engagement)
    if form.is_valid():
        with refusals_as_errors(form):
            chosen = list(form.cleaned_data["findings"])
            due_on = form.cleaned_data["due_on"]
            release_findings(engagement, chosen, due_on=due_on, asks=form.asks, by=request.user)
            messages.success(request, _said(len(chosen)))
            return redirect("finding-list", engagement=engagement.pk)
    return _register(request, engagement, status=422, releasing=form)


def _said(number: int) -> str:
    return ngettext(
        "%(n)d finding is released to the broker.", "%(n)d findings are released to the broker.", number
    ) % {"n": number}
