"""The right side of a workpaper's page: its evidence and its requests."""

from dataclasses import dataclass, field
from itertools import groupby
from uuid import UUID

from django.db.models import Prefetch

from controls.models import Procedure
from desk.workpaper_block import ProcedureBlock
from evidence.models import Citation, Evidence, Request
from evidence.viewing import box
from foundation.files.kinds import kind_of
from procedures.models import Workpaper

# Evidence -----------------------------------------------------------------------------------


@dataclass(slots=True)
class CitedPage:
    """A page with the areas of it that are cited; its first citation is where its picture leads."""

    number: int
    citation: Citation
    boxes: list[dict[str, str]] = field(default_factory=list)


@dataclass(slots=True)
class CitedPiece:
    """A piece of evidence with the procedures of this paper that cite it."""

    evidence: Evidence
    cited_by: list[tuple[ProcedureBlock, Citation]] = field(default_factory=list)

    @property
    def pages(self) -> list[CitedPage]:
        """The cited pages, as far as the file has pictures of any; what is cited as a whole shows its first."""
        if kind_of(self.evidence.file.media_type, self.evidence.file.name) is None:
            return []
        pages: dict[int, CitedPage] = {}
        for _block, citation in self.cited_by:
            number = citation.page or 1
            pages.setdefault(number, CitedPage(number, citation)).boxes.append(box(citation))
        return [pages[number] for number in sorted(pages)]


def cited_pieces(blocks: list[ProcedureBlock]) -> list[CitedPiece]:
    """Return the paper's evidence in the order of the procedures."""
    pieces: dict[UUID, CitedPiece] = {}
    for block in blocks:
        for citation in block.citations:
            piece = pieces.setdefault(citation.evidence_id, CitedPiece(citation.evidence))
            piece.cited_by.append((block, citation))
    return list(pieces.values())


# Requests -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AskedFor:
    """A request that procedures of this paper wait for, with what was handed over."""

    request: Request
    procedures: list[Procedure]


def requests_of(paper: Workpaper) -> list[AskedFor]:
    """Return the requests for documents of this paper's procedures (two queries)."""
    handed_over = Prefetch("request__evidence", Evidence.objects.select_related("file").order_by("number"))
    rows = (
        Request.documents.through.objects.filter(
            request__engagement=paper.engagement_id, expecteddocument__procedure__point=paper.control_point_id
        )
        .select_related("request", "expecteddocument__procedure")
        .prefetch_related(handed_over)
        .order_by("request__number", "expecteddocument__procedure__no")
    )
    return [
        AskedFor(request, list(dict.fromkeys(row.expecteddocument.procedure for row in members)))
        for request, members in groupby(rows, key=lambda row: row.request)
    ]
