"""The history of a paper: who wrote and signed what."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator

from desk.workpaper_changes import Change, changes_between, is_typed
from desk.workpaper_sheet import Sheet
from procedures.models import Revision
from procedures.queries import Signed

A_PAGE = 40
HISTORY_READ = 400  # revisions: beyond them the trail tells


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the history: a revision with its changes, or a signature."""

    at: datetime
    who: str
    content_version: int
    place: int | None = None
    changes: list[Change] = field(default_factory=list)
    signoff: Signed | None = None


def history_of(sheet: Sheet, page: str | None) -> Page[Entry]:
    """Return one page of the paper's history, newest first (one query)."""
    revisions = Revision.objects.filter(workpaper=sheet.paper).select_related("author", "result").order_by("-id")
    entries = [*_revisions(list(revisions[:HISTORY_READ])), *map(_signature, sheet.line.signoffs)]
    return Paginator(sorted(entries, key=lambda entry: entry.at, reverse=True), A_PAGE).get_page(page)


def _signature(signoff: Signed) -> Entry:
    return Entry(signoff.signed_at, signoff.name, signoff.content_version, signoff=signoff)


def _revisions(revisions: list[Revision]) -> list[Entry]:
    """Compare each revision (newest first) with the one before it on the same procedure."""
    before: dict[UUID | None, dict[str, Any]] = {}
    entries = []
    for revision in reversed(revisions):
        changes = changes_between(before.get(revision.result_id, {}), revision.content)
        if is_typed(revision.content):
            before[revision.result_id] = revision.content
        place = revision.result.position if revision.result else None
        entries.append(Entry(revision.saved_at, revision.author.name, revision.content_version, place, changes))
    return entries
