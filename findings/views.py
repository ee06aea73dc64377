"""One finding, as the team works on it."""

from copy import copy
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from findings import queries
from findings.actions import link, save_finding, unlink, withdraw_finding
from findings.asking import asked_of, with_releases
from findings.criteria import criteria_of
from findings.forms import LinkForm, TextForm, WithdrawalForm
from findings.models import Finding
from findings.response_forms import RecordForm, ReleaseForm
from foundation.accounts.http import PersonRequest
from foundation.accounts.models import User
from foundation.web.errors import refusals_as_errors, refusals_as_messages
from foundation.web.guards import guarded, visible
from foundation.web.refusals import Conflict

FINDING = visible(Finding, pk="finding")


@guarded("finding.view", FINDING)
@require_safe
def finding(request: PersonRequest, found: Finding) -> HttpResponse:
    """One finding."""
    return finding_page(request, found)


def finding_page(request: PersonRequest, found: Finding, *, status: int = 200, **changed: Any) -> HttpResponse:
    """Render the finding; `changed` holds bound forms with their errors, or the conflict."""
    tied = queries.tied_to(found)
    is_open = found.engagement.is_open_for_work and not found.is_withdrawn
    asked = asked_of(with_releases(Finding.objects.filter(pk=found.pk)).get())
    context = {
        "finding": found,
        "engagement": found.engagement,
        "tied": tied.select_related("workpaper", "procedure").order_by("workpaper__position", "position"),
        "asked": asked,
        "criteria": criteria_of(tied),
        "groups": found.groups.order_by("number"),
        "repeats": found.repeats.select_related("prior__engagement").order_by("number"),
        "form": TextForm(instance=copy(found), initial={"version": found.version}),
        "linking": LinkForm(results=_linkable(found)),
        "withdrawing": WithdrawalForm(),
        "releasing": ReleaseForm(),
        "recording": RecordForm(),
        "may_change": is_open and request.user.can("finding.change", found),
        "may_release": is_open and request.user.can("finding.release", found),
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
                return finding_page(request, current, status=409, form=form.over(copy(current)), conflict=conflict)
            except ValidationError as contradiction:  # with what somebody else saved meanwhile
                form.add_error(None, contradiction)
                return finding_page(request, found, status=422, form=form)
            messages.success(request, _("%(finding)s is saved.") % {"finding": found.label})
            return redirect(found)
    return finding_page(request, found, status=422, form=form)


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
    return finding_page(request, found, status=422, withdrawing=form)


@guarded("finding.change", FINDING)
@require_POST
def finding_links(request: PersonRequest, found: Finding) -> HttpResponse:
    """Tie the finding to another exception."""
    form = LinkForm(request.POST, results=_linkable(found))
    if not form.is_valid():
        return finding_page(request, found, status=422, linking=form)
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
