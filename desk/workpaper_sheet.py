"""The middle of a workpaper's page, and the index beside it: what they show, each part loaded at most once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from controls.models import FrequencyRule, ReferenceLine
from desk.workpaper_coverage import Drawing, drawing
from desk.workpaper_index import Row, Section, index, row
from evidence.models import Citation
from findings.models import Finding, FindingLink
from foundation.accounts.models import User
from foundation.web import roc
from foundation.web.blockers import Blocker
from procedures.coverage import Coverage
from procedures.gates import PERMISSION, Standing, blockers
from procedures.known_duties import KnownDuties, is_interim, known_on_paper
from procedures.models import TEMPLATES, Outcome, ProcedureResult, SignOff, Support, Workpaper
from procedures.queries import PaperLine, PaperState, paper_lines
from procedures.validators import gaps, outcomes_for, shortcomings

Role = SignOff.Role
K = TypeVar("K")
V = TypeVar("V")
Words = Mapping[str, str | Promise]

SIGNED_BY: Words = {
    Role.PREPARED: pgettext_lazy("sign-off", "Prepared by"),
    Role.REVIEWED: pgettext_lazy("sign-off", "Reviewed by"),
    Role.APPROVED: pgettext_lazy("sign-off", "Partner"),
}
SIGN_AS: Words = {
    Role.PREPARED: _("Sign as prepared"),
    Role.REVIEWED: _("Sign as reviewed"),
    Role.APPROVED: _("Sign as partner"),
}


@dataclass(frozen=True, slots=True)
class ProcedureBlock:
    """One procedure of the sheet with all that stands under it."""

    result: ProcedureResult
    outcomes: list[tuple[str, str]]
    citations: list[Citation]
    findings: list[Finding]
    duties: list[FrequencyRule]
    coverages: list[Coverage]
    is_interim: bool = False

    @property
    def rolls_forward(self) -> bool:
        """Whether the period is over, so that an interim result can be rolled forward to its end."""
        end = self.result.workpaper.engagement.period_end
        return self.is_interim and end is not None and end < timezone.localdate()

    @property
    def drawings(self) -> list[Drawing]:
        """The coverage of each duty, drawn along the period."""
        return [drawing(coverage) for coverage in self.coverages]

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


@dataclass(frozen=True, slots=True)
class Signature:
    """One line of the sheet's head: who signed in a role, and whether for the content as it is now."""

    role: str
    label: str | Promise
    signoff: SignOff | None
    is_current: bool

    @property
    def state(self) -> str:
        """The mark's state."""
        if self.signoff is None:
            return PaperState.NONE
        if not self.is_current:
            return PaperState.STALE
        return PaperState.PREPARED if self.role == Role.PREPARED else PaperState.REVIEWED


@dataclass(frozen=True, slots=True)
class Act:
    """The signature that comes next, and what stands before it for this person."""

    role: str
    label: str | Promise
    may: bool
    blockers: list[Blocker]


