"""The register of findings and one finding."""

from copy import copy
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from engagements.models import Engagement
from findings import queries
from findings.actions import link, save_finding, unlink, withdraw_finding
from findings.forms import LinkForm, TextForm, WithdrawalForm
from findings.models import Finding
from foundation.accounts.http import PersonRequest
from foundation.accounts.models import User
from foundation.web.errors import refusals_as_errors, refusals_as_messages
from foundation.web.guards import guarded, visible
from foundation.web.refusals import Conflict

FINDING = visible(Finding, pk="finding")


@guarded("finding.view", visible(Engagement, pk="engagement"))
@require_safe
def finding_list(request: PersonRequest, engagement: Engagement) -> HttpResponse:
    """The register, and the exceptions that still lack a finding."""
    context = {
        "engagement": engagement,
        "findings": queries.register_of(engagement),
        "severities": queries.by_severity(engagement),
        "unexplained": queries.unexplained(engagement),
    }
    return render(request, "findings/register.html", context)


@guarded("finding.view", FINDING)
@require_safe
def finding(request: PersonRequest, found: Finding) -> HttpResponse:
    """One finding."""
    return _page(request, found)


def _page(request: PersonRequest, found: Finding, *, status: int = 200, **changed: Any) -> HttpResponse:
    """Render the finding; `changed` holds bound forms with their errors, or the conflict."""
    tied = queries.exceptions_of(found.engagement).model.objects.filter(pk__in=found.links.values("result"))
    is_open = found.engagement.is_open_for_work and not found.is_withdrawn
    context = {
        "finding": found,
        "engagement": found.engagement,
        "tied": tied.select_related("workpaper", "procedure").order_by("workpaper__position", "position"),
        "form": TextForm(instance=copy(found), initial={"version": found.version}),
        "linking": LinkForm(results=_linkable(found)),
        "withdrawing": WithdrawalForm(),
        "may_change": is_open and request.user.can("finding.change", found),
    }
    return render(request, "findings/finding.html", context | changed, status=status)


def _linkable(found: Finding) -> Any:
    return queries.exceptions_of(found.engagement).exclude(pk__in=found.links.values("result"))


@guarded("finding.change", FINDING)
@require_POST
def finding_text(request: PersonRequest, found: Finding) -> HttpResponse:
    """Save what was typed; a conflict shows both texts and keeps the typed one in the form."""
    form = TextForm(request.POST, instance=copy(found))
    if form.is_valid():
        with refusals_as_errors(form):
            try:
                _save(found, form, by=request.user)
            except Conflict:
                current = Finding.objects.visible_to(request.user).get(pk=found.pk)
                conflict = queries.differences(current, form.contested(current))
                return _page(request, current, status=409, form=form.over(copy(current)), conflict=conflict)
            messages.success(request, _("%(finding)s is saved.") % {"finding": found.label})
            return redirect(found)
    return _page(request, found, status=422, form=form)


def _save(found: Finding, form: TextForm, *, by: User) -> None:
    """Save what was typed; where somebody else saved other fields meanwhile, beside theirs. Else Conflict."""
    try:
        save_finding(found, form.typed, version=form.cleaned_data["version"], by=by)
    except Conflict as conflict:
        if form.contested(Finding.objects.get(pk=found.pk)):
            raise
        save_finding(found, form.typed, version=conflict.version, by=by)


@guarded("finding.change", FINDING)
@require_POST
def finding_withdrawal(request: PersonRequest, found: Finding) -> HttpResponse:
    """Withdraw the finding, with the reason."""
    form = WithdrawalForm(request.POST)
    if form.is_valid():
        with refusals_as_errors(form, "reason"):
            withdraw_finding(found, reason=form.cleaned_data["reason"], by=request.user)
            messages.success(request, _("%(finding)s is withdrawn.") % {"finding": found.label})
            return redirect(found)
    return _page(request, found, status=422, withdrawing=form)


@guarded("finding.change", FINDING)
@require_POST
def finding_links(request: PersonRequest, found: Finding) -> HttpResponse:
    """Tie the finding to another exception."""
    form = LinkForm(request.POST, results=_linkable(found))
    if not form.is_valid():
        return _page(request, found, status=422, linking=form)
    return _tied(request, found, link, form)


@guarded("finding.change", FINDING)
@require_POST
def finding_unlinking(request: PersonRequest, found: Finding) -> HttpResponse:
    """Untie the finding from a result."""
    form = LinkForm(request.POST, results=found.results.all())
    if not form.is_valid():
        return redirect(found)  # untied already
    return _tied(request, found, unlink, form)


def _tied(request: PersonRequest, found: Finding, verb: Any, form: LinkForm) -> HttpResponse:
    """Call the verb with the chosen result and go back to the finding, saying what came of it."""
    with refusals_as_messages(request):
        verb(found, form.cleaned_data["result"], by=request.user)
        messages.success(request, _("The links of %(finding)s are saved.") % {"finding": found.label})
    return redirect(found)
