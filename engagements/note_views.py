"""Review notes: replied to, resolved, directed, wherever they are anchored. Each app opens notes on its own objects."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from engagements.models import Engagement, Note
from engagements.note_forms import DirectionForm, NoteForm
from engagements.noting import direct_note, discard_draft, reopen_note, reply_to_note, resolve_note
from foundation.accounts.http import PersonRequest
from foundation.accounts.models import User
from foundation.accounts.policy import Role
from foundation.web.answers import changed, invalid, refusals_answered
from foundation.web.guards import guarded


def readable_thread(user: User, **arguments: Any) -> Note:
    """Load the note that opens a thread, of an engagement that the person works on: one that was published, or their
    own draft; the auditee sees none.
    """
    if user.role == Role.BROKER:
        raise Http404
    notes = Note.objects.readable_by(user).filter(parent=None, engagement__in=Engagement.objects.visible_to(user))
    return get_object_or_404(notes.select_related("engagement"), pk=arguments["note"])


def thread(user: User, **arguments: Any) -> Note:
    """Load the note that opens a thread which everybody on the team reads."""
    note = readable_thread(user, **arguments)
    if note.is_draft:
        raise Http404
    return note


@guarded("note.reply", thread)
@require_POST
@refusals_answered
def note_reply(request: PersonRequest, note: Note) -> HttpResponse:
    """Answer in the thread."""
    form = NoteForm(request.POST)
    if not form.is_valid():
        return invalid(form)
    reply_to_note(note, text=form.cleaned_data["text"], by=request.user)
    return changed()


@guarded("note.add", thread)
@require_POST
@refusals_answered
def note_resolve(request: PersonRequest, note: Note) -> HttpResponse:
    """Close the thread; the verb says who may."""
    resolve_note(note, by=request.user)
    return changed()


@guarded("note.add", thread)
@require_POST
@refusals_answered
def note_reopen(request: PersonRequest, note: Note) -> HttpResponse:
    """Open the closed thread again; the verb says who may."""
    reopen_note(note, by=request.user)
    return changed()


@guarded("note.add", readable_thread)
@require_POST
@refusals_answered
def note_direct(request: PersonRequest, note: Note) -> HttpResponse:
    """Say for whom the note is, and by when; the verb says who may."""
    form = DirectionForm(request.POST, engagement=note.engagement)
    if not form.is_valid():
        return invalid(form)
    direct_note(note, form.direction, by=request.user)
    return changed()


@guarded("note.add", readable_thread)
@require_POST
@refusals_answered
def note_discard(request: PersonRequest, note: Note) -> HttpResponse:
    """Throw one's own draft away."""
    discard_draft(note, by=request.user)
    return changed()
