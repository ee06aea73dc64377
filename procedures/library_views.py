"""The firm's library: its page, where managers and partners change it, and the phrases as other pages ask for them."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from foundation.accounts.http import PersonRequest
from foundation.web.errors import refusals_as_errors, refusals_as_messages
from foundation.web.guards import guarded, visible
from procedures import library as verbs
from procedures.library_forms import ActForm, PhraseForm, TickmarkForm
from procedures.library_shelves import Adding, Changed, shelves_of
from procedures.models import Phrase, Tickmark

Form = TickmarkForm | PhraseForm
FORMS: dict[type[Tickmark] | type[Phrase], type[Form]] = {Tickmark: TickmarkForm, Phrase: PhraseForm}


@guarded("library.view")
@require_GET
def library(request: PersonRequest) -> HttpResponse:
    """Show the firm's tickmarks and phrases."""
    return _page(request)


def _page(request: PersonRequest, *, adding: Adding | None = None, changed: Changed | None = None) -> HttpResponse:
    """The page; with what was typed and why it wasn't taken, where it wasn't."""
    context = shelves_of(request.user, adding=adding, changed=changed)
    return render(request, "procedures/library.html", context, status=422 if adding or changed else 200)


@guarded("library.view")
@require_GET
def phrase_list(request: PersonRequest) -> HttpResponse:
    """The phrases to choose from while typing."""
    phrases = verbs.phrases_of(request.user.organization_id)
    return render(request, "procedures/phrases.html", {"phrases": phrases})


@guarded("library.change")
@require_POST
def tickmark_own(request: PersonRequest) -> HttpResponse:
    """Make the standard tickmarks the firm's own."""
    verbs.own_tickmarks(request.user.organization, by=request.user)
    messages.success(request, _("The firm has tickmarks of its own now."))
    return redirect("library")


@guarded("library.change")
@require_POST
def tickmark_add(request: PersonRequest) -> HttpResponse:
    """Add a tickmark."""
    return _add(request, Tickmark)


@guarded("library.change")
@require_POST
def phrase_add(request: PersonRequest) -> HttpResponse:
    """Add a phrase."""
    return _add(request, Phrase)


def _add(request: PersonRequest, kind: type[Tickmark] | type[Phrase]) -> HttpResponse:
    form = FORMS[kind](request.POST)
    if form.is_valid():
        with refusals_as_errors(form):
            verbs.add_entry(_entry(request, kind, form), by=request.user)
            messages.success(request, _("Added to the library."))
            return redirect("library")
    return _page(request, adding=Adding(kind, form))


@guarded("library.change", visible(Tickmark, pk="tickmark"))
@require_POST
def tickmark_change(request: PersonRequest, tickmark: Tickmark) -> HttpResponse:
    """Change a tickmark's meaning, take it out of use, or move it up."""
    return _change(request, tickmark)


@guarded("library.change", visible(Phrase, pk="phrase"))
@require_POST
def phrase_change(request: PersonRequest, phrase: Phrase) -> HttpResponse:
    """Change a phrase, take it out of use, or move it up."""
    return _change(request, phrase)


def _change(request: PersonRequest, entry: Tickmark | Phrase) -> HttpResponse:
    """Do what the button that was pressed says; an unknown one does nothing."""
    asked = ActForm(request.POST)
    act = asked.cleaned_data["act"] if asked.is_valid() else ""
    if act == "change":
        return _reword(request, entry)
    with refusals_as_messages(request):
        if act == "retire":
            verbs.retire_entry(entry, by=request.user)
            messages.success(request, _("Taken out of use; what cites it keeps its meaning."))
        elif act == "up":
            verbs.move_up(entry, by=request.user)
    return redirect("library")


def _reword(request: PersonRequest, entry: Tickmark | Phrase) -> HttpResponse:
    form = FORMS[type(entry)](request.POST)
    if form.is_valid():
        with refusals_as_errors(form):
            verbs.reword_entry(entry, _entry(request, type(entry), form), by=request.user)
            messages.success(request, _("Saved. What was made with the old wording keeps it."))
            return redirect("library")
    return _page(request, changed=Changed(entry.pk, form))


def _entry(request: PersonRequest, kind: type[Tickmark] | type[Phrase], form: Form) -> Tickmark | Phrase:
    return kind(firm=request.user.organization, **form.cleaned_data)
