"""Findings of each broker over the years, by severity."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count

from engagements.models import Engagement
from findings.models import Finding, Severity
from foundation.accounts.models import Organization
from foundation.web import roc


@dataclass(frozen=True, slots=True)
class Part:
    """The findings of one severity in a column. `y` and `height` from the column's top ("25.00%")."""

    severity: str
    label: str
    number: int
    y: str
    height: str


@dataclass(frozen=True, slots=True)
class Column:
    """One engagement of a broker: its findings piled up, the gravest at the bottom."""

    engagement: Engagement
    total: int
    parts: list[Part]

    @property
    def in_words(self) -> str:
        """重大 1、輕微 2."""
        return "、".join(f"{part.label} {part.number}" for part in self.parts)


@dataclass(frozen=True, slots=True)
class Years:
    """The years that the table has, and one row per broker with the engagements of each year."""

    years: list[int]
    rows: list[tuple[Organization, list[list[Column]]]]


def findings_over_years(engagements: Iterable[Engagement]) -> Years:
    """Return the findings of engagements whose fieldwork was opened, by broker and ROC year (one query)."""
    begun = [engagement for engagement in engagements if engagement.fieldwork_opened_at]
    numbers = _numbers(begun)
    most = max((sum(found.values()) for found in numbers.values()), default=1)
    years = sorted({_year(engagement) for engagement in begun})
    of_broker: dict[Organization, dict[int, list[Column]]] = defaultdict(lambda: defaultdict(list))
    for engagement in sorted(begun, key=lambda row: (row.auditee.name, row.last_day)):
        of_broker[engagement.auditee][_year(engagement)].append(_column(engagement, numbers[engagement.pk], most))
    return Years(years, [(broker, [found[year] for year in years]) for broker, found in of_broker.items()])


def _year(engagement: Engagement) -> int:
    return engagement.last_day.year - roc.YEAR_ZERO


def _numbers(engagements: list[Engagement]) -> dict[UUID, Counter[str]]:
    """Return the number of findings by severity, by engagement."""
    upheld = Finding.objects.upheld().filter(engagement__in=engagements).order_by()
    numbers: dict[UUID, Counter[str]] = defaultdict(Counter)
    for key, severity, number in upheld.values_list("engagement", "severity").annotate(n=Count("pk")):
        numbers[key][severity] = number
    return numbers


def _column(engagement: Engagement, numbers: Counter[str], most: int) -> Column:
    parts, below = [], 0
    for severity in Severity:
        if number := numbers[severity]:
            below += number
            parts.append(
                Part(
                    severity=severity,
                    label=str(severity.label),
                    number=number,
                    y=f"{100 - 100 * below / most:.2f}%",
                    height=f"{100 * number / most:.2f}%",
                )
            )
    return Column(engagement, below, parts)
