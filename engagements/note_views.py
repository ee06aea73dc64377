"""Review notes: replied to and resolved, wherever they are anchored. Each app opens notes on its own objects."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from engagements.actions import reply_to_note, resolve_note
from engagements.models import Engagement, Note
from engagements.note_forms import NoteForm
from foundation.accounts.http import PersonRequest
from foundation.accounts.models import User
from foundation.accounts.policy import Role
from foundation.web.answers import changed, invalid, refusals_answered
from foundation.web.guards import guarded


def thread(user: User, **arguments: Any) -> Note:
    """Load the note that opens a thread, of an engagement that the person works on; the auditee sees none."""
    if user.role == Role.BROKER:
        raise Http404
    notes = Note.objects.published().filter(parent=None, engagement__in=Engagement.objects.visible_to(user))
    return get_object_or_404(notes.select_related("engagement"), pk=arguments["note"])


@guarded("note.reply", thread)
@require_POST
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
