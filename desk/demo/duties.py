"""The demonstration's recurring duties: how often the broker sets them, what was seen on site without a copy."""

from datetime import timedelta

from controls.models import FrequencyRule
from foundation.accounts.models import User
from procedures.coverage import Coverage
from procedures.duties import Telling, state_frequency, tell_occurrence
from procedures.known_duties import evidence_among, known_on_paper
from procedures.models import Occurrence, Outcome, StatedFrequency, Workpaper

A_WEEK = timedelta(days=7)


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