@dataclass
class Sheet:
    """A paper as one person sees it.

    `seen` is the content version on their screen. A signed paper is read, until they ask to change it (`reopened`):
    no stray key undoes signatures.
    """

    paper: Workpaper
    user: User
    seen: int
    reopened: bool = False

    @cached_property
    def may_change(self) -> bool:
        """Whether the person may type on this paper at all."""
        return self.paper.engagement.is_open_for_work and self.user.can("workpaper.change", self.paper)

    @property
    def is_signed(self) -> bool:
        """Whether the paper is signed at its present content."""
        return self.line.prepared is not None

    @cached_property
    def is_open(self) -> bool:
        """Whether there is a place to type in."""
        return self.may_change and (self.reopened or not self.is_signed)

    @property
    def is_outdated(self) -> bool:
        """Whether somebody else changed the paper after it was put on the screen."""
        return self.seen != self.paper.content_version

    # The index ------------------------------------------------------------------------------

    @cached_property
    def lines(self) -> list[PaperLine]:
        return paper_lines(self.paper.engagement)

    @cached_property
    def line(self) -> PaperLine:
        """This paper's own line."""
        return next(line for line in self.lines if line.id == self.paper.pk)

    @property
    def index(self) -> list[Section]:
        return index(self.lines, here=self.line)

    @property
    def row(self) -> Row:
        """This paper's own row in the index."""
        return row(self.line, here=True)

    @property
    def previous(self) -> PaperLine | None:
        return self._neighbour(-1)

    @property
    def next(self) -> PaperLine | None:
        return self._neighbour(1)

    def _neighbour(self, step: int) -> PaperLine | None:
        place = self.lines.index(self.line) + step
        return self.lines[place] if 0 <= place < len(self.lines) else None

    # The sheet ------------------------------------------------------------------------------

    @property
    def asks(self) -> str | Promise:
        """What belongs on a general paper that the method prescribes."""
        template = TEMPLATES.get(self.paper.template)
        return template.asks if template else ""

    @cached_property
    def references(self) -> QuerySet[ReferenceLine]:
        lines = ReferenceLine.objects.filter(point=self.paper.control_point_id)
        return lines.select_related("instrument_version")

    @cached_property
    def blocks(self) -> list[ProcedureBlock]:
        """Every procedure with its result and what that rests on (six queries)."""
        citations, findings, known = self._citations(), self._findings(), known_on_paper(self.paper)
        results = self.paper.results.select_related("procedure", "performed_by").order_by("position")
        return [
            self._block(result, citations[result.pk], findings[result.pk], known) for result in map(self._own, results)
        ]

    def _block(
        self, result: ProcedureResult, citations: list[Citation], findings: list[Finding], known: KnownDuties
    ) -> ProcedureBlock:
        engagement, duties = self.paper.engagement, known.of(result)
        cited = {citation.evidence_id: citation.evidence for citation in citations}.values()
        return ProcedureBlock(
            result=result,
            outcomes=[(str(each), str(each.label)) for each in outcomes_for(result, engagement, duties)],
            citations=citations,
            findings=findings,
            duties=duties,
            coverages=known.coverages(result, engagement, cited),
            is_interim=is_interim(result, engagement, cited),
        )

    def _own(self, result: ProcedureResult) -> ProcedureResult:
        result.workpaper = self.paper
        return result

    def _citations(self) -> dict[UUID, list[Citation]]:
        rows = Citation.objects.filter(result__workpaper=self.paper)
        rows = rows.select_related("evidence__file", "evidence__replaced_by__replaced_by")
        rows = rows.prefetch_related("evidence__replaced_by__decisions")
        return _grouped((row.result_id, row) for row in rows)

    def _findings(self) -> dict[UUID, list[Finding]]:
        links = FindingLink.objects.filter(result__workpaper=self.paper).select_related("finding")
        return _grouped((link.result_id, link.finding) for link in links)

    # Signatures -----------------------------------------------------------------------------

    @property
    def signatures(self) -> list[Signature]:
        """The roles that sign this paper, each with its latest signature."""
        roles = [role for role in Role if role != Role.APPROVED or self._partner_signs]
        return [self._signature(role) for role in roles]

    @property
    def _partner_signs(self) -> bool:
        return self.line.partner or any(signoff.role == Role.APPROVED for signoff in self.line.signoffs)

    def _signature(self, role: Role) -> Signature:
        signed = [signoff for signoff in self.line.signoffs if signoff.role == role]
        current = self.line.signed(role)
        return Signature(role, SIGNED_BY[role], current or (signed[-1] if signed else None), current is not None)

    @property
    def stale(self) -> list[Signature]:
        """Signatures that the present content has left behind."""
        return [signature for signature in self.signatures if signature.state == PaperState.STALE]

    @cached_property
    def act(self) -> Act | None:
        """The next signature, or None when all have signed or the engagement is closed."""
        missing = [signature.role for signature in self.signatures if not signature.is_current]
        if not missing or not self.paper.engagement.is_open_for_work:
            return None
        role = missing[0]
        may = self.user.can(PERMISSION[Role(role)], self.paper)
        return Act(role, SIGN_AS[role], may, blockers(self._standing, role, by=self.user) if may else [])

    @property
    def _standing(self) -> Standing:
        unfinished = [each for block in self.blocks for each in block.shortcomings]
        return Standing(self.paper, self.line.signoffs, unfinished, self.line.notes)


def _grouped(pairs: Iterable[tuple[K, V]]) -> dict[K, list[V]]:
    groups: dict[K, list[V]] = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return groups
