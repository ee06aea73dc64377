"""The register of findings and what a finding is tied to."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import Any

from django.db.models import Count, Model, Prefetch, QuerySet

from engagements.models import Engagement
from findings.asking import Asked, asked_of, with_releases
from findings.models import AnswerState, Finding, FindingLink, FollowUp, ManagementResponse, Severity
from foundation.accounts.models import User
from foundation.web import roc
from procedures.models import Outcome, ProcedureResult, Workpaper


@dataclass(frozen=True, slots=True)
class Line:
    """A finding in a list, with what management was told of it and answered."""

    finding: Finding
    asked: Asked

    @property
    def owed_first(self) -> tuple[bool, date]:
        """What sorts lists of released findings: those owed an answer first, by due date."""
        day = self.asked.release.due_on if self.asked.release else date.max
        return not self.asked.is_open, day


def register_of(engagement: Engagement) -> list[Line]:
    """Return all findings by number, the withdrawn too, each with `.links` to its results and its `.repeats` of
    earlier ones (six queries).
    """
    links = FindingLink.objects.select_related("result__workpaper").order_by(
        "result__workpaper__position", "result__position"
    )
    repeats = FollowUp.objects.select_related("prior__engagement").order_by("number")
    findings = Finding.objects.filter(engagement=engagement).order_by("number")
    fetched = findings.select_related("raised_by", "withdrawn_by", "engagement", "retested").prefetch_related(
        Prefetch("links", links), Prefetch("repeats", repeats)
    )
    return [Line(finding, asked_of(finding)) for finding in with_releases(fetched)]


def narrowed(lines: list[Line], *, severity: str = "", state: str = "") -> list[Line]:
    """Return those of a severity, and those that stand and whose answer is in a state."""
    return [
        line
        for line in lines
        if severity in {"", line.finding.severity}
        and (not state or (line.asked.state == state and not line.finding.is_withdrawn))
    ]


def by_state(lines: list[Line]) -> list[tuple[str, str, int]]:
    """Return (value, label, number) of each state of management's answer that occurs; the withdrawn owe none."""
    numbers = Counter(line.asked.state.value for line in lines if not line.finding.is_withdrawn)
    return [(value, str(label), numbers[value]) for value, label in AnswerState.choices if value in numbers]


def tied_to(finding: Finding) -> QuerySet[ProcedureResult]:
    """Return the results that a finding is tied to."""
    return ProcedureResult.objects.filter(pk__in=finding.links.values("result"))


def by_severity(engagement: Engagement) -> list[tuple[str, str, int]]:
    """Return (value, label, number) of each severity that occurs, gravest first (one query)."""
    rows = Finding.objects.upheld().filter(engagement=engagement).values("severity").annotate(n=Count("pk")).order_by()
    numbers = {row["severity"]: row["n"] for row in rows}
    return [(value, str(label), numbers[value]) for value, label in Severity.choices if value in numbers]


def exceptions_of(engagement: Engagement) -> QuerySet[ProcedureResult]:
    """Return the engagement's exceptions in the order of its papers, with what names them."""
    results = ProcedureResult.objects.filter(workpaper__engagement=engagement, outcome=Outcome.EXCEPTION)
    return results.select_related("workpaper", "procedure").order_by("workpaper__position", "position")


def unexplained(engagement: Engagement) -> QuerySet[ProcedureResult]:
    """Return the exceptions that no finding is tied to."""
    tied = FindingLink.objects.filter(finding__engagement=engagement)
    return exceptions_of(engagement).exclude(pk__in=tied.values("result"))


def asked_of_broker(user: User, *, engagement: Engagement | None = None) -> list[Line]:
    """Return the findings that were released to a broker, those owed an answer first, by due date (three queries)."""
    findings = Finding.objects.visible_to(user).order_by("engagement", "number")
    rows = with_releases(findings.filter(engagement=engagement) if engagement else findings)
    return sorted((Line(finding, asked_of(finding)) for finding in rows), key=attrgetter("owed_first"))


def papers_of(finding: Finding) -> list[Workpaper]:
    """Return the papers whose exceptions a finding comes from, each once (one query)."""
    papers = Workpaper.objects.filter(pk__in=finding.links.values("result__workpaper"))
    return list(papers.select_related("control_point").order_by("position"))


def answers_to(finding: Finding) -> QuerySet[ManagementResponse]:
    """Return everything that management ever answered, the newest first."""
    answers = ManagementResponse.objects.filter(release__finding=finding).order_by("-pk")
    return answers.select_related("release", "recorded_by")


@dataclass(frozen=True, slots=True)
class Difference:
    """A field in which two people's texts differ."""

    label: str
    mine: str
    theirs: str


def differences(row: Finding | FollowUp, mine: dict[str, Any]) -> list[Difference]:
    """Return where typed values differ from what is stored of the row now."""
    stored = type(row).objects.get(pk=row.pk)
    pairs = ((name, value, getattr(stored, name)) for name, value in mine.items())
    return [
        Difference(_label(stored, name), _shown(stored, name, value), _shown(stored, name, theirs))
        for name, value, theirs in pairs
        if (value or "") != (theirs or "")
    ]


def _label(row: Model, name: str) -> str:
    return str(getattr(row._meta.get_field(name), "verbose_name", name))


def _shown(row: Model, name: str, value: Any) -> str:
    """Return a field's value as a person reads it."""
    if isinstance(value, date):
        return roc.short(value)
    choices = dict(getattr(row._meta.get_field(name), "flatchoices", ()))
    return str(choices.get(value, value or ""))
