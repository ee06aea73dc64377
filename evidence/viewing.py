"""What the viewer shows of a piece: its pages, where it is cited on them, and what the reader may do there."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from evidence.citation_forms import tickmarks_of
from evidence.mask_forms import CHOICES
from evidence.masking import copy_like, latest_job
from evidence.models import Citation, Evidence
from foundation.accounts.models import User
from foundation.files.previews import Preview, ask_preview, preview_of
from procedures.models import ProcedureResult

STRETCH = 100  # pages that one screen holds; the others are a link away
RESULTS = 200


@dataclass(frozen=True, slots=True)
class Mark:
    """A citation as it is drawn over its page."""

    citation: Citation
    is_target: bool

    @property
    def code(self) -> str:
        """C-3.8.2.1: the paper and the procedure's place on it."""
        return f"{self.citation.result.workpaper.index}.{self.citation.result.position}"

    @property
    def url(self) -> str:
        result = self.citation.result
        return f"{result.workpaper.get_absolute_url()}#result-{result.pk}"

    @property
    def box(self) -> dict[str, str]:
        """The area as an SVG rectangle."""
        return box(self.citation)


def box(citation: Citation) -> dict[str, str]:
    """Return x, y, width and height of a citation's area in percent of the page; empty without an area."""
    if citation.area is None:
        return {}
    left, top, right, bottom = citation.area
    places = {"x": left, "y": top, "width": right - left, "height": bottom - top}
    return {name: f"{place / 100:g}%" for name, place in places.items()}


@dataclass(frozen=True, slots=True)
class ShownPage:
    """One page with what cites an area of it, and what cites it as a whole."""

    number: int
    marks: list[Mark] = field(default_factory=list)
    whole: list[Mark] = field(default_factory=list)


@dataclass
class Viewer:
    """A piece as one person looks at it.

    `asked` are the page's parameters: `page` and `citation` to arrive at, `result` to cite for.
    """

    piece: Evidence
    user: User
    asked: Mapping[str, str]

    mask_pages = CHOICES

    @property
    def tickmarks(self) -> list[tuple[str, str]]:
        """The signs to cite with."""
        return tickmarks_of(self.piece.engagement)

    @cached_property
    def preview(self) -> Preview:
        return preview_of(self.piece.file)

    @cached_property
    def sees_work(self) -> bool:
        """Whether citations, procedures and tools are the reader's business; a broker's they are not."""
        return self.user.can("evidence.view", self.piece)

    @cached_property
    def may_work(self) -> bool:
        """Whether they may cite and mask here."""
        return self.piece.engagement.is_open_for_work and self.user.can("evidence.add", self.piece)

    @property
    def name(self) -> str:
        """What the reader knows the piece by: numbers are the team's."""
        return self.piece.label if self.sees_work else self.piece.file.name

    # Pages ----------------------------------------------------------------------------------

    @cached_property
    def at(self) -> int:
        """The page to arrive at."""
        if self._target and self._target.page:
            return min(self._target.page, max(self.preview.pages, 1))
        asked = self.asked.get("page", "")
        number = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 8 else 1
        return max(1, min(number, self.preview.pages))

    @cached_property
    def first(self) -> int:
        return (self.at - 1) // STRETCH * STRETCH + 1

    @cached_property
    def last(self) -> int:
        return min(self.first + STRETCH - 1, self.preview.pages)

    @property
    def before(self) -> int | None:
        """The last page of the stretch before."""
        return self.first - 1 if self.first > 1 else None

    @property
    def after(self) -> int | None:
        return self.last + 1 if self.last < self.preview.pages else None

    @cached_property
    def pages(self) -> list[ShownPage]:
        """The pages of this stretch."""
        cited = defaultdict(list)
        for mark in self.marks:
            cited[mark.citation.page].append(mark)
        return [_page(number, cited[number]) for number in range(self.first, self.last + 1)]

    # Citations ------------------------------------------------------------------------------

    @cached_property
    def marks(self) -> list[Mark]:
        """Every citation of this piece, in the order of its pages (one query)."""
        if not self.sees_work:
            return []
        cited = Citation.objects.filter(evidence=self.piece).select_related("result__workpaper")
        wanted = self.asked.get("citation", "")
        return [Mark(citation, str(citation.pk) == wanted) for citation in cited.order_by("page", "top", "cited_at")]

    @property
    def _target(self) -> Citation | None:
        return next((mark.citation for mark in self.marks if mark.is_target), None)

    @cached_property
    def result(self) -> ProcedureResult | None:
        """The result that a place is looked for, if the reader came from one."""
        asked = _uuid(self.asked.get("result", ""))
        if asked is None or not self.may_work:
            return None
        return self._results.filter(pk=asked).first()

    @cached_property
    def results(self) -> list[ProcedureResult]:
        """The results to choose from: those that cite the piece, and those whose documents its request asked for."""
        if self.result or not self.may_work:
            return [self.result] if self.result else []
        cited = Q(pk__in=Citation.objects.filter(evidence=self.piece).values("result"))
        asked = Q(procedure__in=self._asked_procedures()) if self.piece.request_id else Q()
        return list(self._results.filter(cited | asked).order_by("workpaper__position", "position")[:RESULTS])

    @property
    def _results(self) -> QuerySet[ProcedureResult]:
        results = ProcedureResult.objects.visible_to(self.user).select_related("workpaper", "procedure")
        return results.filter(workpaper__engagement=self.piece.engagement_id)

    def _asked_procedures(self) -> Iterable[int]:
        assert self.piece.request is not None  # noqa: S101 -- asked for only where there is one
        return self.piece.request.documents.values_list("procedure", flat=True)


def _page(number: int, marks: list[Mark]) -> ShownPage:
    drawn = [mark for mark in marks if mark.citation.area]
    return ShownPage(number, drawn, [mark for mark in marks if not mark.citation.area])


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


# Masked copies ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Masking:
    """A masked copy in the making, as components/job.html shows it; the `copy` once it is there."""

    pk: UUID
    get_state_display: str
    is_finished: bool
    has_failed: bool
    cause: str
    copy: Evidence | None
    total = 0  # pages aren't counted


def masking_of(piece: Evidence, *, by: User) -> Masking | None:
    """Return how far the copy is that somebody asked for last."""
    job = latest_job(piece, by=by)
    if job is None:
        return None
    copy = copy_like(piece, json.loads(job.ids["derivation"]))
    failed = job.state == job.State.FAILED
    return Masking(job.pk, job.get_state_display(), job.is_over, failed, job.cause_text, copy)


def viewing(piece: Evidence, user: User, asked: Mapping[str, str]) -> dict[str, Any]:
    """Return what templates/evidence/viewer.html shows; has the first pages drawn if they aren't there."""
    viewer = Viewer(piece, user, asked)
    if piece.is_usable and viewer.preview.state == "waiting":
        ask_preview(piece.file, by=user)
    masking = masking_of(piece, by=user) if viewer.may_work else None
    is_open = masking is not None and (masking.has_failed or not masking.is_finished)
    return {"viewer": viewer, "masking": masking if is_open else None}


def draw_ahead(pieces: Iterable[Evidence], *, by: User) -> None:
    """Have the first pages of what just came in drawn, so that whoever looks first needn't wait."""
    for piece in pieces:
        if piece.is_usable:
            ask_preview(piece.file, by=by)
