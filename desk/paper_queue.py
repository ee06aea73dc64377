"""Who has to do what next on an engagement's papers: computed from their lines, the same for list and queue."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from engagements.models import TeamMember
from foundation.accounts.policy import GRANTS, Permission, Role
from procedures.queries import PaperLine


class Turn(StrEnum):
    """What a paper waits for."""

    PREPARE = "prepare"
    RETURNED = "returned"
    REVIEW = "review"
    APPROVE = "approve"


@dataclass(frozen=True, slots=True)
class Desk:
    """One member of the team with the papers that wait for them."""

    member: TeamMember
    prepare: list[PaperLine]
    returned: list[PaperLine]
    review: list[PaperLine]
    approve: list[PaperLine]
    notes: int

    @property
    def stacks(self) -> list[tuple[Turn, list[PaperLine]]]:
        """The kinds of work, each with its papers; empty ones left out."""
        kinds = ((turn, getattr(self, turn)) for turn in Turn)
        return [(turn, papers) for turn, papers in kinds if papers]

    @property
    def total(self) -> int:
        return sum(len(papers) for _turn, papers in self.stacks)


@dataclass(frozen=True, slots=True)
class Queue:
    """An engagement's papers as work: who is on the team, who wrote on what."""

    lines: list[PaperLine]
    team: list[TeamMember]
    writers: Mapping[UUID, set[UUID]]

    @property
    def desks(self) -> list[Desk]:
        """Everybody who works on papers, with what waits for them."""
        return [self.desk_of(member) for member in self.team if member.role != Role.EQR]

    def desk_of(self, member: TeamMember) -> Desk:
        papers = {turn: [line for line in self.lines if turn in self.turns(line, member)] for turn in Turn}
        mine = [note for line in self.lines for note in line.open_notes if self._answers(line, member, note.assignee)]
        return Desk(member, **papers, notes=len(mine))

    def turns(self, line: PaperLine, member: TeamMember) -> set[Turn]:
        """What a paper waits for from this member, if for anything."""
        waits = {
            Turn.PREPARE: self._prepares(line, member) and not line.is_stale,
            Turn.RETURNED: self._is_returned(line, member),
            Turn.REVIEW: self._reviews(line, member),
            Turn.APPROVE: member.role == Role.PARTNER and line.partner and bool(line.reviewed) and not line.approved,
        }
        return {turn for turn, applies in waits.items() if applies}

    def _has(self, line: PaperLine, user: UUID) -> bool:
        """Whether a paper is somebody's: given to them or, if to nobody, written on by them."""
        return line.assignee == user or (line.assignee is None and user in self.writers.get(line.id, set()))

    def _prepares(self, line: PaperLine, member: TeamMember) -> bool:
        return self._has(line, member.user_id) and not line.prepared

    def _is_returned(self, line: PaperLine, member: TeamMember) -> bool:
        changed = self._prepares(line, member) and line.is_stale
        return changed or any(self._answers(line, member, note.assignee) for note in line.open_notes)

    def _answers(self, line: PaperLine, member: TeamMember, assignee: UUID | None) -> bool:
        """Whether a note on the paper is for this member; one for nobody is for whoever has the paper."""
        return assignee == member.user_id or (assignee is None and self._has(line, member.user_id))

    def _reviews(self, line: PaperLine, member: TeamMember) -> bool:
        waits = line.prepared and not line.reviewed
        return bool(waits) and self.is_reviewer(member) and member.user_id not in self.writers.get(line.id, set())

    def is_reviewer(self, member: TeamMember) -> bool:
        """In-charge and manager review; the partner only where there is neither."""
        seniors = {each.role for each in self.team} & {Role.INCHARGE, Role.MANAGER}
        return member.role in GRANTS[Permission.WORKPAPER_REVIEW] and (member.role != Role.PARTNER or not seniors)
