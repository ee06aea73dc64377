"""What a workpaper's page sends about the paper itself: results and conclusion as typed, signatures, review notes."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from engagements.noting import write_note
from engagements.reviews import open_review_of
from foundation.accounts.factor_views import signed_with_passkey
from foundation.accounts.http import PersonRequest
from foundation.web.answers import changed, invalid, refusals_answered
from foundation.web.errors import refusals_as_messages
from foundation.web.guards import guarded, visible
from foundation.web.refusals import Conflict
from procedures.actions import save_conclusion, save_result
from procedures.answers import conflicting
from procedures.forms import ConclusionForm, PaperNoteForm, ResultForm, SignOffForm
from procedures.gates import PERMISSION
from procedures.models import ProcedureResult, SignOff, Workpaper
from procedures.workflow import sign_off


@guarded("workpaper.change", visible(ProcedureResult, pk="result"))
@require_POST
@refusals_answered
def result_save(request: PersonRequest, result: ProcedureResult) -> HttpResponse:
    """Save what is typed for one procedure: 200, 409 with the other person's text, 422 with errors."""
    form = ResultForm(request.POST)
    if not form.is_valid():
        return invalid(form)
    try:
        saved = save_result(result, form.entry, **form.seen, by=request.user)
    except Conflict as conflict:
        return conflicting(conflict)
    return _saved(saved, saved.workpaper, form)


@guarded("workpaper.change", visible(Workpaper, pk="workpaper"))
@require_POST
@refusals_answered
def conclusion_save(request: PersonRequest, workpaper: Workpaper) -> HttpResponse:
    """Save the paper's conclusion: 200, 409 with the other person's text, 422 with errors."""
    form = ConclusionForm(request.POST)
    if not form.is_valid():
        return invalid(form)
    try:
        saved = save_conclusion(workpaper, form.cleaned_data["conclusion"], **form.seen, by=request.user)
    except Conflict as conflict:
        return conflicting(conflict)
    return _saved(saved, saved, form)


def _saved(row: ProcedureResult | Workpaper, paper: Workpaper, form: ResultForm | ConclusionForm) -> JsonResponse:
    """Acknowledge with the row's version and the content's, of which at most one change is this act's own."""
    changes = int(row.version > form.cleaned_data["version"])
    saved = {"version": row.version, "saved_at": timezone.localtime().isoformat(timespec="seconds")}
    return JsonResponse({**saved, "content_version": paper.content_version, "changes": changes})


@guarded("workpaper.view", visible(Workpaper, pk="workpaper"))
@require_POST
def paper_signoff(request: PersonRequest, workpaper: Workpaper) -> HttpResponse:
    """Sign the paper in the role that was pressed; the policy is asked about that role, the gate about the rest."""
    form = SignOffForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("The page was out of date; nothing was signed. Look at the paper again."))
        return redirect(workpaper)
    role = form.cleaned_data["role"]
    if not request.user.can(PERMISSION[role], workpaper):
        raise PermissionDenied
    sign = signed_with_passkey(_sign) if role == SignOff.Role.APPROVED else _sign
    return sign(request, workpaper, role, form.cleaned_data["content_version"])


def _sign(request: PersonRequest, workpaper: Workpaper, role: SignOff.Role, content_version: int) -> HttpResponse:
    with refusals_as_messages(request):
        sign_off(workpaper, role, content_version=content_version, by=request.user)
        messages.success(request, _("%(paper)s is signed: %(role)s.") % {"paper": workpaper, "role": role.label})
    return redirect(workpaper)


@guarded("note.add", visible(Workpaper, pk="workpaper"))
@require_POST
@refusals_answered
def note_write(request: PersonRequest, workpaper: Workpaper) -> HttpResponse:
    """Open a review note on the paper: a draft, if its writer has begun a review."""
    form = PaperNoteForm(request.POST, paper=workpaper)
    if not form.is_valid():
        return invalid(form)
    write_note(
        workpaper.engagement,
        anchor=workpaper,
        text=form.cleaned_data["text"],
        spot=form.spot,
        direction=form.direction,
        review=open_review_of(workpaper.engagement, request.user),
        by=request.user,
    )
    return changed()
