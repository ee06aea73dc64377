"""The demonstration's recurring duties: when they were done, how often the broker sets them, what was seen on site."""

from datetime import date, timedelta

from django.utils import timezone

from controls.models import ExpectedDocument, FrequencyRule
from evidence.models import Request
from evidence.times import Covered
from foundation.accounts.models import User
from procedures.coverage import Coverage
from procedures.duties import Telling, state_frequency, tell_occurrence
from procedures.known_duties import evidence_among, known_on_paper, period_of
from procedures.models import Occurrence, Outcome, StatedFrequency, Workpaper
from procedures.stretches import Stretch, stretches

A_WEEK = timedelta(days=7)
UNSHOWN = ("3.4", "3.12.5")  # papers whose recurring duty no evidence shows: it is told of, or open
STANDING = frozenset({ExpectedDocument.Kind.POLICY, ExpectedDocument.Kind.LIST, ExpectedDocument.Kind.SETTING})


def time_of(request: Request, day: date) -> Covered:
    """The days on which what recurs was done, for its reports; `day` for everything else."""
    done = [
        stretch.span.last - A_WEEK
        for document in request.documents.exclude(procedure__point__code__in=UNSHOWN).exclude(occurrence_of=None)
        for stretch in _over(request, document)
    ]
    if done:
        return Covered.on(*done)
    return Covered.state(day) if request.kind in STANDING else Covered.on(day)


def _over(request: Request, document: ExpectedDocument) -> list[Stretch]:
    """The stretches in which the document's duty was due, as far as they are over."""
    period, duty = period_of(request.engagement), document.occurrence_of
    if period is None or duty is None:
        return []
    return [each for each in stretches(duty.frequency, period) if each.span.last < timezone.localdate()]


def look_into_duties(paper: Workpaper, *, by: User) -> None:
    """Say of every duty on the paper what lets its results stand without exception."""
    if not paper.engagement.is_annual:
        return
    for rule in FrequencyRule.objects.filter(point=paper.point, frequency=FrequencyRule.Frequency.PERIODIC):
        source = "資訊安全管理作業規範第 12 條。"
        state_frequency(paper, rule, frequency=StatedFrequency.Frequency.SEMIANNUAL, source=source, by=by)
    known = known_on_paper(paper)
    for result in paper.results.filter(outcome=Outcome.NO_EXCEPTION).prefetch_related("supports"):
        for coverage in known.coverages(result, paper.engagement, evidence_among(result.supports.all())):
            _see(paper, coverage, by=by)


def _see(paper: Workpaper, coverage: Coverage, *, by: User) -> None:
    for expected in coverage.expected:
        if expected.is_unexplained:
            day = expected.stretch.span.first + A_WEEK
            seen = Telling(Occurrence.Kind.SEEN, "現場檢視紀錄正本，不留存影本。", day)
            tell_occurrence(paper, coverage.duty, expected.stretch.span.first, seen, by=by)
