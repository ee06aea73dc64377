"""A piece of evidence in the browser: pictures of its pages, their text, masked copies."""

from dataclasses import dataclass
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from evidence.actions import note_view
from evidence.mask_forms import MaskForm
from evidence.masking import request_mask
from evidence.models import Evidence
from evidence.piece_views import piece_of
from evidence.viewing import masking_of, viewing
from foundation.accounts.http import PersonRequest
from foundation.accounts.limits import limited
from foundation.accounts.models import User
from foundation.accounts.policy import Role
from foundation.files.preview_views import PICTURE, awaited
from foundation.files.previews import is_hopeless, picture_of, preview_of, text_of
from foundation.web.answers import invalid, refusals_answered
from foundation.web.guards import guarded


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a piece, as an address names it."""

    piece: Evidence
    number: int

    def roles_of(self, user: User) -> frozenset[Role]:
        return self.piece.roles_of(user)


def page_of(user: User, *, evidence: UUID, page: int) -> Page:
    """Load a page of a piece that the person may see; whether it can be shown is asked later."""
    return Page(piece_of(user, evidence=evidence), page)


def check_shown(page: Page) -> None:
    """404 for a piece that may not be looked at, and for a page that isn't there or can't be drawn."""
    preview = preview_of(page.piece.file)
    is_there = 1 <= page.number <= (preview.pages or page.number)
    if not page.piece.is_usable or preview.reason or not is_there or is_hopeless(page.piece.file, page.number):
        raise Http404


@guarded("evidence.look", page_of)
@require_safe
def evidence_picture(request: PersonRequest, page: Page) -> HttpResponse:
    """The page's picture, `?small` the one beside a workpaper. Like every page it stays in no cache."""
    check_shown(page)
    picture = picture_of(page.piece.file, page.number, small="small" in request.GET)
    return (
        awaited(request, page.piece.file, page.number)
        if picture is None
        else _looked(request, page, HttpResponse(picture, PICTURE))
    )


@guarded("evidence.look", page_of)
@require_safe
def evidence_text(request: PersonRequest, page: Page) -> HttpResponse:
    """The page's text: read aloud, searched, copied."""
    check_shown(page)
    text = text_of(page.piece.file, page.number)
    if text is None:
        return awaited(request, page.piece.file, page.number)
    return _looked(request, page, render(request, "evidence/page_text.html", {"text": text.strip()}))


def _looked(request: PersonRequest, page: Page, response: HttpResponse) -> HttpResponse:
    """Record the look, for good before anything is shown."""
    note_view(page.piece, by=request.user, session=request.session.session_key or "")
    return response


@guarded("evidence.look", piece_of)
@require_safe
def evidence_viewer(request: PersonRequest, piece: Evidence) -> HttpResponse:
    """The viewer's part of the page, which asks for itself until the pages are there."""
    context = {"piece": piece, "engagement": piece.engagement, **viewing(piece, request.user, request.GET)}
    return render(request, "evidence/viewer.html", context)


@guarded("evidence.add", piece_of)
@require_http_methods(["GET", "POST"])
@limited("render")
@refusals_answered
def evidence_masks(request: PersonRequest, piece: Evidence) -> HttpResponse:
    """POST: ask for a masked copy. GET: how far the last one that the person asked for is."""
    if request.method == "POST":
        form = MaskForm(request.POST, last_page=preview_of(piece.file).pages)
        if not form.is_valid():
            return invalid(form)
        request_mask(piece, form.mask, by=request.user)
    return render(request, "evidence/masking.html", {"masking": masking_of(piece, by=request.user), "piece": piece})
