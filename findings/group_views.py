"""Judging several findings together."""

from copy import copy

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from engagements.models import Engagement
from findings.grouping import change_group, dissolve_group, group_findings
from findings.models import FindingGroup
from findings.register_forms import GroupForm
from foundation.accounts.http import PersonRequest
from foundation.web.errors import refusals_as_errors, refusals_as_messages
from foundation.web.guards import guarded, visible

GROUP = visible(FindingGroup, pk="group")


@guarded("finding.change", visible(Engagement, pk="engagement"))
@require_http_methods(["GET", "POST"])
def finding_group_new(request: PersonRequest, engagement: Engagement) -> HttpResponse:
    """GET: the form for a new group, with the findings named by `finding` chosen. POST: judge them together."""
    group = FindingGroup(engagement=engagement)
    if request.method == "GET":
        return _page(request, group, GroupForm(instance=group, initial={"members": request.GET.getlist("finding")}))
    form = GroupForm(request.POST, instance=copy(group))
    if form.is_valid():
        with refusals_as_errors(form, "members"):
            group_findings(engagement, form.judgement, form.cleaned_data["members"], by=request.user)
            return redirect("finding-list", engagement=engagement.pk)
    return _page(request, group, form)


@guarded("finding.change", GROUP)
@require_http_methods(["GET", "POST"])
def finding_group(request: PersonRequest, group: FindingGroup) -> HttpResponse:
    """GET: the group in its form. POST: judge it anew."""
    if request.method == "GET":
        return _page(request, group, GroupForm(instance=group))
    form = GroupForm(request.POST, instance=copy(group))
    if form.is_valid():
        with refusals_as_errors(form, "members"):
            change_group(group, form.judgement, form.cleaned_data["members"], by=request.user)
            messages.success(request, _("%(group)s is saved.") % {"group": group.label})
            return redirect("finding-list", engagement=group.engagement_id)
    return _page(request, group, form)


@guarded("finding.change", GROUP)
@require_POST
def finding_group_dissolution(request: PersonRequest, group: FindingGroup) -> HttpResponse:
    """Take the findings apart again."""
    label, engagement = group.label, group.engagement_id
    with refusals_as_messages(request):
        dissolve_group(group, by=request.user)
        messages.success(request, _("%(group)s is dissolved; its findings stay.") % {"group": label})
    return redirect("finding-list", engagement=engagement)


def _page(request: PersonRequest, group: FindingGroup, form: GroupForm) -> HttpResponse:
    context = {"group": group, "engagement": group.engagement, "form": form}
    return render(request, "findings/group.html", context, status=422 if form.is_bound else 200)
