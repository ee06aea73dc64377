"""The broker's pages: the findings released to it, in the words of their release, and its answers."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from engagements.models import Engagement
from findings import queries
from findings.asking import Asked, asked_of, with_releases
from findings.models import AnswerState, Finding
from findings.responding import respond
from findings.response_forms import ResponseForm
from findings.views import FINDING
from foundation.accounts.http import PersonRequest
from foundation.web.errors import refusals_as_errors
from foundation.web.guards import guarded, visible


@guarded("finding.respond", visible(Engagement, pk="engagement"))
@require_safe
def response_list(request: PersonRequest, engagement: Engagement) -> HttpResponse:
    """The released findings of one assessment: what is to be answered first."""
    lines = queries.asked_of_broker(request.user, engagement=engagement)
    return render(request, "findings/responses.html", {"engagement": engagement, "lines": lines})


@guarded("finding.respond", FINDING)
@require_http_methods(["GET", "POST"])
def finding_response(request: PersonRequest, found: Finding) -> HttpResponse:
    """GET: one released finding and what was answered. POST: answer it; what was typed stays where it is refused."""
    if request.method == "GET":
        return _page(request, found, None)
    form = ResponseForm(request.POST)
    if form.is_valid():
        with refusals_as_errors(form):
            respond(found, form.answer, seen=form.cleaned_data["release"], by=request.user)
            messages.success(request, _("Your answer is handed over to the audit team."))
            return redirect("response-list", engagement=found.engagement_id)
    return _page(request, found, form)


def _page(request: PersonRequest, found: Finding, form: ResponseForm | None) -> HttpResponse:
    """Render the finding as it was released; a bound form keeps what was typed, for the release as it is now."""
    asked = asked_of(with_releases(Finding.objects.filter(pk=found.pk)).get())
    context = {
        "release": asked.release,
        "label": found.label,
        "engagement": found.engagement,
        "papers": queries.papers_of(found),
        "asked": asked,
        "earlier": queries.answers_to(found),
        "form": form or ResponseForm(initial=_said(asked)),
        "address": found,
    }
    return render(request, "findings/response.html", context, status=422 if form else 200)


def _said(asked: Asked) -> dict[str, Any]:
    """What was answered already, to be answered anew from there; of a silence nothing."""
    response = asked.response
    if response is None or response.state == AnswerState.SILENT:
        return {}
    return {name: getattr(response, name) for name in ("kind", "text", "owner", "due_on")}
