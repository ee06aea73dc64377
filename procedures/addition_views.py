"""What a workpaper's page sends about added procedures: adopted, worded, dropped; gaps declined and reconsidered."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import trigger_client_event

from foundation.accounts.http import PersonRequest
from foundation.web.answers import invalid, refusals_answered
from foundation.web.guards import guarded, visible
from procedures.addition_forms import AdditionForm, DecliningForm, OfGap, WordingForm
from procedures.additions import add_procedure, decline_gap, drop_added, reconsider_gap, reword_added
from procedures.answers import moved_on, paper_changed
from procedures.models import ProcedureResult, Workpaper
from procedures.suggestions import Suggestion


@guarded("workpaper.change", visible(Workpaper, pk="workpaper"))
@require_http_methods(["GET", "POST"])
@refusals_answered
def procedure_add(request: PersonRequest, workpaper: Workpaper) -> HttpResponse:
    """GET: the form, worded for the gap that `?gap=` names. POST: add the procedure."""
    if request.method == "GET":
        asked = OfGap(request.GET, paper=workpaper)
        gap = asked.cleaned_data["gap"] if asked.is_valid() else None
        wording = Suggestion(gap, None, is_adopted=False).wording if gap else ""
        form = AdditionForm(paper=workpaper, initial={"gap": gap, "text": wording})
        return render(request, "procedures/addition.html", {"paper": workpaper, "form": form, "gap": gap})
    form = AdditionForm(request.POST, paper=workpaper)
    if not form.is_valid():
        return invalid(form)
    add_procedure(workpaper, form.cleaned_data["text"], gap=form.cleaned_data["gap"], by=request.user)
    return _procedures_changed(workpaper)


@guarded("workpaper.change", visible(ProcedureResult, pk="result"))
@require_http_methods(["GET", "POST", "DELETE"])
@refusals_answered
def procedure_added(request: PersonRequest, result: ProcedureResult) -> HttpResponse:
    """GET: the form of an added procedure's wording. POST: change it. DELETE: take the procedure off."""
    if request.method == "GET":
        form = WordingForm(initial={"text": result.text})
        return render(request, "procedures/addition.html", {"result": result, "form": form, "paper": result.workpaper})
    if request.method == "DELETE":
        drop_added(result, by=request.user)
        return _procedures_changed(result.workpaper)
    form = WordingForm(request.POST)
    if not form.is_valid():
        return invalid(form)
    before = result.workpaper.content_version
    reworded = reword_added(result, form.cleaned_data["text"], by=request.user)
    return _procedures_changed(reworded.workpaper, changes=int(reworded.workpaper.content_version > before))


def _procedures_changed(paper: Workpaper, *, changes: int = 1) -> HttpResponse:
    """204 and `digao:added`, with what `digao:changed` tells: the page fetches its added procedures, then the rest."""
    return trigger_client_event(HttpResponse(status=204), "digao:added", moved_on(paper.pk, changes=changes))


@guarded("workpaper.change", visible(Workpaper, pk="workpaper"))
@require_http_methods(["GET", "POST"])
@refusals_answered
def gap_declining(request: PersonRequest, workpaper: Workpaper) -> HttpResponse:
    """GET: the form for the gap that `?gap=` names. POST: decline it."""
    if request.method == "GET":
        asked = OfGap(request.GET, paper=workpaper)
        if not asked.is_valid():
            return invalid(asked)
        gap = asked.cleaned_data["gap"]
        form = DecliningForm(paper=workpaper, initial={"gap": gap})
        return render(request, "procedures/declining.html", {"paper": workpaper, "form": form, "gap": gap})
    form = DecliningForm(request.POST, paper=workpaper)
    if not form.is_valid():
        return invalid(form)
    decline_gap(workpaper, form.cleaned_data["gap"], reason=form.cleaned_data["reason"], by=request.user)
    return paper_changed(workpaper.pk)


@guarded("workpaper.change", visible(Workpaper, pk="workpaper"))
@require_POST
@refusals_answered
def gap_reconsidering(request: PersonRequest, workpaper: Workpaper) -> HttpResponse:
    """Take back that a gap was declined."""
    form = OfGap(request.POST, paper=workpaper)
    if not form.is_valid():
        return invalid(form)
    reconsider_gap(workpaper, form.cleaned_data["gap"], by=request.user)
    return paper_changed(workpaper.pk)
