"""The engagement's papers as a list: who has which, where each stands, what waits for whom."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from django.utils.safestring import SafeString

from desk.drawn import drawn
from desk.paper_forms import PapersFilter
from desk.paper_queue import Desk, Queue, Turn
from desk.workpaper_index import Row, row, sections_of
from engagements.models import Engagement
from engagements.queries import by_rank
from foundation.accounts.models import User
from procedures.authors import writers_of
from procedures.models import SignOff
from procedures.presence import Face, on_paper
from procedures.queries import PaperLine, paper_lines


@dataclass(frozen=True, slots=True)
class Listed:
    """All that the list shows of one paper: as in the index, who has it, who is on it now."""

    id: UUID
    url: str
    index: str
    title: str
    mark: str
    word: str
    concluded: int
    total: int
    notes: int
    assignee: str
    preparer: str  # who signed it as prepared last: shown where nobody was given it
    faces: tuple[Face, ...]
    may_assign: bool

    @property
    def key(self) -> str:
        """What its faces are called on the page (live.js)."""
        return f"faces-{self.id}"

    @property
    def html(self) -> SafeString:
        """The paper's row."""
        return drawn("desk/paper_row.html", self)


@dataclass(frozen=True, slots=True)
class Group:
    """The papers of one area."""

    title: str
    papers: list[Listed]


@dataclass
class PaperList:
    """The papers as one reader sees and filters them (seven queries, whatever the size)."""

    engagement: Engagement
    user: User
    chosen: PapersFilter
    faces: list[Face]

    @cached_property
    def lines(self) -> list[PaperLine]:
        return paper_lines(self.engagement)

    @cached_property
    def queue(self) -> Queue:
        current = [member for member in self.engagement.team.all() if member.is_current]
        return Queue(self.lines, by_rank(current), writers_of(self.engagement))

    @cached_property
    def names(self) -> dict[UUID, str]:
        """Who anybody on the team is, also of those who have left."""
        return {member.user_id: member.user.name for member in self.engagement.team.all()}

    @cached_property
    def shown(self) -> list[PaperLine]:
        """The papers that the filter lets through."""
        wanted = self.chosen.wanted
        tests: list[Callable[[PaperLine], bool]] = [
            lambda line: wanted.section in {"", line.section},
            lambda line: wanted.state in {"", row(line).mark},
            lambda line: wanted.who in {"", str(line.assignee or "nobody")},
            lambda line: not wanted.turn or wanted.turn in self.turns_of(line),
        ]
        return [line for line in self.lines if all(test(line) for test in tests)]

    def turns_of(self, line: PaperLine) -> set[Turn]:
        """What a paper waits for from the reader."""
        mine = next((member for member in self.queue.team if member.user_id == self.user.pk), None)
        return self.queue.turns(line, mine) if mine else set()

    @property
    def groups(self) -> list[Group]:
        """The papers shown, by area, in index order."""
        sections = sections_of(self.shown)
        return [Group(section.title, [self._listed(row) for row in section.rows]) for section in sections]

    def _listed(self, row: Row) -> Listed:
        line = row.line
        signed = [signoff for signoff in line.signoffs if signoff.role == SignOff.Role.PREPARED]
        return Listed(
            id=line.id,
            url=line.url,
            index=line.index,
            title=line.title,
            mark=row.mark,
            word=row.word,
            concluded=line.concluded,
            total=line.total,
            notes=line.notes,
            assignee=self.name_of(line.assignee),
            preparer=signed[-1].name if signed else "",
            faces=tuple(on_paper(self.faces, line.id)),
            may_assign=self.may_assign,
        )

    @cached_property
    def may_assign(self) -> bool:
        """Whether the reader may give papers to people now."""
        return self.engagement.is_open_for_work and self.user.can("workpaper.assign", self.engagement)

    def name_of(self, person: UUID | None) -> str:
        return self.names.get(person, "") if person else ""

    @property
    def desks(self) -> list[Desk]:
        """The queue: what waits for whom."""
        return self.queue.desks
