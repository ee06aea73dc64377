"""The middle of a workpaper's page, and the index beside it: what they show, each part loaded at most once."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from controls.models import ReferenceLine
from desk.workpaper_block import ProcedureBlock, blocks_of
from desk.workpaper_index import Section, Shown, row, sections_of
from evidence.legend import legend_of
from foundation.accounts.models import User
from foundation.web.blockers import Blocker
from procedures.gates import PERMISSION, Standing, blockers
from procedures.library import Sign
from procedures.models import TEMPLATES, ProcedureResult, SignOff, Workpaper
from procedures.queries import PaperLine, PaperState, Signed, paper_lines
from procedures.references import by_index, named_by
from procedures.suggestions import Suggestion, suggestions_of, undecided
from procedures.validators import may_write

Role = SignOff.Role
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
class Signature:
    """One line of the sheet's head: who signed in a role, and whether for the content as it is now."""

    role: str
    label: str | Promise
    signoff: Signed | None
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
        return self.may_write and not self.somebodys

    @property
    def may_write(self) -> bool:
        return self.paper.engagement.is_open_for_work and self.user.can("workpaper.change", self.paper)

    @property
    def somebodys(self) -> bool:
        """Whether the person would write here, had the paper not been given to somebody else."""
        return self.may_write and not may_write(self.paper, self.user)

    @property
    def may_add(self) -> bool:
        """Whether the person may add a general paper."""
        return self.may_write

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
        engagement = self.paper.engagement
        adds_to = engagement.pk if self.may_add else None
        return sections_of(self.lines, self.line, over=engagement.is_over, adds_to=adds_to)

    @property
    def row(self) -> Shown:
        """This paper's own row in the index."""
        return row(self.line, here=True, over=self.paper.engagement.is_over).shown

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
    def results(self) -> list[ProcedureResult]:
        """Every result in order (one query)."""
        rows = self.paper.results.select_related("procedure", "performed_by", "matrix").order_by("position")
        return [self._own(result) for result in rows]

    @cached_property
    def blocks(self) -> list[ProcedureBlock]:
        """Every procedure with its result and what that rests on (six queries)."""
        noted = Counter(note.part for note in self.line.open_notes if note.part)
        return blocks_of(self.paper, self.results, noted, is_open=self.is_open)

    @cached_property
    def suggestions(self) -> list[Suggestion]:
        """Control text that no printed procedure tests, with what was decided about it."""
        return suggestions_of(self.paper, self.results)

    @cached_property
    def papers(self) -> dict[str, PaperLine]:
        """The papers of the file that texts may name."""
        return by_index(self.lines)

    @cached_property
    def named_by(self) -> list[PaperLine]:
        """The papers whose texts name this one."""
        return named_by(self.paper, self.lines)

    @property
    def legend(self) -> list[Sign]:
        """The tickmarks on this paper with their meanings."""
        return legend_of(citation for block in self.blocks for citation in block.citations)

    def _own(self, result: ProcedureResult) -> ProcedureResult:
        result.workpaper = self.paper
        return result

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
        may = self.user.can(PERMISSION[Role(role)], self.paper) and not self.somebodys
        return Act(role, SIGN_AS[role], may, blockers(self._standing, role, by=self.user) if may else [])

    @property
    def _standing(self) -> Standing:
        unfinished = [each for block in self.blocks for each in block.shortcomings]
        unfinished += undecided(self.suggestions, self.results)
        return Standing(self.paper, self.line.signoffs, unfinished, self.line.notes)
