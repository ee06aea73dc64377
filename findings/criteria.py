"""What a finding can be measured against: the control points that it comes from, and the rules printed there."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from controls.models import ControlPoint, ReferenceLine
from findings.models import Finding
from procedures.models import ProcedureResult

LIST_NUMBER = re.compile(r"^\d+[.、]\s*")  # its place in the printed cell says nothing elsewhere
LONGEST = Finding._meta.get_field("criterion").max_length


@dataclass(frozen=True, slots=True)
class Criterion:
    """A text that can become the criterion with one click; `line` is the printed rule with its standing, if any."""

    index: str  # C-3.8.2
    text: str
    line: ReferenceLine | None = None


def criteria_of(results: QuerySet[ProcedureResult]) -> list[Criterion]:
    """Return the control text and the printed rules of the results' control points (three queries)."""
    lines = ReferenceLine.objects.select_related("instrument_version").order_by("position")
    points = ControlPoint.objects.filter(pk__in=results.order_by().values("workpaper__control_point"))
    points = points.prefetch_related(Prefetch("references", lines)).order_by("position")
    return [criterion for point in points for criterion in _of(point)]


def _of(point: ControlPoint) -> Iterator[Criterion]:
    yield Criterion(point.index, f"{point.index}：{point.control_text}"[:LONGEST])
    for line in point.references.all():
        yield Criterion(point.index, LIST_NUMBER.sub("", line.printed), line)
