"""Raising a finding from an exception, and tying an exception to a finding that is there."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_POST

from findings.actions import link, raise_finding, unlink
from findings.criteria import criteria_of
from findings.forms import FindingForm
from findings.models import FindingLink
from findings.raise_forms import LinkForm, first_wording
from foundation.accounts.http import PersonRequest
from foundation.accounts.models import User
from foundation.web.answers import invalid, refusals_answered
from foundation.web.guards import guarded, visible
from procedures.answers import paper_changed
from procedures.models import ProcedureResult


def link_of(user: User, **arguments: Any) -> FindingLink:
    """Load the tie between a result that the person may see and a finding."""
    results = ProcedureResult.objects.visible_to(user).values("pk")
    links = FindingLink.objects.filter(result__in=results).select_related("finding__engagement", "result__workpaper")
    return get_object_or_404(links, result=arguments["result"], finding=arguments["finding"])


@guarded("finding.change", visible(ProcedureResult, pk="result"))
@require_http_methods(["GET", "POST"])
@refusals_answered
def finding_raise(request: PersonRequest, result: ProcedureResult) -> HttpResponse:
    """GET: the form with what the paper says already. POST: write the finding and tie it to the exception."""
    if request.method == "GET":
        forms = {"form": FindingForm(initial=first_wording(result)), "linking": LinkForm(result=result)}
        criteria = criteria_of(ProcedureResult.objects.filter(pk=result.pk))
        return render(request, "findings/raise.html", {"result": result, "criteria": criteria, **forms})
    form = FindingForm(request.POST)
    if not form.is_valid():
        return invalid(form)
    raise_finding(result, form.cleaned_data, by=request.user)
    return paper_changed(result.workpaper_id)


@guarded("finding.change", visible(ProcedureResult, pk="result"))
@require_POST
@refusals_answered
def finding_link(request: PersonRequest, result: ProcedureResult) -> HttpResponse:
    """Tie the exception to a finding of the same engagement."""
    form = LinkForm(request.POST, result=result)
    if not form.is_valid():
        return invalid(form)
    link(form.cleaned_data["finding"], result, by=request.user)
    return paper_changed(result.workpaper_id)


@guarded("finding.change", link_of)
@require_http_methods(["DELETE"])
@refusals_answered
def finding_unlink(request: PersonRequest, tie: FindingLink) -> HttpResponse:
    """Untie the finding from the result; the finding stays."""
    unlink(tie.finding, tie.result, by=request.user)
    return paper_changed(tie.result.workpaper_id)
