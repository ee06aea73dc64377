"""Citing evidence from a result, taking a citation away, downloading a piece of evidence."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_POST

from evidence.citation_forms import CitationForm, citable
from evidence.citing import attach, cite, renew, uncite
from evidence.models import Citation
from evidence.viewing import draw_ahead
from foundation.accounts.http import PersonRequest
from foundation.accounts.limits import limited
from foundation.accounts.models import User
from foundation.web.answers import invalid, refusals_answered
from foundation.web.guards import guarded, visible
from procedures.answers import paper_changed
from procedures.models import ProcedureResult


def citation_of(user: User, **arguments: Any) -> Citation:
    """Load a citation on a result that the person may see."""
    results = ProcedureResult.objects.visible_to(user).values("pk")
    citations = Citation.objects.filter(result__in=results)
    related = citations.select_related("evidence__engagement", "evidence__file", "result__workpaper")
    return get_object_or_404(related, pk=arguments["citation"])


@guarded("evidence.add", visible(ProcedureResult, pk="result"))
@require_http_methods(["GET", "POST"])
@limited("upload")
@refusals_answered
def citation_list(request: PersonRequest, result: ProcedureResult) -> HttpResponse:
    """GET: the form. POST: take a new file or a piece that is there, and cite it."""
    if request.method == "GET":
        form = CitationForm(result=result, by=request.user)
        return render(request, "evidence/cite.html", {"result": result, "form": form, "pieces": citable(result)})
    form = CitationForm(request.POST, result=result, by=request.user)
    if not form.is_valid():
        return invalid(form)
    _cite(result, form, by=request.user)
    return paper_changed(result.workpaper_id)


def _cite(result: ProcedureResult, form: CitationForm, *, by: User) -> Citation:
    if form.incoming:
        citation = attach(result, form.incoming[0], at=form.place, by=by)
        draw_ahead([citation.evidence], by=by)
        return citation
    return cite(result, form.cleaned_data["evidence"], at=form.place, by=by)


@guarded("evidence.add", citation_of)
@require_http_methods(["DELETE"])
@refusals_answered
def citation(request: PersonRequest, cited: Citation) -> HttpResponse:
    """Take the citation away; the evidence stays in the engagement's library."""
    gone = uncite(cited, by=request.user)
    return paper_changed(cited.result.workpaper_id, changes=int(gone))


@guarded("evidence.add", citation_of)
@require_POST
@refusals_answered
def citation_renewal(request: PersonRequest, cited: Citation) -> HttpResponse:
    """Cite the same place of the newest version instead."""
    renew(cited, by=request.user)
    return paper_changed(cited.result.workpaper_id, changes=2)
