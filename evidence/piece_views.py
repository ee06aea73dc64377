"""One piece of evidence: what it shows, what became of it, and what is decided on it."""

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_safe

from evidence.actions import note_download
from evidence.models import Evidence
from evidence.viewing import viewing
from foundation.accounts.http import PersonRequest
from foundation.files.downloads import attachment
from foundation.web.errors import refusals_as_messages
from foundation.web.guards import guarded, visible

EVIDENCE = visible(Evidence, pk="evidence")


@guarded("evidence.look", EVIDENCE)
@require_safe
def evidence_page(request: PersonRequest, piece: Evidence) -> HttpResponse:
    """The piece with its pages, its facts and its custody."""
    context = {"piece": piece, "engagement": piece.engagement, **viewing(piece, request.user, request.GET)}
    return render(request, "evidence/piece.html", context)


@guarded("evidence.download", EVIDENCE)
@require_GET
def evidence_download(request: PersonRequest, piece: Evidence) -> HttpResponseBase:
    """Send a copy, named with its number, and record who took it."""
    with refusals_as_messages(request):
        note_download(piece, by=request.user)
        return _copy(piece)
    return redirect(piece)


def _copy(piece: Evidence) -> FileResponse:
    return attachment(piece.file, name=f"{piece.label} {piece.file.name}")
