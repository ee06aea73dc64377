"""The register of findings and what a finding is tied to."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Prefetch, QuerySet

from engagements.models import Engagement
from findings.models import Finding, FindingLink, Severity
from foundation.web import roc
from procedures.models import Outcome, ProcedureResult


def register_of(engagement: Engagement) -> QuerySet[Finding]:
    """Return all findings by number, the withdrawn too, each with `.links` to its results (two queries)."""
    links = FindingLink.objects.select_related("result__workpaper").order_by(
        "result__workpaper__position", "result__position"
    )
    findings: QuerySet[Finding] = Finding.objects.filter(engagement=engagement).order_by("number")
    return findings.select_related("raised_by", "withdrawn_by").prefetch_related(Prefetch("links", links))


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


@dataclass(frozen=True, slots=True)
class Difference:
    """A field in which two people's texts differ."""

    label: str
    mine: str
    theirs: str


def differences(finding: Finding, mine: dict[str, Any]) -> list[Difference]:
    """Return where typed values differ from what is stored now."""
    stored = Finding.objects.get(pk=finding.pk)
    pairs = ((name, value, getattr(stored, name)) for name, value in mine.items())
    return [
        Difference(_label(name), _shown(name, value), _shown(name, theirs))
        for name, value, theirs in pairs
        if (value or "") != (theirs or "")
    ]


def _label(name: str) -> str:
    return str(getattr(Finding._meta.get_field(name), "verbose_name", name))


def _shown(name: str, value: Any) -> str:
    """Return a field's value as a person reads it."""
    if isinstance(value, date):
        return roc.short(value)
    choices = dict(getattr(Finding._meta.get_field(name), "flatchoices", ()))
    return str(choices.get(value, value or ""))
