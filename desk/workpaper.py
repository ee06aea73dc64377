"""The workpaper's page: index, sheet, side. htmx asks the same URL and is answered the part that it will replace."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from desk.engagement import stages
from desk.workpaper_sheet import Sheet
from desk.workpaper_side import cited_pieces, history_of, requests_of, threads_of
from foundation.accounts.http import PersonRequest
from foundation.web import roc
from foundation.web.guards import guarded, visible
from procedures.models import Workpaper

PARTS = "desk/paper"
SIDES = ("evidence", "requests", "notes", "history")


@guarded("workpaper.view", visible(Workpaper, engagement="engagement", code="code"))
@require_GET
def workpaper(request: PersonRequest, paper: Workpaper) -> HttpResponse:
    """Show one paper; to htmx the side, or (after a change) everything that follows from what is typed."""
    sheet = Sheet(paper, request.user, _seen(request, paper), reopened="reopened" in request.GET)
    context = {"sheet": sheet, "paper": paper, "engagement": paper.engagement}
    if request.htmx and request.htmx.target == "side":
        return render(request, f"{PARTS}/side.html", context | _side(request, sheet))
    if request.htmx:
        return render(request, f"{PARTS}/standing.html", context | {"oob": True})
    today = roc.short(timezone.localdate())
    context |= _side(request, sheet) | {"stages": stages(paper.engagement), "today": today}
    return render(request, f"{PARTS}/page.html", context)


def _seen(request: PersonRequest, paper: Workpaper) -> int:
    """The content version on the reader's screen: what their script says, else the one that they are about to get."""
    seen = request.GET.get("seen", "")
    return int(seen) if request.htmx and seen.isdecimal() and len(seen) < 10 else paper.content_version


def _side(request: PersonRequest, sheet: Sheet) -> dict[str, Any]:
    """Load the side that was chosen, and no other."""
    chosen = request.GET.get("side", "")
    side = chosen if chosen in SIDES else SIDES[0]
    load: dict[str, Callable[[], Any]] = {
        "evidence": lambda: cited_pieces(sheet.blocks),
        "requests": lambda: requests_of(sheet.paper),
        "notes": lambda: threads_of(sheet.paper, sheet.user),
        "history": lambda: history_of(sheet, request.GET.get("page")),
    }
    return {"side": side, side: load[side]()}
