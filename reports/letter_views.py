"""The firm's letter templates: the twelve, and each with its editor, its preview and its approval."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from foundation.accounts.http import PersonRequest
from foundation.web.errors import refusals_as_errors, refusals_as_messages
from foundation.web.guards import guarded, visible
from reports.letter_check import warnings
from reports.letter_forms import ResetForm, TemplateForm
from reports.letter_pages import Shelved, differences, marks, preview, shelf
from reports.letter_templates import approve_template, write_template
from signoff.models import LetterTemplate


def _shelved(request: PersonRequest, letter: str) -> Shelved:
    found = shelf(request.user.organization).get(letter)
    if found is None:
        raise Http404
    return found


@guarded("library.view")
@require_GET
def letter_shelf(request: PersonRequest) -> HttpResponse:
    """Show the twelve templates and whose wording is in force."""
    return render(request, "reports/letter_shelf.html", {"shelf": shelf(request.user.organization)})


@guarded("library.view")
@require_GET
def letter_template(request: PersonRequest, letter: str) -> HttpResponse:
    """Show one template."""
    return _page(request, _shelved(request, letter))


def _page(
    request: PersonRequest, shelved: Shelved, *, form: TemplateForm | None = None, reset: ResetForm | None = None
) -> HttpResponse:
    text = form["text"].value() or "" if form else shelved.newest_text
    first = {"text": shelved.newest_text, "seen": shelved.last}
    context = {
        "shelved": shelved,
        "form": form or TemplateForm(initial=first, place=shelved.place),
        "reset": reset or ResetForm(initial=first, prefix="reset"),
        "preview": preview(text, shelved.place),
        "marks": marks(),
        "changes": list(differences(shelved.text_in_force, shelved.newest_text)),
        "differences": list(differences(shelved.place.supplied, shelved.newest_text)),
    }
    return render(request, "reports/letter_template.html", context, status=422 if form or reset else 200)


@guarded("template.change")
@require_POST
def letter_template_save(request: PersonRequest, letter: str) -> HttpResponse:
    """Keep a new version, for a second person to approve."""
    shelved = _shelved(request, letter)
    form = TemplateForm(request.POST, place=shelved.place)
    if form.is_valid():
        with refusals_as_errors(form):
            write_template(shelved.place, by=request.user, **form.cleaned_data)
            for warning in warnings(form.cleaned_data["text"], shelved.place.conclusion):
                messages.warning(request, str(warning))
            messages.success(request, _("Saved. It is used once a second person has approved it."))
            return redirect("letter-template", letter=letter)
    return _page(request, shelved, form=form)


@guarded("template.change")
@require_POST
def letter_template_reset(request: PersonRequest, letter: str) -> HttpResponse:
    """Go back to the supplied wording, once a second person has approved it."""
    shelved = _shelved(request, letter)
    form = ResetForm(request.POST, prefix="reset")
    if form.is_valid():
        with refusals_as_errors(form):
            write_template(shelved.place, "", by=request.user, **form.cleaned_data)
            messages.success(request, _("Saved. It is used once a second person has approved it."))
            return redirect("letter-template", letter=letter)
    return _page(request, shelved, reset=form)


@guarded("template.change")
@require_POST
def letter_template_preview(request: PersonRequest, letter: str) -> HttpResponse:
    """The letter as it would be printed, and what is wrong with it, while it is typed; nothing is kept."""
    text = request.POST.get("text", "").replace("\r\n", "\n")
    shown = preview(text, _shelved(request, letter).place)
    return render(request, "reports/letter_preview.html", {"preview": shown})


@guarded("template.approve", visible(LetterTemplate, pk="template"))
@require_POST
def letter_template_approve(request: PersonRequest, template: LetterTemplate) -> HttpResponse:
    """Put a version in force."""
    with refusals_as_messages(request):
        approve_template(template, by=request.user)
        messages.success(request, _("The wording is in force; reports frozen from now on are written with it."))
    return redirect("letter-template", letter=template.key)
