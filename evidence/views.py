"""The evidence library of an engagement."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from engagements.models import Engagement
from evidence import queries
from evidence.actions import deposit
from evidence.forms import EvidenceFilter, IncomingForm
from evidence.models import Evidence
from foundation.accounts.http import PersonRequest
from foundation.accounts.limits import limited
from foundation.web.errors import refusals_as_errors
from foundation.web.guards import guarded, visible

A_PAGE = 100


@guarded("evidence.view", visible(Engagement, pk="engagement"))
@require_safe
def evidence_list(request: PersonRequest, engagement: Engagement) -> HttpResponse:
    """What has been received, searchable by name, number and hash."""
    context = _library(request, engagement) | {"adding": IncomingForm(engagement=engagement, by=request.user)}
    template = "evidence/library.html"
    return render(request, f"{template}#rows" if request.htmx else template, context)


def _library(request: PersonRequest, engagement: Engagement) -> dict[str, Any]:
    chosen = EvidenceFilter(request.GET)
    chosen.is_valid()
    found = queries.evidence_matching(engagement, **chosen.cleaned_data)
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    lines = queries.evidence_lines(engagement, page)
    return {"engagement": engagement, "chosen": chosen, "page": page, "lines": lines}


@guarded("evidence.add", visible(Engagement, pk="engagement"))
@require_POST
@limited("upload")
def evidence_add(request: PersonRequest, engagement: Engagement) -> HttpResponse:
    """The team puts files into the library; all of them are taken, or none."""
    form = IncomingForm(request.POST, engagement=engagement, by=request.user)
    if form.is_valid():
        with refusals_as_errors(form):
            pieces = deposit(engagement, form.incoming, by=request.user)
            _tell(request, engagement, pieces)
            target = redirect("evidence-list", engagement=engagement.pk)
            return HttpResponseClientRedirect(target.url) if request.htmx else target
    if request.htmx:  # the files stay chosen in the browser: only the reasons are sent
        return render(request, "evidence/refusal.html", {"form": form}, status=422)
    context = _library(request, engagement) | {"adding": form}
    return render(request, "evidence/library.html", context, status=422)


def _tell(request: PersonRequest, engagement: Engagement, pieces: list[Evidence]) -> None:
    """Say what was stored, and which of it was there already."""
    text = ngettext("%(n)d file is in the library.", "%(n)d files are in the library.", len(pieces))
    messages.success(request, text % {"n": len(pieces)})
    same = queries.same_bytes(engagement, {piece.file.sha256 for piece in pieces})
    for piece in pieces:
        if others := [label for label in same[piece.file.sha256] if label != piece.label]:
            text = _("%(piece)s has the same content as %(others)s.")
            messages.warning(request, text % {"piece": piece, "others": ", ".join(others)})
