"""Reading the catalogue: its tree, one control point with everything, and what surrounds it."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Count, Prefetch, QuerySet

from controls.models import (
    CatalogueVersion,
    Chapter,
    ConditionRule,
    ControlPoint,
    ExpectedDocument,
    Procedure,
    ReferenceLine,
)


@dataclass(frozen=True)
class PointNode:
    """A control point in the tree. `short_code` leaves out chapter and point: "8.2" for 3.8.2, "1.1" in chapter 1."""

    id: int
    code: str
    index: str
    title: str
    short_code: str
    procedure_count: int


@dataclass(frozen=True)
class AreaNode:
    """An area in the tree; `id` and `number` are None where a chapter stands as one area."""

    key: str
    id: int | None
    number: int | None
    title: str
    points: tuple[PointNode, ...]


@dataclass(frozen=True)
class ChapterNode:
    """A chapter in the tree, with at least one area."""

    number: int
    title: str
    areas: tuple[AreaNode, ...]

    @property
    def points(self) -> tuple[PointNode, ...]:
        """Its control points in printed order."""
        return tuple(point for area in self.areas for point in area.points)


@dataclass(frozen=True)
class SharedDocument:
    """A merged document and the procedures of other control points that it serves, e.g. ("1.2/P1",)."""

    title: str
    procedures: tuple[str, ...]


@dataclass(frozen=True)
class Neighbours:
    """The control points printed before and after one, None at the ends."""

    previous: ControlPoint | None
    next: ControlPoint | None


@dataclass(frozen=True)
class Figures:
    """How much there is of what in a catalogue version."""

    points: int
    procedures: int
    references: int
    repealed: int
    documents: int


def figures(version: CatalogueVersion) -> Figures:
    """Counts over the whole version. Five queries."""
    lines = ReferenceLine.objects.filter(point__version=version)
    return Figures(
        points=version.points.count(),
        procedures=Procedure.objects.of(version).count(),
        references=lines.count(),
        repealed=lines.repealed().count(),
        documents=ExpectedDocument.objects.of(version).count(),
    )


def tree(version: CatalogueVersion) -> tuple[ChapterNode, ...]:
    """Chapters → areas → control points in printed order, titles in the reader's language. One query."""
    points = version.points.select_related("chapter", "area").annotate(procedure_count=Count("procedures"))
    by_chapter = groupby(points.order_by("position"), key=lambda point: point.chapter)
    return tuple(ChapterNode(chapter.number, chapter.title, _areas(chapter, rows)) for chapter, rows in by_chapter)


def _areas(chapter: Chapter, points: Iterator[ControlPoint]) -> tuple[AreaNode, ...]:
    return tuple(
        AreaNode(
            key=f"{chapter.number}.{area.number}" if area else str(chapter.number),
            id=area.pk if area else None,
            number=area.number if area else None,
            title=area.title if area else chapter.title,
            points=tuple(map(_node, rows)),
        )
        for area, rows in groupby(points, key=lambda point: point.area)
    )


def _node(point: ControlPoint) -> PointNode:
    return PointNode(
        id=point.pk,
        code=point.code,
        index=point.index,
        title=point.title,
        short_code=point.code.partition(".")[2] if point.area_id else point.code,
        procedure_count=point.procedure_count,  # type: ignore[attr-defined]  # annotated by tree()
    )


def point_with_everything(version: CatalogueVersion, code: str) -> ControlPoint:
    """A control point with all that its page shows already loaded; the same number of queries for every point.

    Raises `ControlPoint.DoesNotExist`.
    """
    rules = ConditionRule.objects.select_related("condition").order_by("position")
    return (
        version.points.select_related("version", "chapter", "area")
        .prefetch_related(
            Prefetch("references", ReferenceLine.objects.with_instruments().order_by("position")),
            Prefetch("procedures", procedures_with_documents()),
            Prefetch("condition_rules", rules),
            "frequency_rules",
            "thresholds",
            "anomalies",
            "coverage_gaps",
        )
        .get(code=code)
    )


def procedures_with_documents() -> QuerySet[Procedure]:
    """Procedures in printed order with their documents, duties and branch conditions."""
    documents = ExpectedDocument.objects.select_related("condition", "occurrence_of", "group").order_by("position")
    return (
        Procedure.objects.select_related("point")
        .order_by("no")
        .prefetch_related(Prefetch("documents", documents), "frequency_rules", "branch_conditions")
    )


def shared_documents(point: ControlPoint) -> list[SharedDocument]:
    """The documents that are requested once for this and for other control points. One query."""
    mates = (
        ExpectedDocument.objects.filter(group__members__procedure__point=point)
        .exclude(procedure__point=point)
        .order_by("group", "procedure__point__position", "procedure__no")
        .values_list("group__title_zh", "procedure__point__code", "procedure__no")
        .distinct()
    )
    return [
        SharedDocument(title, tuple(f"{code}/P{number}" for _title, code, number in rows))
        for title, rows in groupby(mates, key=lambda mate: mate[0])
    ]


def neighbours(point: ControlPoint) -> Neighbours:
    """The control points before and after. One query."""
    near = point.version.points.filter(position__in=[point.position - 1, point.position + 1])
    by_position = {each.position: each for each in near}
    return Neighbours(by_position.get(point.position - 1), by_position.get(point.position + 1))
