"""The index beside a workpaper: every paper of the engagement with its mark, by area."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

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


@dataclass(frozen=True, slots=True)
class Row:
    """One paper in the index; `mark` names its sign, `word` says it."""

    line: PaperLine
    mark: str
    word: str
    is_here: bool


@dataclass(frozen=True, slots=True)
class Section:
    """The papers of one area."""

    title: str
    reviewed: int
    rows: list[Row]
    letter: str = ""  # of general papers: more may be added


def row(line: PaperLine, *, here: bool) -> Row:
    """Return the index's row of one paper."""
    mark = NOT_APPLICABLE if line.is_na and not line.signoffs else str(line.state)
    return Row(line, mark, str(WORDS[mark]), here)


def index(lines: list[PaperLine], *, here: PaperLine) -> list[Section]:
    """Return the index with the paper that is open marked in it."""
    return sections_of(lines, here)


def sections_of(lines: list[PaperLine], here: PaperLine | None = None) -> list[Section]:
    """Return the sections: general papers by letter, and between them those on control points in the guideline's
    order, titled as it numbers them.
    """
    general = {letter: [line for line in lines if line.section == letter] for letter in ("A", "B", "D")}
    before, after = ("A", "B"), ("D",)
    return [
        *(_general(letter, general[letter], here) for letter in before if general[letter]),
        *(_section(_heading(chapter, area), area.papers, here) for chapter in by_area(lines) for area in chapter.areas),
        *(_general(letter, general[letter], here) for letter in after if general[letter]),
    ]


def _general(letter: str, papers: list[PaperLine], here: PaperLine | None) -> Section:
    return _section(f"{letter}　{SectionOf(letter).label}", papers, here, letter=letter)


def _section(title: str, papers: list[PaperLine], here: PaperLine | None, *, letter: str = "") -> Section:
    reviewed = sum(1 for paper in papers if paper.reviewed)
    return Section(title, reviewed, [row(line, here=line is here) for line in papers], letter)


def _heading(chapter: ChapterLines, area: AreaLines) -> str:
    """Chapters 1 and 2 stand as one area each."""
    return area_heading(area) if area.number else chapter_heading(chapter)
