"""The page on which an engagement is accepted: declarations, the engagement letter, the partner's decision."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from engagements.acceptance_forms import DecisionForm, DeclarationForm, FirmDeclarationForm, LetterForm
from engagements.accepted import Accepted
from engagements.accepting import accept, declare, declare_for_firm, note_letter_download, record_letter
from engagements.models import Engagement, EngagementLetter
from foundation.accounts.http import PersonRequest
from foundation.accounts.models import User
from foundation.files.downloads import attachment
from foundation.web.answers import invalid
from foundation.web.errors import refusals_as_errors
from foundation.web.guards import guarded, visible

by_id = visible(Engagement, pk="engagement")


@guarded("engagement.view", by_id)
@require_safe
def acceptance(request: PersonRequest, engagement: Engagement) -> HttpResponse:
    """Show what the engagement is accepted on, and what is missing."""
    return _page(request, engagement)


def _page(request: PersonRequest, engagement: Engagement, *, status: int = 200, **bound: forms.Form) -> HttpResponse:
    """Render the page; `bound` are forms with their errors, by their name on the page."""
    known, by = Accepted(engagement), request.user
    mine = next((each.declaration for each in known.members if each.member.user_id == by.pk), None)
    context: dict[str, Any] = {
        "engagement": engagement,
        "known": known,
        "mine": mine,
        "own": DeclarationForm(by=by, latest=mine),
        "firm": FirmDeclarationForm(latest=known.firm),
        "letter": LetterForm(engagement=engagement, by=by),
        "decision": DecisionForm(),
        "wrong": next(iter(bound), ""),
    }
    return render(request, "engagements/acceptance.html", context | bound, status=status)


@guarded("engagement.declare", by_id)
@require_POST
def acceptance_declaration(request: PersonRequest, engagement: Engagement) -> HttpResponse:
    """Declare one's own independence and competence."""
    form = DeclarationForm(request.POST, by=request.user)
    if form.is_valid():
        with refusals_as_errors(form):
            declare(engagement, **form.said, by=request.user)
            messages.success(request, _("Your declaration is recorded."))
            return redirect("engagement-acceptance", engagement=engagement.pk)
    return _page(request, engagement, status=422, own=form)


@guarded("engagement.accept", by_id)
@require_POST
def acceptance_firm(request: PersonRequest, engagement: Engagement) -> HttpResponse:
    """Declare the firm's independence."""
    form = FirmDeclarationForm(request.POST)
    if form.is_valid():
        with refusals_as_errors(form):
            declare_for_firm(engagement, **form.said, by=request.user)
            messages.success(request, _("The firm's declaration is recorded."))
            return redirect("engagement-acceptance", engagement=engagement.pk)
    return _page(request, engagement, status=422, firm=form)


@guarded("engagement.plan", by_id)
@require_POST
def acceptance_letter(request: PersonRequest, engagement: Engagement) -> HttpResponse:
    """Record the engagement letter, whose file was received before."""
    form = LetterForm(request.POST, engagement=engagement, by=request.user)
    if form.is_valid():
        with refusals_as_errors(form):
            said = form.cleaned_data
            (upload,) = said["uploads"]
            dated = {"dated_on": said["dated_on"], "has_clause": said["has_clause"]}
            record_letter(engagement, upload, **dated, by=request.user)
            messages.success(request, _("The engagement letter is recorded."))
            target = redirect("engagement-acceptance", engagement=engagement.pk)
            return HttpResponseClientRedirect(target.url) if request.htmx else target
    if request.htmx:  # the file stays chosen in the browser: only the reasons are sent
        return invalid(form)
    return _page(request, engagement, status=422, letter=form)


@guarded("engagement.accept", by_id)
@require_POST
def acceptance_decision(request: PersonRequest, engagement: Engagement) -> HttpResponse:
    """Accept the engagement."""
    form = DecisionForm(request.POST)
    if form.is_valid():
        with refusals_as_errors(form):
            accept(engagement, **form.cleaned_data, by=request.user)
            messages.success(request, _("The engagement is accepted."))
            return redirect("engagement-acceptance", engagement=engagement.pk)
    return _page(request, engagement, status=422, decision=form)


def letter_of(user: User, *, engagement: UUID, terms: int) -> EngagementLetter:
    """Load an engagement letter of an engagement that the person may see."""
    letters = EngagementLetter.objects.filter(engagement__in=Engagement.objects.visible_to(user))
    return get_object_or_404(letters.select_related("file", "engagement"), engagement=engagement, pk=terms)


@guarded("engagement.view", letter_of)
@require_safe
def acceptance_letter_file(request: PersonRequest, letter: EngagementLetter) -> FileResponse:
    """Hand out an engagement letter, and record who took it."""
    note_letter_download(letter, by=request.user)
    return attachment(letter.file)
