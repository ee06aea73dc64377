"""What a sign-off covers: everything a paper says, in canonical bytes, and the hash of them."""

import hashlib
from collections.abc import Collection
from typing import Any
from uuid import UUID

import rfc8785
from django.db.models import Prefetch, QuerySet

from procedures.models import DeclinedGap, Occurrence, ProcedureResult, StatedFrequency, Workpaper


def result_content(result: ProcedureResult) -> dict[str, Any]:
    """Return what was entered for one procedure."""
    return {
        "outcome": result.outcome,
        "work": result.work,
        "reason": result.reason,
        "performed_on": result.performed_on.isoformat() if result.performed_on else "",
        **({"departure": result.departure} if result.departure else {}),
    }


def result_hash(result: ProcedureResult) -> str:
    """SHA-256 (hex) of what was entered for one procedure."""
    return _hash(result_content(result))


def conclusion_hash(workpaper: Workpaper) -> str:
    """SHA-256 (hex) of the paper's conclusion."""
    return _hash({"conclusion": workpaper.conclusion})


def _supports(result: ProcedureResult) -> list[dict[str, Any]]:
    return [
        {
            "kind": support.kind,
            "source": str(support.source),
            "digest": support.digest,
            "label": support.label,
            "covered_from": support.covered_from.isoformat() if support.covered_from else "",
            "covered_to": support.covered_to.isoformat() if support.covered_to else "",
            **({"nature": support.nature, "dates": support.dates} if support.nature else {}),
        }
        for support in sorted(result.supports.all(), key=lambda support: (support.kind, str(support.source)))
    ]


def paper_content(workpaper: Workpaper) -> dict[str, Any]:
    """Return the whole paper: catalogue edition, conclusion, every result with its supports, and what else its sheet
    holds (six queries).

    What a paper doesn't have isn't in its content: a new kind of entry leaves the hashes of older papers as they are.
    """
    return _content(next(iter(_whole(Workpaper.objects.filter(pk=workpaper.pk)))), workpaper)


def _whole(papers: QuerySet[Workpaper]) -> QuerySet[Workpaper]:
    """Papers with what their content needs."""
    results = ProcedureResult.objects.select_related("matrix").prefetch_related("supports").order_by("position")
    return papers.prefetch_related(
        Prefetch("results", results),
        Prefetch("occurrences", Occurrence.objects.order_by("rule", "starts_on")),
        Prefetch("stated_frequencies", StatedFrequency.objects.order_by("rule")),
        Prefetch("declined_gaps", DeclinedGap.objects.order_by("gap")),
    )


def _content(whole: Workpaper, known: Workpaper) -> dict[str, Any]:
    """Take texts and results from `whole`, which was loaded with them; the engagement from the paper at hand."""
    named = {"title": whole.title} if whole.title else {}
    return {
        "index": whole.index,
        "catalogue": known.engagement.catalogue_id,
        "conclusion": known.conclusion,
        "results": [_entry(result) for result in whole.results.all()],
        **named,
        **_known_of_duties(whole),
    }


def _entry(result: ProcedureResult) -> dict[str, Any]:
    content = {"no": result.position, **result_content(result), "supports": _supports(result)}
    if result.is_added:
        content |= {"added": result.text, "gap": result.gap_id}
    if matrix := getattr(result, "matrix", None):
        content |= {"matrix": {"items": matrix.items, "marks": matrix.marks}}
    return content


def _known_of_duties(paper: Workpaper) -> dict[str, Any]:
    """What was told of single occurrences, of the broker's own periods, and of control text that goes untested."""
    told = {
        "occurrences": [
            [each.rule_id, str(each.starts_on), each.kind, str(each.happened_on or ""), each.reason]
            for each in paper.occurrences.all()
        ],
        "frequencies": [[each.rule_id, each.frequency, each.source] for each in paper.stated_frequencies.all()],
        "declined": [[each.gap_id, each.reason] for each in paper.declined_gaps.all()],
    }
    return {name: rows for name, rows in told.items() if rows}


def content_hash(workpaper: Workpaper) -> str:
    """SHA-256 (hex) of the paper's content as RFC 8785 JSON."""
    return _hash(paper_content(workpaper))


def content_hashes(papers: Collection[Workpaper]) -> dict[UUID, str]:
    """Return the content hash of each paper by its key: six queries however many, their engagements being loaded."""
    known = {paper.pk: paper for paper in papers}
    return {
        paper.pk: _hash(_content(paper, known[paper.pk])) for paper in _whole(Workpaper.objects.filter(pk__in=known))
    }


def _hash(content: dict[str, Any]) -> str:
    return hashlib.sha256(rfc8785.dumps(content)).hexdigest()
