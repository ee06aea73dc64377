"""What a sign-off covers: everything a paper says, in canonical bytes, and the hash of them."""

import hashlib
from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

import rfc8785
from django.db.models import QuerySet

from procedures.models import ProcedureResult, Workpaper


def result_content(result: ProcedureResult) -> dict[str, Any]:
    """Return what was entered for one procedure."""
    return {
        "outcome": result.outcome,
        "work": result.work,
        "reason": result.reason,
        "performed_on": result.performed_on.isoformat() if result.performed_on else "",
    }


def result_hash(result: ProcedureResult) -> str:
    """SHA-256 (hex) of what was entered for one procedure."""
    return _hash(result_content(result))


def conclusion_hash(workpaper: Workpaper) -> str:
    """SHA-256 (hex) of the paper's conclusion."""
    return _hash({"conclusion": workpaper.conclusion})


def _supports(result: ProcedureResult) -> list[dict[str, str]]:
    return [
        {
            "kind": support.kind,
            "source": str(support.source),
            "digest": support.digest,
            "label": support.label,
            "covered_from": support.covered_from.isoformat() if support.covered_from else "",
            "covered_to": support.covered_to.isoformat() if support.covered_to else "",
        }
        for support in sorted(result.supports.all(), key=lambda support: (support.kind, str(support.source)))
    ]


def paper_content(workpaper: Workpaper) -> dict[str, Any]:
    """Return the whole paper: catalogue edition, conclusion, every result with its supports (two queries)."""
    return _content(workpaper, _whole(workpaper.results.all()))


def _whole(results: QuerySet[ProcedureResult]) -> QuerySet[ProcedureResult]:
    """Results in order, with what their content needs."""
    return results.select_related("procedure").prefetch_related("supports").order_by("position")


def _content(workpaper: Workpaper, results: Iterable[ProcedureResult]) -> dict[str, Any]:
    return {
        "index": workpaper.index,
        "catalogue": workpaper.engagement.catalogue_id,
        "conclusion": workpaper.conclusion,
        "results": [
            {"no": result.procedure.no, **result_content(result), "supports": _supports(result)} for result in results
        ],
    }


def content_hash(workpaper: Workpaper) -> str:
    """SHA-256 (hex) of the paper's content as RFC 8785 JSON."""
    return _hash(paper_content(workpaper))


def content_hashes(papers: Collection[Workpaper]) -> dict[UUID, str]:
    """Return the content hash of each paper by its key: two queries however many, their engagements being loaded."""
    results_of: dict[UUID, list[ProcedureResult]] = {paper.pk: [] for paper in papers}
    for result in _whole(ProcedureResult.objects.filter(workpaper__in=results_of)):
        results_of[result.workpaper_id].append(result)
    return {paper.pk: _hash(_content(paper, results_of[paper.pk])) for paper in papers}


def _hash(content: dict[str, Any]) -> str:
    return hashlib.sha256(rfc8785.dumps(content)).hexdigest()
