"""The index beside a workpaper: every paper of the engagement with its mark, by area."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple
from uuid import UUID

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import pgettext_lazy

from desk.drawn import drawn
from desk.headings import area_heading, chapter_heading
from procedures.models import Section as SectionOf
from procedures.queries import AreaLines, ChapterLines, PaperLine, PaperState, by_area

NOT_APPLICABLE = "na"
WORDS: Mapping[str, str | Promise] = {
    PaperState.NONE: pgettext_lazy("state", "Not started"),
    PaperState.DOING: pgettext_lazy("state", "In progress"),
    PaperState.PREPARED: pgettext_lazy("state", "Prepared"),
    PaperState.REVIEWED: pgettext_lazy("state", "Reviewed"),
    PaperState.STALE: pgettext_lazy("state", "Changed since sign-off"),
    NOT_APPLICABLE: pgettext_lazy("state", "Not applicable"),
}


class Shown(NamedTuple):
    """All that the index shows of one paper; `interim`, `exceptions`, `notes` and `evidence` are numbers."""

    id: UUID
    url: str
    code: str
    title: str
    mark: str
    word: str
    interim: int
    exceptions: int
    notes: int
    evidence: int
    is_here: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One paper in the index; `mark` names its sign, `word` says it. After the period's end interim results count."""

    line: PaperLine
    mark: str
    word: str
    is_here: bool
    is_over: bool

    @property
    def shown(self) -> Shown:
        line, interim = self.line, self.line.interim if self.is_over else 0
        counts = interim, line.exceptions, line.notes, line.evidence
        return Shown(line.id, line.url, line.code, line.title, self.mark, self.word, *counts, self.is_here)


class ShownSection(NamedTuple):
    """All that the index shows of one section; the reader may add a paper to the engagement `adds_to`."""

    title: str
    reviewed: int
    papers: tuple[Shown, ...]
    letter: str
    adds_to: UUID | None


@dataclass(frozen=True, slots=True)
class Section:
    """The papers of one area."""

    title: str
    reviewed: int
    rows: list[Row]
    letter: str = ""  # of general papers
    adds_to: UUID | None = None

    @property
    def html(self) -> SafeString:
        """The section as it stands in the index."""
        shown = tuple(row.shown for row in self.rows)
        return drawn(
            "desk/paper/section.html", ShownSection(self.title, self.reviewed, shown, self.letter, self.adds_to)
        )


def row(line: PaperLine, *, here: bool = False, over: bool = False) -> Row:
    """Return the index's row of one paper."""
    mark = NOT_APPLICABLE if line.is_na and not line.signoffs else str(line.state)
    return Row(line, mark, str(WORDS[mark]), here, over)


def sections_of(
    lines: list[PaperLine], here: PaperLine | None = None, *, over: bool = False, adds_to: UUID | None = None
) -> list[Section]:
    """Return the sections, with the paper that is open marked in them: general papers by letter, and between them those
    on control points in the guideline's order, titled as it numbers them. What has no papers has no section.
    `adds_to` is the engagement, where the reader may add general papers to it.
    """
    rows = {line.id: row(line, here=line is here, over=over) for line in lines}
    sections = [
        *(_general(letter, lines, rows, adds_to) for letter in "AB"),
        *(_section(_heading(chapter, area), area.papers, rows) for chapter in by_area(lines) for area in chapter.areas),
        _general("D", lines, rows, adds_to),
    ]
    return [section for section in sections if section.rows]


def _general(letter: str, lines: list[PaperLine], rows: Mapping[UUID, Row], adds_to: UUID | None) -> Section:
    papers = [line for line in lines if line.section == letter]
    section = _section(f"{letter}　{SectionOf(letter).label}", papers, rows)
    return replace(section, letter=letter, adds_to=adds_to)


def _section(title: str, papers: list[PaperLine], rows: Mapping[UUID, Row]) -> Section:
    reviewed = sum(1 for paper in papers if paper.reviewed)
    return Section(title, reviewed, [rows[paper.id] for paper in papers])


def _heading(chapter: ChapterLines, area: AreaLines) -> str:
    """Chapters 1 and 2 stand as one area each."""
    return area_heading(area) if area.number else chapter_heading(chapter)
