"""Whether what results rest on is what their evidence and its citations say: gates read the supports."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import islice
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from evidence.citing import source_of
from evidence.models import Citation, Evidence
from foundation.trail.verification import Seal
from procedures.actions import Source
from procedures.models import Support

BATCH = 200
Place = tuple[UUID, UUID]  # a result's and a piece's key


def rested_on() -> Iterator[Seal]:
    """Yield each support by evidence with what it says and what it should say; then citations without a support.

    Three queries for each batch.
    """
    supports = Support.objects.filter(kind=Support.Kind.EVIDENCE).order_by("pk").iterator(BATCH)
    while batch := list(islice(supports, BATCH)):
        said = _said_by_citations({(row.result_id, row.source) for row in batch})
        for row in batch:
            source = said.get((row.result_id, row.source))
            yield _seal(f"procedures.Support {row.pk} ({row})", repr(_of(row)), repr(source))
    kept = Support.objects.filter(result=OuterRef("result"), source=OuterRef("evidence"))
    for citation in Citation.objects.filter(~Exists(kept)).select_related("evidence"):
        yield _seal(f"evidence.Citation {citation.pk} ({citation})", "", "cited")


def _seal(label: str, said: str, should: str) -> Seal:
    return Seal(label, said, should, _("what the result rests on isn't what its evidence says"))


def _said_by_citations(places: set[Place]) -> dict[Place, Source]:
    results, pieces = {result for result, _piece in places}, {piece for _result, piece in places}
    evidence = Evidence.objects.select_related("file").in_bulk(pieces)
    cited: dict[Place, list[Citation]] = defaultdict(list)
    for citation in Citation.objects.filter(result__in=results, evidence__in=pieces):
        cited[citation.result_id, citation.evidence_id].append(citation)
    return {place: source_of(evidence[place[1]], rows) for place, rows in cited.items()}


def _of(row: Support) -> Source:
    return Source(
        kind=Support.Kind.EVIDENCE,
        pk=row.source,
        digest=row.digest,
        label=row.label,
        nature=row.nature,
        dates=tuple(row.dates),
        covered_from=row.covered_from,
        covered_to=row.covered_to,
    )
