"""The review notes beside a workpaper: threads, each tied to its procedure and to the words that it quotes."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from desk.workpaper_sheet import Sheet
from engagements.models import Note
from engagements.note_forms import working_day
from engagements.noting import may_close
from engagements.queries import team_today
from foundation.accounts.models import User
from foundation.web import roc
from procedures.authors import answers_for
from procedures.models import ProcedureResult
from procedures.reviewing import Sitting, sitting_of

SOON = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Thread:
    """A review note with its replies, and what the reader may do to it.

    `stands`: whether the words that it quotes still stand in the text.
    """

    note: Note
    replies: list[Note]
    may_close: bool
    may_direct: bool
    stands: bool

    @property
    def may_resolve(self) -> bool:
        return self.note.is_open and self.may_close and not self.note.is_draft

    @property
    def may_reopen(self) -> bool:
        return not self.note.is_open and self.may_close

    @property
    def due(self) -> str:
        """The due day as it is typed."""
        return roc.short(self.note.due_on) if self.note.due_on else ""


@dataclass(frozen=True, slots=True)
class Notes:
    """What the pane of notes shows: threads, and what a new note may choose among."""

    threads: list[Thread]
    parts: list[ProcedureResult]
    team: list[User]
    default: UUID | None
    soon: str
    sitting: Sitting | None


def notes_of(sheet: Sheet) -> Notes:
    """Return the pane of notes (five queries beside the sheet's)."""
    if not sheet.user.can("note.add", sheet.paper):
        return Notes(threads_of(sheet), [], [], None, "", None)
    sitting = sitting_of(sheet.paper.engagement, sheet.user)
    team, answering = list(team_today(sheet.paper.engagement)), answers_for(sheet.paper)
    day = working_day(timezone.localdate() + SOON)
    parts = [result for result in sheet.results if not result.is_memo]
    return Notes(threads_of(sheet), parts, team, answering.pk if answering else None, roc.short(day), sitting)


def threads_of(sheet: Sheet) -> list[Thread]:
    """Return the notes on this paper that the reader may see: drafts, then open ones, newest first (one query)."""
    readable = Note.objects.readable_by(sheet.user).filter(anchor_id=sheet.paper.pk)
    notes = list(readable.select_related("author", "resolved_by", "assignee").order_by("written_at"))
    texts = Texts(sheet)
    threads = [_thread(note, notes, sheet, texts) for note in reversed(notes) if note.parent_id is None]
    return sorted(threads, key=lambda thread: (not thread.note.is_open, not thread.note.is_draft))


def _thread(note: Note, notes: list[Note], sheet: Sheet, texts: "Texts") -> Thread:
    note.engagement = sheet.paper.engagement  # whose team is loaded: what the reader may do asks its roles
    return Thread(
        note=note,
        replies=[reply for reply in notes if reply.parent_id == note.pk],
        may_close=may_close(note, sheet.user),
        may_direct=note.author_id == sheet.user.pk and note.is_open,
        stands=texts.have(note.quote, note.part_id),
    )


class Texts:
    """All that can be quoted from a sheet, blanks apart, by the result that it belongs to (None: all of the sheet)."""

    def __init__(self, sheet: Sheet) -> None:
        point = sheet.paper.control_point
        self.texts = {result.pk: _bare(_texts(result)) for result in sheet.results}
        printed = [point.control_text, point.procedure_preamble] if point else []
        self.whole = _bare([sheet.paper.conclusion, *printed]) + "".join(self.texts.values())

    def have(self, quote: str, part: UUID | None) -> bool:
        """Whether the words stand there; no words always do."""
        return _bare([quote]) in (self.texts.get(part, "") if part else self.whole)


def _texts(result: ProcedureResult) -> list[str]:
    return [result.wording, *result.steps, result.work, result.reason, result.departure]


def _bare(texts: Iterable[str]) -> str:
    return re.sub(r"\s+", "", "".join(texts))
