"""The request list and one request: the team's pages and the broker's, at the same addresses."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from controls.models import ControlPoint, ExpectedDocument
from engagements.models import Engagement
from evidence import library, queries
from evidence.forms import STATES, AnswerForm, ClosureForm, ReasonForm, RequestFilter
from evidence.models import Evidence, Request
from evidence.reasons import done
from evidence.requests import accept_request, answer_request, dispose_request, return_request
from evidence.viewing import draw_ahead
from foundation.accounts.http import PersonRequest
from foundation.accounts.limits import limited
from foundation.web.answers import invalid
from foundation.web.errors import refusals_as_errors, refusals_as_messages
from foundation.web.guards import guarded, visible

REQUEST = visible(Request, pk="request_id")


@guarded("request.list", visible(Engagement, pk="engagement"))
@require_safe
def request_list(request: PersonRequest, engagement: Engagement) -> HttpResponse:
    """The whole list for the team; for the broker what it is asked for, by who acts next."""
    chosen = RequestFilter(request.GET)
    chosen.is_valid()
    team = request.user.can("evidence.view", engagement)
    context = _team_list(engagement, chosen) if team else _broker_list(request, engagement, chosen)
    template = "evidence/requests.html" if team else "evidence/handovers.html"
    context |= {"engagement": engagement, "chosen": chosen}
    return render(request, f"{template}#rows" if request.htmx else template, context)


def _team_list(engagement: Engagement, chosen: RequestFilter) -> dict[str, Any]:
    found = queries.requests_matching(engagement, **chosen.cleaned_data)
    groups = queries.request_groups(engagement, found)
    points = ControlPoint.objects.filter(version=engagement.catalogue_id).order_by("position")
    counts = queries.request_counts(engagement)
    return {
        "groups": groups,
        "shown": sum(len(group.lines) for group in groups),
        "counts": counts,
        "states": [(value, label, counts[value or "all"]) for value, label in STATES],
        "points": points,
    }


def _broker_list(request: PersonRequest, engagement: Engagement, chosen: RequestFilter) -> dict[str, Any]:
    text = chosen.cleaned_data.get("text", "")
    return {"sections": queries.broker_sections(engagement, request.user, text=text)}


@guarded("request.view", REQUEST)
@require_safe
def request_page(request: PersonRequest, asked: Request) -> HttpResponse:
    """One request."""
    return _page(request, asked)


def _page(request: PersonRequest, asked: Request, *, status: int = 200, **forms: forms.Form) -> HttpResponse:
    """Render the request for whoever looks at it; `forms` are bound ones with their errors."""
    team = request.user.can("evidence.view", asked)
    context = _team_page(asked) if team else _broker_page(request, asked)
    context |= {"asked": asked, "engagement": asked.engagement, **forms}
    return render(request, f"evidence/{'request' if team else 'handover'}.html", context, status=status)


def _team_page(asked: Request) -> dict[str, Any]:
    pieces = library.loaded(Evidence.objects.filter(request=asked).order_by("number", "version"))
    return {
        "kind": ExpectedDocument.Kind(asked.kind).label,
        "needed_for": queries.asked_for(asked),
        "lines": library.evidence_lines(asked.engagement, pieces),
        "history": queries.history(asked),
        "following": queries.next_to_inspect(asked),
        "returning": ReasonForm(prefix="return"),
        "closing": ClosureForm(prefix="close"),
    }


def _broker_page(request: PersonRequest, asked: Request) -> dict[str, Any]:
    pieces = library.loaded(Evidence.objects.visible_to(request.user).filter(request=asked))
    return {
        "documents": asked.documents.order_by("name").values_list("name", flat=True).distinct(),
        "pieces": pieces.select_related("replaces__file").order_by("number", "version"),
        "answering": AnswerForm(request=asked, by=request.user, initial={"answer": asked.answer}),
        "following": queries.next_to_hand_over(asked, request.user),
    }


@guarded("request.answer", REQUEST)
@require_POST
@limited("upload")
def request_answer(request: PersonRequest, asked: Request) -> HttpResponse:
    """The broker hands over files; all of them are taken, or none."""
    form = AnswerForm(request.POST, request=asked, by=request.user)
    if form.is_valid():
        with refusals_as_errors(form, "uploads"):
            pieces = answer_request(asked, form.incoming, answer=form.cleaned_data["answer"], by=request.user)
            draw_ahead(pieces, by=request.user)
            messages.success(request, _handed_over(len(pieces)))
            return HttpResponseClientRedirect(asked.get_absolute_url()) if request.htmx else redirect(asked)
    if request.htmx:  # the files stay chosen in the browser: only the reasons are sent
        return invalid(form)
    return _page(request, asked, status=422, answering=form)


def _handed_over(n: int) -> str:
    if not n:
        return _("Your remark was handed over.")
    return ngettext("%(n)d file was handed over.", "%(n)d files were handed over.", n) % {"n": n}


@guarded("request.judge", REQUEST)
@require_POST
def request_acceptance(request: PersonRequest, asked: Request) -> HttpResponse:
    """The team takes what was handed over."""
    with refusals_as_messages(request):
        accept_request(asked, by=request.user)
        messages.success(request, _("%(request)s is received.") % {"request": asked.label})
    return redirect(asked)


@guarded("request.judge", REQUEST)
@require_POST
def request_return(request: PersonRequest, asked: Request) -> HttpResponse:
    """The team sends the request back with the reason that the broker will read."""
    form = ReasonForm(request.POST, prefix="return")
    said = _("%(request)s is returned to the broker.") % {"request": asked.label}
    if done(request, form, lambda reason: return_request(asked, reason=reason, by=request.user), said=said):
        return redirect(asked)
    return _page(request, asked, status=422, returning=form)


@guarded("request.change", REQUEST)
@require_POST
def request_closure(request: PersonRequest, asked: Request) -> HttpResponse:
    """The team closes a request that won't be answered, with the reason."""
    form = ClosureForm(request.POST, prefix="close")
    said = _("%(request)s is closed.") % {"request": asked.label}

    def close(reason: str) -> None:
        dispose_request(asked, disposition=form.cleaned_data["disposition"], reason=reason, by=request.user)

    if done(request, form, close, said=said):
        return redirect(asked)
    return _page(request, asked, status=422, closing=form)
