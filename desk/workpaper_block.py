"""One procedure of a workpaper's sheet with all that stands under it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from django.utils import timezone
from django.utils.safestring import SafeString

from controls.models import FrequencyRule
from desk.drawn import drawn
from desk.workpaper_coverage import Drawing, drawing
from evidence.models import Citation
from findings.models import Finding, FindingLink
from foundation.web import roc
from foundation.web.blockers import Blocker
from procedures.coverage import Coverage
from procedures.known_duties import is_interim, known_on_paper
from procedures.matrix_tables import Table, table_of
from procedures.models import Outcome, ProcedureResult, Support, Workpaper
from procedures.validators import gaps, outcomes_for, shortcomings

K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class ProcedureBlock:
    """One procedure of the sheet with all that stands under it."""

    result: ProcedureResult
    outcomes: list[tuple[str, str]]
    citations: list[Citation]
    findings: list[Finding]
    duties: list[FrequencyRule]
    table: Table | None
    coverages: list[Coverage]
    is_interim: bool = False
    notes: int = 0

    @property
    def rolls_forward(self) -> bool:
        """Whether the period is over, so that an interim result can be rolled forward to its end."""
        end = self.result.workpaper.engagement.period_end
        return self.is_interim and end is not None and end < timezone.localdate()

    @property
    def drawings(self) -> list[Drawing]:
        """The coverage of each duty, drawn along the period; of a procedure that doesn't apply only what was told."""
        applies = self.result.outcome != Outcome.NOT_APPLICABLE
        return [drawing(each) for each in self.coverages if applies or each.is_told]

    @property
    def choice(self) -> SafeString:
        """The kinds of result, one of them perhaps chosen, as they stand in the form."""
        return drawn("desk/paper/choice.html", (tuple(self.outcomes), self.result.outcome))

    @property
    def reasons(self) -> SafeString:
        """What the form asks a reason for."""
        return drawn("desk/paper/reasons.html", None)

    @property
    def day(self) -> str:
        """The date performed as it is typed."""
        return roc.short(self.result.performed_on) if self.result.performed_on else ""

    @property
    def supports(self) -> set[str]:
        """The kinds of support that the result rests on."""
        kinds = [(Support.Kind.EVIDENCE, self.citations), (Support.Kind.FINDING, self.findings)]
        return {kind for kind, rows in kinds if rows}

    @property
    def missing(self) -> list[str]:
        """What a result that was begun still lacks, in words; what its duties lack stands with their coverage."""
        return [text for _kind, text in gaps(self.result, self.supports)] if self.result.outcome else []

    @property
    def shortcomings(self) -> list[Blocker]:
        """What keeps the result from being complete."""
        return shortcomings(self.result, self.supports, self.coverages)

    @property
    def is_exception(self) -> bool:
        """Whether a finding may be raised here."""
        return self.result.outcome == Outcome.EXCEPTION


def blocks_of(
    paper: Workpaper, results: Sequence[ProcedureResult], noted: Mapping[UUID, int], *, is_open: bool
) -> list[ProcedureBlock]:
    """Put each result together with what it rests on; `noted` counts open notes by result (five queries)."""
    citations, findings, known = _citations(paper), _findings(paper), known_on_paper(paper)
    blocks = []
    for result in results:
        engagement, duties = paper.engagement, known.of(result)
        cited = {citation.evidence_id: citation.evidence for citation in citations[result.pk]}.values()
        block = ProcedureBlock(
            result=result,
            outcomes=[(str(each), str(each.label)) for each in outcomes_for(result, engagement, duties)],
            citations=citations[result.pk],
            findings=findings[result.pk],
            duties=duties,
            table=table_of(result, is_open=is_open),
            coverages=known.coverages(result, engagement, cited),
            is_interim=is_interim(result, engagement, cited),
            notes=noted.get(result.pk, 0),
        )
        blocks.append(block)
    return blocks


def _citations(paper: Workpaper) -> dict[UUID, list[Citation]]:
    rows = Citation.objects.filter(result__workpaper=paper)
    rows = rows.select_related("evidence__file", "evidence__replaced_by__replaced_by")
    rows = rows.prefetch_related("evidence__replaced_by__decisions")
    return _grouped((row.result_id, row) for row in rows)


def _findings(paper: Workpaper) -> dict[UUID, list[Finding]]:
    links = FindingLink.objects.filter(result__workpaper=paper).select_related("finding")
    return _grouped((link.result_id, link.finding) for link in links)


def _grouped(pairs: Iterable[tuple[K, V]]) -> dict[K, list[V]]:
    groups: dict[K, list[V]] = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return groups
