"""Citing evidence from a result, taking a citation away, downloading a piece of evidence."""

from typing import Any

from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_http_methods

from evidence.actions import attach, cite, note_download, uncite
from evidence.citation_forms import CitationForm
from evidence.models import Citation, Evidence
from foundation.accounts.http import PersonRequest
from foundation.accounts.limits import limited
from foundation.accounts.models import User
from foundation.files.downloads import attachment
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
        return render(request, "evidence/cite.html", {"result": result, "form": CitationForm(result=result)})
    form = CitationForm(request.POST, request.FILES, result=result)
    if not form.is_valid():
        return invalid(form)
    _cite(result, form, by=request.user)
    return paper_changed(result.workpaper_id)


def _cite(result: ProcedureResult, form: CitationForm, *, by: User) -> Citation:
    typed = form.cleaned_data
    where = {"page": typed["page"], "tickmark": typed["tickmark"]}
    if typed["file"]:
        return attach(result, typed["file"], covered=form.covered, by=by, **where)
    return cite(result, typed["evidence"], by=by, **where)


@guarded("evidence.add", citation_of)
@require_http_methods(["DELETE"])
@refusals_answered
def citation(request: PersonRequest, cited: Citation) -> HttpResponse:
    """Take the citation away; the evidence stays in the engagement's library."""
    uncite(cited, by=request.user)
    return paper_changed(cited.result.workpaper_id)


@guarded("evidence.download", visible(Evidence, pk="evidence"))
@require_GET
def evidence_download(request: PersonRequest, evidence: Evidence) -> FileResponse:
    """Send a copy, named with its number, and record who took it."""
    note_download(evidence, by=request.user)
    return attachment(evidence.file, name=f"{evidence.label} {evidence.file.name}")
