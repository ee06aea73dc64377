"""The right side of a workpaper's page: its evidence, its requests, its notes, its history."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Prefetch
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from controls.models import Procedure
from desk.workpaper_sheet import ProcedureBlock, Sheet
from engagements.models import Note
from evidence.models import Citation, Evidence, Request
from evidence.viewing import box
from foundation.accounts.models import User
from foundation.files.kinds import kind_of
from foundation.web import roc
from procedures.actions import AMENDMENT, SUPPORT
from procedures.models import Outcome, Revision, SignOff, Workpaper

AN_EXCERPT = 24  # characters shown before and after a changed passage
A_PAGE = 40
HISTORY_READ = 400  # revisions: beyond them the trail tells


# Evidence -----------------------------------------------------------------------------------


@dataclass(slots=True)
class CitedPage:
    """A page with the areas of it that are cited; its first citation is where its picture leads."""

    number: int
    citation: Citation
    boxes: list[dict[str, str]] = field(default_factory=list)


@dataclass(slots=True)
class CitedPiece:
    """A piece of evidence with the procedures of this paper that cite it."""

    evidence: Evidence
    cited_by: list[tuple[ProcedureBlock, Citation]] = field(default_factory=list)

    @property
    def pages(self) -> list[CitedPage]:
        """The cited pages, as far as the file has pictures of any; what is cited as a whole shows its first."""
        if kind_of(self.evidence.file.media_type, self.evidence.file.name) is None:
            return []
        pages: dict[int, CitedPage] = {}
        for _block, citation in self.cited_by:
            number = citation.page or 1
            pages.setdefault(number, CitedPage(number, citation)).boxes.append(box(citation))
        return [pages[number] for number in sorted(pages)]


def cited_pieces(blocks: list[ProcedureBlock]) -> list[CitedPiece]:
    """Return the paper's evidence in the order of the procedures."""
    pieces: dict[UUID, CitedPiece] = {}
    for block in blocks:
        for citation in block.citations:
            piece = pieces.setdefault(citation.evidence_id, CitedPiece(citation.evidence))
            piece.cited_by.append((block, citation))
    return list(pieces.values())


# Requests -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AskedFor:
    """A request that procedures of this paper wait for, with what was handed over."""

    request: Request
    procedures: list[Procedure]


def requests_of(paper: Workpaper) -> list[AskedFor]:
    """Return the requests for documents of this paper's procedures (two queries)."""
    handed_over = Prefetch("request__evidence", Evidence.objects.select_related("file").order_by("number"))
    rows = (
        Request.documents.through.objects.filter(
            request__engagement=paper.engagement_id, expecteddocument__procedure__point=paper.control_point_id
        )
        .select_related("request", "expecteddocument__procedure")
        .prefetch_related(handed_over)
        .order_by("request__number", "expecteddocument__procedure__no")
    )
    return [
        AskedFor(request, list(dict.fromkeys(row.expecteddocument.procedure for row in members)))
        for request, members in groupby(rows, key=lambda row: row.request)
    ]


# Notes --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Thread:
    """A review note with its replies; `may_resolve` says whether the reader may close it."""

    note: Note
    replies: list[Note]
    may_resolve: bool


def threads_of(paper: Workpaper, user: User) -> list[Thread]:
    """Return the notes on this paper, open ones first, newest first among their like (one query)."""
    readable = Note.objects.readable_by(user).filter(anchor_id=paper.pk)
    notes = list(readable.select_related("author", "resolved_by").order_by("written_at"))
    is_partner = user.can("workpaper.approve", paper)
    threads = [
        Thread(
            note,
            [reply for reply in notes if reply.parent_id == note.pk],
            note.is_open and (is_partner or note.author_id == user.pk),
        )
        for note in reversed(notes)
        if note.parent_id is None
    ]
    return sorted(threads, key=lambda thread: not thread.note.is_open)


# History ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Change:
    """One field of a revision: what went, what came, and the words around it."""

    label: str | Promise
    head: str
    removed: str
    added: str
    tail: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the history: a revision with its changes, or a signature."""

    at: datetime
    who: User
    content_version: int
    place: int | None = None
    changes: list[Change] = field(default_factory=list)
    signoff: SignOff | None = None


LABELS: Mapping[str, str | Promise] = {
    "outcome": _("Result"),
    "work": _("Work performed"),
    "reason": _("Reason"),
    "departure": _("Departure"),
    "performed_on": _("Date performed"),
    "conclusion": _("Conclusion"),
    "matrix": _("Matrix"),
}
# What changed without a text being typed, as revisions keep it: "+ …" or "- …".
UNTYPED: Mapping[str, str | Promise] = {SUPPORT: _("Rests on"), AMENDMENT: _("Sheet")}
OUTCOMES = dict(Outcome.choices)


def history_of(sheet: Sheet, page: str | None) -> Page[Entry]:
    """Return one page of the paper's history, newest first (one query)."""
    revisions = Revision.objects.filter(workpaper=sheet.paper).select_related("author", "result").order_by("-id")
    entries = [*_revisions(list(revisions[:HISTORY_READ])), *map(_signature, sheet.line.signoffs)]
    return Paginator(sorted(entries, key=lambda entry: entry.at, reverse=True), A_PAGE).get_page(page)


def _signature(signoff: SignOff) -> Entry:
    return Entry(signoff.signed_at, signoff.user, signoff.content_version, signoff=signoff)


def _revisions(revisions: list[Revision]) -> list[Entry]:
    """Compare each revision (newest first) with the one before it on the same procedure."""
    before: dict[UUID | None, dict[str, Any]] = {}
    entries = []
    for revision in reversed(revisions):
        changes = _changes(before.get(revision.result_id, {}), revision.content)
        before[revision.result_id] = before.get(revision.result_id, {}) | revision.content
        place = revision.result.position if revision.result else None
        entries.append(Entry(revision.saved_at, revision.author, revision.content_version, place, changes))
    return entries


def _changes(before: dict[str, Any], after: dict[str, Any]) -> list[Change]:
    for key, label in UNTYPED.items():
        if told := after.get(key):
            removed, added = (told[2:], "") if told.startswith("-") else ("", told[2:])
            return [Change(label, "", removed, added, "")]
    return [
        changed_span(LABELS[name], _shown(name, before.get(name, "")), _shown(name, after[name]))
        for name in LABELS
        if name in after and after[name] != before.get(name, "")
    ]


def _shown(name: str, value: str) -> str:
    if name == "outcome":
        return str(OUTCOMES.get(value, value))
    return roc.short(datetime.fromisoformat(value).date()) if name == "performed_on" and value else value


def changed_span(label: str | Promise, old: str, new: str) -> Change:
    """Return the one passage in which two texts differ, with a little of what stands around it."""
    shortest = min(len(old), len(new))
    start = next((i for i in range(shortest) if old[i] != new[i]), shortest)
    room = shortest - start
    same = next((i for i in range(room) if old[-1 - i] != new[-1 - i]), room)
    head, tail = old[:start], old[len(old) - same :]
    return Change(
        label,
        head if len(head) <= AN_EXCERPT else "…" + head[-AN_EXCERPT:],
        old[start : len(old) - same],
        new[start : len(new) - same],
        tail if len(tail) <= AN_EXCERPT else tail[:AN_EXCERPT] + "…",
    )
