"""The engagement's papers as a binder's chapters, areas and control points. Nine queries, whatever the size."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import groupby
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from controls.models import InstrumentVersion, ReferenceLine
from engagements.models import Engagement
from evidence.legend import sign_of
from evidence.models import Citation
from procedures.models import Matrix, ProcedureResult, Section, SignOff, Workpaper
from reports import binder as b
from reports.clauses import ClauseMatrix, Mark

Status = InstrumentVersion.Status


def chapters(engagement: Engagement) -> tuple[b.Chapter, ...]:
    """Every paper under its chapter and area, in printed order."""
    cited = _citations(engagement)
    by_chapter = groupby(_papers(engagement), key=lambda paper: paper.point.chapter)
    return tuple(
        b.Chapter(chapter.number, chapter.title_zh, tuple(_areas(papers, cited))) for chapter, papers in by_chapter
    )


def standing_note(instrument: InstrumentVersion) -> str:
    """Return 112/04/25 金管銀票字第…號令廢止, or nothing where the instrument is in force as far as we know."""
    words = {Status.REPEALED: "廢止", Status.AMENDED: "修正", Status.AUTHORITY_MOVED: "主管機關移轉"}
    word = words.get(Status(instrument.status))
    if word is None:
        return ""
    decree = _decree(instrument.document)
    if word in decree:
        return f"{instrument.since_roc} {decree}"
    return f"{instrument.since_roc} {word}" + (f"（{decree}）" if decree else "")


def _decree(document: str) -> str:
    """The Chinese name of the decree; remarks in English are for the catalogue's readers, not for the report."""
    name = document.split(" - ", maxsplit=1)[0]
    return "" if name[:1].isascii() else name


def _papers(engagement: Engagement) -> QuerySet[Workpaper]:
    references = ReferenceLine.objects.select_related("instrument_version").order_by("position")
    results = ProcedureResult.objects.select_related("procedure", "performed_by", "matrix").order_by("position")
    return (
        Workpaper.objects.filter(engagement=engagement, section=Section.CONTROLS)
        .select_related("control_point__chapter", "control_point__area")
        .prefetch_related(
            Prefetch("control_point__references", references),
            Prefetch("results", results),
            Prefetch("signoffs", SignOff.objects.select_related("user")),
        )
        .order_by("position")
    )


Cited = dict[UUID, list[b.Citation]]


def _citations(engagement: Engagement) -> Cited:
    rows = Citation.objects.filter(result__workpaper__engagement=engagement).select_related("evidence")
    cited: Cited = defaultdict(list)
    for row in rows.order_by("evidence__number", "page"):
        cited[row.result_id].append(_citation(row))
    return cited


def _citation(row: Citation) -> b.Citation:
    sign = sign_of(row)
    return b.Citation(row.evidence.label, row.evidence.title, row.page, _mark(sign.sign), _mark(sign.meaning))


def _mark(text: str) -> str:
    """The report's typefaces have no ✗ and no ✔; × and ✓ say the same."""
    return text.replace("✗", "×").replace("✔", "✓")


def _areas(papers: Iterable[Workpaper], cited: Cited) -> Iterator[b.Area]:
    for area, members in groupby(papers, key=lambda paper: paper.point.area):
        points = tuple(_point(paper, cited) for paper in members)
        yield b.Area(points, area.number, area.title_zh) if area else b.Area(points)


def _point(paper: Workpaper, cited: Cited) -> b.ControlPoint:
    point = paper.point
    return b.ControlPoint(
        code=paper.code,
        index=paper.index,
        title=point.short_title_zh,
        text=point.control_text,
        references=tuple(_reference(line) for line in point.references.all()),
        preamble=point.procedure_preamble,
        procedures=tuple(_procedure(result, cited) for result in paper.results.all()),
        conclusion=paper.conclusion,
        prepared=_signed(paper, SignOff.Role.PREPARED),
        reviewed=_signed(paper, SignOff.Role.REVIEWED),
    )


def _reference(line: ReferenceLine) -> b.Reference:
    return b.Reference(line.printed, standing_note(line.instrument_version))


def _procedure(result: ProcedureResult, cited: Cited) -> b.Procedure:
    return b.Procedure(
        number=result.position,
        label=result.procedure.label if result.procedure else result.label,
        text=result.wording,
        steps=tuple(result.steps),
        added=result.is_added,
        result=b.Result(result.outcome) if result.outcome else None,
        work=result.work,
        reason=result.reason,
        departure=result.departure,
        performed_on=result.performed_on,
        performer=result.performed_by.name if result.performed_by else "",
        citations=tuple(cited.get(result.pk, ())),
        matrix=_matrix(result),
    )


def _matrix(result: ProcedureResult) -> ClauseMatrix | None:
    """The matrix, where something was tested."""
    matrix: Matrix | None = getattr(result, "matrix", None)
    if matrix is None or not matrix.items:
        return None
    marks = (tuple(Mark(mark) if mark else None for mark in row) for row in matrix.marks)
    return ClauseMatrix(tuple(matrix.items), tuple(marks))


def _signed(paper: Workpaper, role: str) -> b.Signed | None:
    """The signature in this role on what the paper says now."""
    current = (s for s in paper.signoffs.all() if s.role == role and s.content_version == paper.content_version)
    signoff = next(current, None)
    return b.Signed(signoff.user.name, timezone.localdate(signoff.signed_at)) if signoff else None
