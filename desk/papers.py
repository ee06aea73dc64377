"""The page of an engagement's papers: listed, filtered, queued by person, assigned."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from desk.live import Known
from desk.loading import engagement_with_team
from desk.paper_forms import AssignForm, PapersFilter
from desk.paper_list import PaperList
from engagements.models import Engagement
from engagements.reviews import submitted_reviews
from foundation.accounts.http import PersonRequest
from foundation.accounts.models import User
from foundation.web.errors import refusals_as_messages
from foundation.web.guards import guarded
from procedures.assigning import assign
from procedures.presence import faces
from procedures.reviewing import sitting_of


@guarded("workpaper.view", engagement_with_team)
@require_GET
def papers(request: PersonRequest, engagement: Engagement) -> HttpResponse:
    """Show the list, by area or by person; htmx asks for its rows alone."""
    chosen = PapersFilter(request.GET, engagement=engagement, user=request.user)
    here = faces(engagement, without=request.user)
    context = {
        "engagement": engagement,
        "list": PaperList(engagement, request.user, chosen, here),
        "chosen": chosen,
        "by_person": chosen.wanted.by == "person",
        "assigning": AssignForm(engagement=engagement),
        "sitting": sitting_of(engagement, request.user),
        "reviews": submitted_reviews(engagement),
        "live": Known.of(engagement.seq, here),  # type: ignore[attr-defined]  # annotated
    }
    part = request.htmx and request.htmx.target == "rows"
    return render(request, "desk/papers.html#rows" if part else "desk/papers.html", context)


@guarded("workpaper.assign", engagement_with_team)
@require_POST
def papers_assign(request: PersonRequest, engagement: Engagement) -> HttpResponse:
    """Give the chosen papers to somebody, or to nobody."""
    form = AssignForm(request.POST, engagement=engagement)
    if not form.is_valid():
        for error in (text for texts in form.errors.values() for text in texts):
            messages.error(request, str(error))
        return redirect(_back(request, engagement))
    with refusals_as_messages(request):
        given = assign(engagement, form.cleaned_data["papers"], to=form.cleaned_data["to"], by=request.user)
        messages.success(request, _given(len(given), form.cleaned_data["to"]))
    return redirect(_back(request, engagement))


def _given(number: int, to: User | None) -> str:
    if to is None:
        text = ngettext("%(n)d paper is nobody's now.", "%(n)d papers are nobody's now.", number)
        return text % {"n": number}
    text = ngettext("%(name)s has %(n)d paper more now.", "%(name)s has %(n)d papers more now.", number)
    return text % {"n": number, "name": to.name}


def _back(request: PersonRequest, engagement: Engagement) -> str:
    """The list as it was filtered."""
    query = PapersFilter(request.GET, engagement=engagement, user=request.user).query
    return reverse("paper-list", kwargs={"engagement": engagement.pk}) + query
