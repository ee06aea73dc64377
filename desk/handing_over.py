"""Handing over: all that is open with one person goes to another, as when somebody leaves the team."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from desk.loading import engagement_with_team
from desk.paper_forms import HandOverForm
from engagements.models import Engagement
from foundation.accounts.http import PersonRequest
from foundation.web.errors import refusals_as_errors
from foundation.web.guards import guarded
from procedures.assigning import hand_over, notes_in_hand, papers_in_hand
from procedures.authors import writers_of


@guarded("workpaper.assign", engagement_with_team)
@require_http_methods(["GET", "POST"])
def handing_over(request: PersonRequest, engagement: Engagement) -> HttpResponse:
    """Show what everybody has in hand, and hand one person's over; what was typed stays when something is wrong."""
    chosen = {"giver": request.GET.get("giver", "")}
    form = HandOverForm(request.POST or None, initial=chosen, engagement=engagement)
    if form.is_valid():
        with refusals_as_errors(form):
            given = hand_over(engagement, **form.cleaned_data, by=request.user)
            facts = {"papers": len(given.papers), "notes": len(given.notes), "name": form.cleaned_data["taker"].name}
            messages.success(request, _("%(name)s takes over: papers %(papers)d, notes %(notes)d.") % facts)
            return redirect("paper-list", engagement=engagement.pk)
    context = {"engagement": engagement, "form": form, "hands": _hands(engagement)}
    return render(request, "desk/handing_over.html", context, status=422 if form.errors else 200)


def _hands(engagement: Engagement) -> list[tuple[str, bool, int, int]]:
    """Who has what in hand: name, whether they are on the team, papers, notes (three queries)."""
    wrote = writers_of(engagement)
    given = papers_in_hand(engagement).only("pk", "assignee")
    papers = [person for each in given for person in ([each.assignee_id] if each.assignee_id else wrote[each.pk])]
    notes = list(notes_in_hand(engagement).values_list("assignee", flat=True))
    people = {member.user: member.is_current for member in engagement.team.all()}
    counted = ((user.name, here, papers.count(user.pk), notes.count(user.pk)) for user, here in people.items())
    return [each for each in counted if each[2] or each[3]]
