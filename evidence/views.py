"""The evidence library of an engagement."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from engagements.models import Engagement
from evidence import library
from evidence.actions import deposit
from evidence.archive import archive, note_export
from evidence.forms import EvidenceFilter, IncomingForm, SelectionForm
from evidence.models import Evidence
from evidence.viewing import draw_ahead
from foundation.accounts.http import PersonRequest
from foundation.accounts.limits import limited
from foundation.files.downloads import streamed
from foundation.web.answers import invalid
from foundation.web.errors import refusals_as_errors
from foundation.web.guards import guarded, visible
from foundation.web.refusals import Refused

A_PAGE = 100


@guarded("evidence.view", visible(Engagement, pk="engagement"))
@require_safe
def evidence_list(request: PersonRequest, engagement: Engagement) -> HttpResponse:
    """What has been received, searchable by name, number and hash."""
    context = _library(request, engagement) | {"adding": IncomingForm(engagement=engagement, by=request.user)}
    template = "evidence/library.html"
    return render(request, f"{template}#rows" if request.htmx else template, context)


def _library(request: PersonRequest, engagement: Engagement) -> dict[str, Any]:
    filtering = EvidenceFilter(request.GET, engagement=engagement)
    found = library.loaded(library.evidence_matching(engagement, filtering.chosen))
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    lines = library.evidence_lines(engagement, page)
    return {"engagement": engagement, "chosen": filtering, "page": page, "lines": lines}


@guarded("evidence.export", visible(Engagement, pk="engagement"))
@require_POST
@limited("export")
def evidence_archive(request: PersonRequest, engagement: Engagement) -> HttpResponseBase:
    """Send the chosen pieces as one ZIP with its manifest; every copy is recorded."""
    form = SelectionForm(request.POST, engagement=engagement)
    pieces = list(form.cleaned_data["pieces"]) if form.is_valid() else []
    try:
        note_export(pieces, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("evidence-list", engagement=engagement.pk)
    name = f"{engagement.auditee.short_name} {engagement.title} {timezone.localdate().isoformat()}.zip"
    return streamed(archive(engagement, pieces), name=name)


@guarded("evidence.add", visible(Engagement, pk="engagement"))
@require_POST
@limited("upload")
def evidence_add(request: PersonRequest, engagement: Engagement) -> HttpResponse:
    """The team puts files into the library; all of them are taken, or none."""
    form = IncomingForm(request.POST, engagement=engagement, by=request.user)
    if form.is_valid():
        with refusals_as_errors(form):
            pieces = deposit(engagement, form.incoming, by=request.user)
            draw_ahead(pieces, by=request.user)
            _tell(request, engagement, pieces)
            target = redirect("evidence-list", engagement=engagement.pk)
            return HttpResponseClientRedirect(target.url) if request.htmx else target
    if request.htmx:  # the files stay chosen in the browser: only the reasons are sent
        return invalid(form)
    context = _library(request, engagement) | {"adding": form}
    return render(request, "evidence/library.html", context, status=422)


def _tell(request: PersonRequest, engagement: Engagement, pieces: list[Evidence]) -> None:
    """Say what was stored, and which of it was there already."""
    text = ngettext("%(n)d file is in the library.", "%(n)d files are in the library.", len(pieces))
    messages.success(request, text % {"n": len(pieces)})
    for line in library.evidence_lines(engagement, pieces):
        others = line.twins + [f"{twin.engagement.title} {twin.label}" for twin in line.earlier]
        if others:
            text = _("%(piece)s has the same content as %(others)s.")
            messages.warning(request, text % {"piece": line.piece, "others": ", ".join(others)})
