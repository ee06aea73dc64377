"""One piece of evidence: what it shows, what became of it, and what is decided on it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from evidence import library
from evidence.actions import deposit, note_download, note_view
from evidence.custody import custody
from evidence.decisions import describe, release, why_kept, withdraw
from evidence.forms import DescriptionForm, IncomingForm, ReasonForm
from evidence.models import Evidence
from evidence.reasons import done
from evidence.viewing import draw_ahead, viewing
from foundation.accounts.http import PersonRequest
from foundation.accounts.limits import limited
from foundation.accounts.models import User
from foundation.files.downloads import attachment
from foundation.web.answers import invalid
from foundation.web.errors import refusals_as_errors
from foundation.web.guards import guarded
from foundation.web.refusals import Refused


def piece_of(user: User, **arguments: Any) -> Evidence:
    """Load a piece that the person may see, with what its page asks of it."""
    pieces = library.loaded(Evidence.objects.visible_to(user)).select_related("engagement__auditee", "engagement__firm")
    return get_object_or_404(pieces, pk=arguments["evidence"])


@guarded("evidence.look", piece_of)
@require_safe
def evidence_page(request: PersonRequest, piece: Evidence) -> HttpResponse:
    """The piece with its pages, its facts and its custody; that somebody looked is recorded."""
    if piece.is_usable:
        note_view(piece, by=request.user, session=request.session.session_key or "")
    return _page(request, piece)


def _page(request: PersonRequest, piece: Evidence, *, status: int = 200, **bound: forms.Form) -> HttpResponse:
    """Render the piece for whoever looks at it; `bound` are forms with their errors."""
    context: dict[str, Any] = {"piece": piece, "engagement": piece.engagement, "file": piece.file}
    context |= viewing(piece, request.user, request.GET)
    if request.user.can("evidence.view", piece):
        context |= _of_the_team(request, piece)
    context |= {"withdrawing": ReasonForm(prefix="withdraw"), "releasing": ReasonForm(prefix="release")}
    context["kept_because"] = why_kept(piece, by=request.user)
    return render(request, "evidence/piece.html", context | bound, status=status)


def _of_the_team(request: PersonRequest, piece: Evidence) -> dict[str, Any]:
    """What the team sees beyond what the broker does."""
    numbered = Evidence.objects.filter(engagement=piece.engagement_id, number=piece.number)
    (line,) = library.evidence_lines(piece.engagement, [piece])
    return {
        "line": line,
        "versions": numbered.select_related("file__stored_by").order_by("-version"),
        "derived": piece.derived.all(),
        "custody": custody(piece),
        "describing": DescriptionForm.of(piece),
        "replacing": IncomingForm(engagement=piece.engagement, by=request.user),
    }


@guarded("evidence.download", piece_of)
@require_GET
def evidence_download(request: PersonRequest, piece: Evidence) -> HttpResponseBase:
    """Send a copy, named with its number, and record who took it."""
    try:
        note_download(piece, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(piece)
    numbered = f"{piece.label} {piece.file.name}"
    return attachment(piece.file, name=numbered if request.user.can("evidence.view", piece) else piece.file.name)


@guarded("evidence.add", piece_of)
@require_POST
def evidence_description(request: PersonRequest, piece: Evidence) -> HttpResponse:
    """The team corrects the title and the time that the piece speaks about."""
    form = DescriptionForm(request.POST)
    if form.is_valid():
        with refusals_as_errors(form):
            describe(piece, title=form.cleaned_data["title"], covered=form.covered, by=request.user)
            messages.success(request, _("Saved."))
            return redirect(piece)
    return _page(request, piece, status=422, describing=form)


@guarded("evidence.add", piece_of)
@require_POST
@limited("upload")
def evidence_versions(request: PersonRequest, piece: Evidence) -> HttpResponse:
    """The team files a new version; what was cited stays cited, and says that there is a newer one."""
    form = IncomingForm(request.POST, engagement=piece.engagement, by=request.user, replacing=piece)
    if form.is_valid():
        with refusals_as_errors(form):
            (newer,) = deposit(piece.engagement, form.incoming, by=request.user)
            draw_ahead([newer], by=request.user)
            messages.success(request, _("%(evidence)s is filed.") % {"evidence": newer.label})
            return HttpResponseClientRedirect(newer.get_absolute_url()) if request.htmx else redirect(newer)
    if request.htmx:
        return invalid(form)
    return _page(request, piece, status=422, replacing=form)


@guarded("evidence.withdraw", piece_of)
@require_POST
def evidence_withdrawal(request: PersonRequest, piece: Evidence) -> HttpResponse:
    """Seal off what was handed in by mistake."""
    form = ReasonForm(request.POST, prefix="withdraw")
    said = _("%(evidence)s is withdrawn.") % {"evidence": piece.label}
    if done(request, form, lambda reason: withdraw(piece, reason=reason, by=request.user), said=said):
        return redirect(piece)
    return _page(request, piece, status=422, withdrawing=form)


@guarded("evidence.release", piece_of)
@require_POST
def evidence_release(request: PersonRequest, piece: Evidence) -> HttpResponse:
    """Let the piece out of quarantine."""
    form = ReasonForm(request.POST, prefix="release")
    said = _("%(evidence)s is released.") % {"evidence": piece.label}
    if done(request, form, lambda reason: release(piece, reason=reason, by=request.user), said=said):
        return redirect(piece)
    return _page(request, piece, status=422, releasing=form)
