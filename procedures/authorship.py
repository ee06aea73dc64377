"""Whether those who wrote on papers, and what they wrote, are what the trail tells: who may review is asked of the
revisions.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from uuid import UUID

from django.utils.translation import gettext as _

from foundation.trail.models import Event
from foundation.trail.verification import Seal
from foundation.trail.witnesses import in_body
from procedures.models import Revision, Workpaper
from procedures.revisions import SUPPORT, revision_digest

PAPERS = 50
# What was written on a paper before events told of its revision. What untied or took away may have been told twice.
TOLD_ONCE = (
    *("result.saved", "conclusion.saved", "matrix.saved", "paper.added"),
    *("procedure.added", "procedure.reworded", "procedure.dropped", "gap.declined", "gap.reconsidered"),
    *("duty.occurrence-told", "duty.occurrence-withdrawn", "duty.frequency-stated"),
    *("evidence.cited", "finding.linked"),
)
PERHAPS_TWICE = ("evidence.uncited", "finding.unlinked")
# Of a piece, not of a paper; those that are younger tell how many results restate it, each in an event of its own.
DESCRIBED, RESTATED = "evidence.described", "restated"
Written = tuple[str, str, str]  # author, content version, digest


@dataclass(slots=True)
class Told:
    """What the trail tells of one paper: of each revision by its key, and who wrote before events named revisions."""

    revisions: dict[str, Written] = field(default_factory=dict)
    wrote: set[str] = field(default_factory=set)
    perhaps_wrote: set[str] = field(default_factory=set)

    def hear(self, event: Event) -> None:
        if key := in_body(event, "facts.revision"):
            content, digest = in_body(event, "facts.content"), in_body(event, "facts.wrote")
            self.revisions[key] = (event.actor, content, digest)
        elif event.name in TOLD_ONCE:
            self.wrote.add(event.actor)
        elif event.name in PERHAPS_TWICE:
            self.perhaps_wrote.add(event.actor)

    def author(self, row: Revision) -> str:
        """Say whether the author of a revision that no event names is known to have written: their key, or nothing."""
        author = str(row.author_id)
        return author if author in self.wrote | self.perhaps_wrote else ""


def written_on() -> Iterator[Seal]:
    """Yield each revision with what the trail tells of it, then those that it tells of and that aren't there.

    Four queries for each batch. A paper that is being written on meanwhile is left out.
    """
    papers = Workpaper.objects.select_related("engagement__auditee").order_by("engagement", "pk").iterator(PAPERS)
    while batch := list(islice(papers, PAPERS)):
        rows, told = _rows(batch), _told(batch)
        describers = _describers(batch)
        versions = dict(Workpaper.objects.filter(pk__in=rows).values_list("pk", "content_version"))
        for paper in batch:
            if versions.get(paper.pk) == paper.content_version:
                yield from _compared(paper, rows[paper.pk], told[paper.pk], describers)


def _rows(papers: Iterable[Workpaper]) -> dict[UUID, list[Revision]]:
    rows: dict[UUID, list[Revision]] = {paper.pk: [] for paper in papers}
    for row in Revision.objects.filter(workpaper__in=rows).order_by("pk"):
        rows[row.workpaper_id].append(row)
    return rows


def _told(papers: Iterable[Workpaper]) -> dict[UUID, Told]:
    told: dict[UUID, Told] = defaultdict(Told)
    about = {"object_type": Workpaper._meta.label, "object_id__in": [str(paper.pk) for paper in papers]}
    for event in Event.objects.filter(**about).order_by("seq").iterator():
        told[UUID(event.object_id)].hear(event)
    return told


def _describers(papers: Iterable[Workpaper]) -> set[tuple[str, str]]:
    """Return who described evidence in which chain before the papers that cite it told of it."""
    events = Event.objects.filter(name=DESCRIBED, chain__key__in={paper.engagement.chain for paper in papers})
    older = (event for event in events.select_related("chain").iterator() if not in_body(event, f"facts.{RESTATED}"))
    return {(event.chain.key, event.actor) for event in older}


def _compared(
    paper: Workpaper, rows: Iterable[Revision], told: Told, describers: set[tuple[str, str]]
) -> Iterator[Seal]:
    left, authors = dict(told.revisions), set(told.wrote)
    for row in rows:
        authors.discard(str(row.author_id))
        if written := left.pop(str(row.pk), None):
            yield _seal(f"{row._meta.label} {row.pk}", paper, "/".join(written), "/".join(_written(row)))
        else:
            described = SUPPORT in row.content and (paper.engagement.chain, str(row.author_id)) in describers
            author = str(row.author_id) if described else told.author(row)
            yield _seal(f"{row._meta.label} {row.pk}", paper, author, str(row.author_id))
    for key in left:
        yield _seal(f"{Revision._meta.label} {key}", paper, "told", "")
    for author in authors:
        yield _seal(f"accounts.User {author}", paper, "told", "")


def _written(row: Revision) -> Written:
    return str(row.author_id), str(row.content_version), revision_digest(row)


def _seal(what: str, paper: Workpaper, told: str, found: str) -> Seal:
    label = f"{what} ({paper.engagement}, {paper.index})"
    return Seal(label, told, found, _("who wrote what on the paper isn't what the trail tells"))
