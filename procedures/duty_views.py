"""What a workpaper's page sends about recurring duties: single occurrences, and the broker's own period."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from controls.models import FrequencyRule
from foundation.accounts.http import PersonRequest
from foundation.accounts.models import User
from foundation.accounts.policy import Role
from foundation.web.answers import invalid, refusals_answered
from foundation.web.guards import guarded, visible
from procedures.answers import paper_changed
from procedures.duties import state_frequency, stretch_of, tell_occurrence, withdraw_occurrence
from procedures.duty_forms import FrequencyForm, OccurrenceForm
from procedures.models import Occurrence, StatedFrequency, Workpaper


@dataclass(frozen=True, slots=True)
class DutyOfPaper:
    """A recurring duty on the paper of one engagement; `starts_on` names one of its occurrences."""

    paper: Workpaper
    rule: FrequencyRule
    starts_on: date = date.min

    def roles_of(self, user: User) -> frozenset[Role]:
        return self.paper.roles_of(user)

    @property
    def told(self) -> Occurrence | None:
        """What was told of that occurrence."""
        return Occurrence.objects.filter(workpaper=self.paper, rule=self.rule, starts_on=self.starts_on).first()


def duty_of(user: User, **arguments: Any) -> DutyOfPaper:
    """Load a duty of a paper that the person may see, by its place among those of the control point."""
    paper = visible(Workpaper, pk="workpaper")(user, **arguments)
    rules = FrequencyRule.objects.filter(point=paper.control_point_id)
    rule = get_object_or_404(rules, position=arguments["duty"])
    return DutyOfPaper(paper, rule, arguments.get("starts_on", date.min))


@guarded("workpaper.change", duty_of)
@require_http_methods(["GET", "POST", "DELETE"])
@refusals_answered
def duty_occurrence(request: PersonRequest, place: DutyOfPaper) -> HttpResponse:
    """GET: the form. POST: tell of the occurrence, or correct it. DELETE: take it back."""
    if request.method == "DELETE":
        return _withdrawn(place, by=request.user)
    stretch = stretch_of(place.paper, place.rule, place.starts_on)
    form = OccurrenceForm(request.POST or None, stretch=stretch, told=place.told)
    if request.method == "GET":
        return render(request, "procedures/occurrence.html", {"place": place, "form": form})
    if not form.is_valid():
        return invalid(form)
    tell_occurrence(place.paper, place.rule, stretch.span.first, form.telling, by=request.user)
    return paper_changed(place.paper.pk)


def _withdrawn(place: DutyOfPaper, *, by: User) -> HttpResponse:
    """Taken back twice, it is gone once."""
    told = place.told
    gone = told is not None and withdraw_occurrence(told, by=by)
    return paper_changed(place.paper.pk, changes=int(gone))


@guarded("workpaper.change", duty_of)
@require_http_methods(["GET", "POST"])
@refusals_answered
def duty_frequency(request: PersonRequest, duty: DutyOfPaper) -> HttpResponse:
    """GET: the form. POST: record how often the broker itself does it, and where it says so."""
    if request.method == "GET":
        stated = StatedFrequency.objects.filter(workpaper=duty.paper, rule=duty.rule).first()
        known = {"frequency": stated.frequency, "source": stated.source} if stated else {}
        return render(request, "procedures/frequency.html", {"duty": duty, "form": FrequencyForm(initial=known)})
    form = FrequencyForm(request.POST)
    if not form.is_valid():
        return invalid(form)
    state_frequency(duty.paper, duty.rule, **form.cleaned_data, by=request.user)
    return paper_changed(duty.paper.pk)
