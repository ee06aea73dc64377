"""Review notes 覆核意見: written, answered, directed to somebody, resolved, opened again."""

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Protocol
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from engagements.models import Engagement, Note, Review
from engagements.reviews import locked_review
from engagements.validators import check_member, check_open
from foundation.accounts.models import User
from foundation.accounts.policy import Role
from foundation.trail.actions import record
from foundation.trail.hashing import JSON
from foundation.web.refusals import Refused


class Anchor(Protocol):
    """What a note is about: a paper, a finding, a report."""

    @property
    def pk(self) -> UUID: ...


@dataclass(frozen=True, slots=True)
class Spot:
    """Which part of its anchor a note is about, as the reader knows it, and the words of the text that it quotes."""

    part_id: UUID | None = None
    part_label: str = ""
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Direction:
    """Who is to do what a note says, and by when."""

    assignee: User | None = None
    due_on: date | None = None


WHOLE, NOBODY = Spot(), Direction()


@transaction.atomic
def write_note(
    engagement: Engagement,
    *,
    anchor: Anchor,
    text: str,
    by: User,
    spot: Spot = WHOLE,
    direction: Direction = NOBODY,
    review: Review | None = None,
) -> Note:
    """Open a review note on `anchor`. In a review it is a draft: nobody else sees it, nothing tells of it yet."""
    if not text.strip():
        raise Refused(_("An empty note says nothing."))
    check_open(engagement)
    check_member(engagement, direction.assignee)
    if review:  # perhaps it was submitted meanwhile: a draft of it would never be published
        review = locked_review(review, by=by)
    note = Note.objects.create(
        engagement=engagement,
        anchor_type=type(anchor).__name__.lower(),
        anchor_id=anchor.pk,
        anchor_label=str(anchor)[:120],
        part_id=spot.part_id,
        part_label=spot.part_label,
        quote=spot.quote,
        assignee=direction.assignee,
        due_on=direction.due_on,
        review=review,
        published_at=None if review else timezone.now(),
        text=text.strip(),
        author=by,
    )
    if not review:
        _tell(note)
    return note


def publish(note: Note) -> None:
    """Let everybody read what was a draft; called inside the verb that submits its review."""
    note.published_at = timezone.now()
    note.save(update_fields=["published_at"])
    _tell(note)


def _tell(note: Note) -> None:
    facts = {**_written(note), **_directed(note)}
    record("note.written", chain=note.engagement.chain, by=note.author, about=note, facts=facts)


def _written(note: Note) -> dict[str, JSON]:
    place = {"anchor": str(note.anchor_id), "anchor_type": note.anchor_type}
    part = {"part": str(note.part_id or ""), "part_label": note.part_label}
    return {"digest": text_digest(note), "quote": quote_digest(note), **place, **part}


def _directed(note: Note) -> dict[str, JSON]:
    return {"assignee": str(note.assignee_id or ""), "due": str(note.due_on or "")}


@transaction.atomic
def discard_draft(note: Note, *, by: User) -> None:
    """Throw a draft away, of which nobody else knows."""
    mine = Note.objects.select_for_update().filter(pk=note.pk, author=by, published_at=None)
    if not mine.exists():
        raise Refused(_("The note was published meanwhile; it stays."))
    mine.delete()


@transaction.atomic
def reply_to_note(note: Note, *, text: str, by: User) -> Note:
    """Answer a note, in its thread."""
    if not text.strip():
        raise Refused(_("An empty note says nothing."))
    check_open(note.engagement)
    reply = Note.objects.create(
        engagement=note.engagement,
        parent=note,
        anchor_type=note.anchor_type,
        anchor_id=note.anchor_id,
        anchor_label=note.anchor_label,
        text=text.strip(),
        author=by,
    )
    facts = {"digest": text_digest(reply), "parent": str(note.pk)}
    record("note.answered", chain=note.engagement.chain, by=by, about=reply, facts=facts)
    return reply


def text_digest(note: Note) -> str:
    """SHA-256 (hex) of what the note says."""
    return hashlib.sha256(note.text.encode()).hexdigest()


def quote_digest(note: Note) -> str:
    """SHA-256 (hex) of the words that the note quotes; nothing where it quotes none."""
    return hashlib.sha256(note.quote.encode()).hexdigest() if note.quote else ""


@transaction.atomic
def direct_note(note: Note, direction: Direction, *, by: User) -> None:
    """Say who is to do it and by when: whoever wrote the note."""
    current = _locked(note)
    if current.author_id != by.pk:
        raise Refused(_("Only whoever wrote the note says for whom it is, and by when."))
    check_member(note.engagement, direction.assignee)
    redirect_note(current, direction, by=by)


def redirect_note(note: Note, direction: Direction, *, by: User, reason: str = "") -> None:
    """Write down who is to do what a locked note says; called inside the verbs that may."""
    note.assignee, note.due_on = direction.assignee, direction.due_on
    note.save(update_fields=["assignee", "due_on"])
    if not note.is_draft:
        record("note.directed", chain=note.engagement.chain, by=by, about=note, facts=_directed(note), reason=reason)


def _locked(note: Note) -> Note:
    """Return the note, locked; refused where the file is closed."""
    current = Note.objects.select_for_update(of=("self",)).select_related("engagement").get(pk=note.pk)
    check_open(current.engagement)
    return current


@transaction.atomic
def resolve_note(note: Note, *, by: User) -> None:
    """Close a note: whoever wrote it, or the partner."""
    _check_closer(note, by)
    if _locked(note).is_open:
        Note.objects.filter(pk=note.pk).update(resolved_at=timezone.now(), resolved_by=by)
        record("note.resolved", chain=note.engagement.chain, by=by, about=note)


@transaction.atomic
def reopen_note(note: Note, *, by: User) -> None:
    """Open a closed note again: whoever may close it."""
    _check_closer(note, by)
    if not _locked(note).is_open:
        Note.objects.filter(pk=note.pk).update(resolved_at=None, resolved_by=None)
        record("note.reopened", chain=note.engagement.chain, by=by, about=note)


def may_close(note: Note, user: User) -> bool:
    """Whether `user` closes this note and opens it again."""
    return note.author_id == user.pk or Role.PARTNER in note.engagement.roles_of(user)


def _check_closer(note: Note, by: User) -> None:
    if not may_close(note, by):
        raise Refused(_("Only whoever wrote the note, or the partner, closes it."))
