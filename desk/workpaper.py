"""The workpaper's page: index, sheet, side. htmx asks the same URL and is answered the part that it will replace."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET
from django_htmx.http import push_url

from desk.engagement import stages
from desk.live import Known
from desk.loading import trail_seq
from desk.workpaper_history import history_of
from desk.workpaper_notes import notes_of
from desk.workpaper_sheet import Sheet
from desk.workpaper_side import cited_pieces, requests_of
from desk.workpaper_stale import compared, lapsed, signed_versions
from foundation.accounts.http import PersonRequest
from foundation.accounts.models import User
from foundation.web import roc
from foundation.web.guards import guarded
from procedures.models import Workpaper
from procedures.reviewing import proof_of_opening, sitting_of

PARTS = "desk/paper"
SIDES = ("evidence", "requests", "notes", "history")


def paper_now(user: User, **place: Any) -> Workpaper:
    """Load a paper that the person may see, and how far its engagement's trail is as `seq` (two queries)."""
    papers = Workpaper.objects.visible_to(user).annotate(seq=trail_seq(place["engagement"]))
    paper: Workpaper = get_object_or_404(papers, engagement=place["engagement"], code=place["code"])
    return paper


@guarded("workpaper.view", paper_now)
@require_GET
def workpaper(request: PersonRequest, paper: Workpaper) -> HttpResponse:
    """Show one paper; to htmx the side, another paper's panes, or (after a change) what follows from what is typed."""
    sheet = Sheet(paper, request.user, _seen(request, paper), reopened="reopened" in request.GET)
    context = {"sheet": sheet, "paper": paper, "engagement": paper.engagement}
    if request.htmx and request.htmx.target == "side":
        return render(request, f"{PARTS}/side.html", context | _side(request, sheet) | {"beside": True})
    if request.htmx and request.htmx.target == "added":
        return render(request, f"{PARTS}/added.html", context | {"today": _today()})
    context["lapsed"] = lapsed(sheet)
    if request.htmx and request.htmx.target == "main":
        return _moved(request, context | _company(request, sheet) | _side(request, sheet))
    if request.htmx:
        return render(request, f"{PARTS}/standing.html", context | {"oob": True})
    context |= _company(request, sheet) | _side(request, sheet)
    return render(request, f"{PARTS}/page.html", context | {"stages": stages(paper.engagement), "today": _today()})


def _company(request: PersonRequest, sheet: Sheet) -> dict[str, Any]:
    """What ties the page to others: how far the reader's review is, what the page sends to be told what changed."""
    paper = sheet.paper
    reviews = request.user.can("note.add", paper)
    sitting = sitting_of(paper.engagement, request.user) if reviews else None
    proof = proof_of_opening(paper, request.user) if sitting else ""
    return {"sitting": sitting, "may_review": reviews, "proof": proof, "live": Known.of(paper.seq)}  # type: ignore[attr-defined]  # annotated


def _moved(request: PersonRequest, context: dict[str, Any]) -> HttpResponse:
    """Answer the panes of another paper to a page that has the index already; its address is the paper's own."""
    answer = render(request, f"{PARTS}/moved.html", context | {"today": _today()})
    return push_url(answer, request.path)


def _today() -> str:
    """Today as it is typed."""
    return roc.short(timezone.localdate())


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
        "notes": lambda: notes_of(sheet),
        "history": lambda: history_of(sheet, request.GET.get("page")),
    }
    drawn = _comparison(request, sheet) if side == "history" else {}
    return {"side": side, side: load[side](), **drawn}


def _comparison(request: PersonRequest, sheet: Sheet) -> dict[str, Any]:
    """Two versions side by side, if the reader chose them."""
    since, until = request.GET.get("since", ""), request.GET.get("until", "")
    versions = signed_versions(sheet.line.signoffs)
    return {"comparison": compared(sheet, since, until), "versions": versions}
