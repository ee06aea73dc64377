"""What people side by side see of each other: an open page tells every few seconds where its reader is, and is told
what changed meanwhile, if anything did.
"""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from desk.heatmap import heatmap
from desk.loading import engagement_with_team
from desk.paper_forms import PapersFilter
from desk.paper_list import PaperList
from desk.workpaper_index import sections_of
from engagements.models import Engagement
from foundation.accounts.http import PersonRequest
from foundation.accounts.limits import limited
from foundation.accounts.models import User
from foundation.web.answers import invalid
from foundation.web.guards import guarded
from procedures.presence import Face, be_at, faces, leave, on_paper
from procedures.progress import progress_of
from procedures.queries import PaperLine, paper_lines
from procedures.reviewing import note_opening, sitting_of


@dataclass(frozen=True, slots=True)
class Known:
    """What a page has been told: how far the engagement's trail is, and a digest of who was there."""

    seq: str
    crowd: str

    def __str__(self) -> str:
        return f"{self.seq}.{self.crowd}"

    @classmethod
    def told(cls, text: str) -> "Known":
        seq, _dot, crowd = text.partition(".")
        return cls(seq, crowd)

    @classmethod
    def of(cls, seq: int | None, found: Iterable[Face] = ()) -> "Known":
        crowd = ",".join(sorted(f"{face.user_id}@{face.paper}" for face in found))
        return cls(str(seq or 0), hashlib.sha256(crowd.encode()).hexdigest()[:16])


class BeatForm(forms.Form):
    """What an open page says: which it is, what it knows, on which paper its reader is, and perhaps that they leave."""

    page = forms.ChoiceField(choices=[(name, name) for name in ("paper", "map", "papers")])
    paper = forms.UUIDField(required=False)
    at = forms.CharField(max_length=60, required=False)
    proof = forms.CharField(max_length=500, required=False)
    leaving = forms.BooleanField(required=False)


@guarded("workpaper.view", engagement_with_team)
@require_POST
@limited("presence")
def presence(request: PersonRequest, engagement: Engagement) -> HttpResponse:
    """Hear where somebody is; answer 204, or the parts of their page that may have changed (live.js compares them)."""
    form = BeatForm(request.POST)
    if not form.is_valid():
        return invalid(form)
    beat = form.cleaned_data
    if beat["leaving"]:
        leave(engagement, beat["paper"], by=request.user)
        return HttpResponse(status=204)
    be_at(engagement, beat["paper"], by=request.user)
    if beat["proof"]:
        note_opening(engagement, beat["proof"], by=request.user)
    found = faces(engagement, without=request.user)
    now, told = Known.of(engagement.seq, found), Known.told(beat["at"])  # type: ignore[attr-defined]  # annotated
    if now == told and not beat["proof"]:
        return HttpResponse(status=204)
    page = Page(engagement, request.user, beat["paper"], found, moved=now.seq != told.seq)
    sitting = sitting_of(engagement, request.user) if beat["proof"] else None
    context = {"engagement": engagement, "now": now, "moved": page.moved, "sitting": sitting}
    return render(request, f"desk/live/{beat['page']}.html", context | PARTS[beat["page"]](page))


@dataclass(frozen=True, slots=True)
class Page:
    """The page that asks: whose it is, which paper is open on it, who else is there, whether anything was done."""

    engagement: Engagement
    user: User
    paper: UUID | None
    found: list[Face]
    moved: bool


def _paper(page: Page) -> dict[str, Any]:
    """Who is on the paper; where something was done, the index and the content version of the paper."""
    here = {"faces": on_paper(page.found, page.paper) if page.paper else []}
    return here | _index(page) if page.moved else here


def _index(page: Page) -> dict[str, Any]:
    lines = paper_lines(page.engagement)
    here = next((line for line in lines if line.id == page.paper), None)
    return {
        "index": {"index": sections_of(lines, here, over=page.engagement.is_over)},
        "content": here.content_version if here else "",
    }


def _map(page: Page) -> dict[str, Any]:
    """Progress, map, and who is where."""
    return overview(page.engagement, paper_lines(page.engagement, count_evidence=False), page.found)


def overview(engagement: Engagement, lines: list[PaperLine], found: list[Face]) -> dict[str, Any]:
    """What the engagement's page shows of its papers, and who is where."""
    names = {member.user_id: member.user.name for member in engagement.team.all()}
    places = {line.id: line for line in lines}
    return {
        "progress": progress_of(lines),
        "chapters": heatmap(lines, names),
        "whereabouts": [(face, places.get(face.paper) if face.paper else None) for face in found],
    }


def _papers(page: Page) -> dict[str, Any]:
    """The list's cells, of every paper: those that a filter hides aren't on the page."""
    everything = PapersFilter({}, engagement=page.engagement, user=page.user)
    return {"list": PaperList(page.engagement, page.user, everything, page.found)}


PARTS: dict[str, Callable[[Page], dict[str, Any]]] = {"paper": _paper, "map": _map, "papers": _papers}
