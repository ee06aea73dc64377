"""What the team does about management's answer to one finding: release it, record what came by another way."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from findings.models import Finding
from findings.releasing import release_findings
from findings.responding import record_response, record_silence
from findings.response_forms import RecordForm, ReleaseForm
from findings.views import FINDING, finding_page
from foundation.accounts.http import PersonRequest
from foundation.web.errors import refusals_as_errors, refusals_as_messages
from foundation.web.guards import guarded


@guarded("finding.release", FINDING)
@require_POST
def finding_release(request: PersonRequest, found: Finding) -> HttpResponse:
    """Put the finding before the broker as it is worded now."""
    form = ReleaseForm(request.POST)
    if form.is_valid():
        with refusals_as_errors(form, "due_on"):
            due_on = form.cleaned_data["due_on"]
            release_findings(found.engagement, [found], due_on=due_on, asks=form.asks, by=request.user)
            messages.success(request, _("%(finding)s is released to the broker.") % {"finding": found.label})
            return redirect(found)
    return finding_page(request, found, status=422, releasing=form)


@guarded("finding.release", FINDING)
@require_POST
def finding_answer(request: PersonRequest, found: Finding) -> HttpResponse:
    """Record an answer that came by letter or in a meeting."""
    form = RecordForm(request.POST)
    if form.is_valid():
        with refusals_as_errors(form):
            record_response(found, form.answer, source=form.cleaned_data["source"], by=request.user)
            messages.success(request, _("The answer to %(finding)s is on record.") % {"finding": found.label})
            return redirect(found)
    return finding_page(request, found, status=422, recording=form)


@guarded("finding.release", FINDING)
@require_POST
def finding_silence(request: PersonRequest, found: Finding) -> HttpResponse:
    """Record that nothing came until the due date."""
    with refusals_as_messages(request):
        record_silence(found, by=request.user)
        text = _("It is on record that no response to %(finding)s came by the due date.")
        messages.success(request, text % {"finding": found.label})
    return redirect(found)
