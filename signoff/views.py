"""Moving an engagement along its stages."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from engagements.models import Engagement
from foundation.accounts.http import PersonRequest
from foundation.web.errors import refusals_as_messages
from foundation.web.guards import guarded, visible
from signoff.forms import ReasonForm, WithdrawalForm
from signoff.lifecycle import advance, open_fieldwork, send_back, withdraw_engagement

by_id = visible(Engagement, pk="engagement")


@guarded("engagement.advance", by_id)
@require_POST
def next_stage(request: PersonRequest, engagement: Engagement) -> HttpResponse:
    """Move the engagement on from the stage that the page showed."""
    with refusals_as_messages(request):
        moved = advance(engagement, expected=request.POST.get("from", ""), by=request.user)
        messages.success(request, _("The engagement is now in: %(stage)s.") % {"stage": moved.get_stage_display()})
    return redirect("engagement", engagement=engagement.pk)


@guarded("engagement.advance", by_id)
@require_POST
def previous_stage(request: PersonRequest, engagement: Engagement) -> HttpResponse:
    """Send the engagement back one stage, with the reason."""
    form = ReasonForm(request.POST)
    if not form.is_valid():
        for error in form.errors.get("reason", []):
            messages.error(request, str(error))
        return redirect("engagement", engagement=engagement.pk)
    with refusals_as_messages(request):
        moved = send_back(engagement, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, _("The engagement went back to: %(stage)s.") % {"stage": moved.get_stage_display()})
    return redirect("engagement", engagement=engagement.pk)


@guarded("engagement.withdraw", by_id)
@require_POST
def withdrawal(request: PersonRequest, engagement: Engagement) -> HttpResponse:
    """Withdraw from the engagement, with the reason."""
    form = WithdrawalForm(request.POST)
    if not form.is_valid():
        for error in form.errors.get("why", []):
            messages.error(request, str(error))
        return redirect("engagement", engagement=engagement.pk)
    with refusals_as_messages(request):
        withdraw_engagement(engagement, reason=form.cleaned_data["why"], by=request.user)
        messages.success(request, _("The engagement is withdrawn; its file is closed."))
    return redirect("engagement", engagement=engagement.pk)


@guarded("fieldwork.open", by_id)
@require_POST
def fieldwork(request: PersonRequest, engagement: Engagement) -> HttpResponse:
    """Create the papers and the request list."""
    with refusals_as_messages(request):
        open_fieldwork(engagement, by=request.user)
        messages.success(request, _("Fieldwork is open: the papers and the request list are there."))
    return redirect("engagement", engagement=engagement.pk)
