"""The regulator's text of a catalogue version as plain data; docs/catalogue.md documents the shape."""

from typing import Any

from django.db.models import Prefetch

from controls.models import CatalogueVersion, ControlPoint, Procedure, ReferenceLine

FORMAT = "digao.catalogue-text/1"


def verbatim(version: CatalogueVersion) -> dict[str, Any]:
    """Every control point in printed order with its text, printed reference lines and procedures."""
    points = version.points.select_related("chapter", "area").prefetch_related(
        Prefetch("references", ReferenceLine.objects.order_by("position")),
        Prefetch("procedures", Procedure.objects.order_by("no")),
    )
    return {
        "format": FORMAT,
        "key": version.key,
        "title": version.title_zh,
        "issuer": version.issuer_zh,
        "edition": version.edition_zh,
        "sha256": version.sha256,
        "control_points": [_point(point) for point in points],
    }


def _point(point: ControlPoint) -> dict[str, Any]:
    return {
        "code": point.code,
        "chapter": point.chapter.number,
        "area": point.area.number if point.area else None,
        "control_text": point.control_text,
        "references": [line.printed for line in point.references.all()],
        "procedure_preamble": point.procedure_preamble,
        "procedures": [_procedure(procedure) for procedure in point.procedures.all()],
    }


def _procedure(procedure: Procedure) -> dict[str, Any]:
    return {"no": procedure.no, "label": procedure.label, "text": procedure.text, "steps": procedure.steps}
