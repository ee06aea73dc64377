"""The index beside a workpaper: every paper of the engagement with its mark, by area."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from desk.headings import area_heading, chapter_heading
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


def row(line: PaperLine, *, here: bool) -> Row:
    """Return the index's row of one paper."""
    mark = NOT_APPLICABLE if line.is_na and not line.signoffs else str(line.state)
    return Row(line, mark, str(WORDS[mark]), here)


def index(lines: list[PaperLine], *, here: PaperLine) -> list[Section]:
    """Return the index in the guideline's order, titles numbered as it numbers them."""
    return [
        Section(_heading(chapter, area), area.reviewed, [row(line, here=line is here) for line in area.papers])
        for chapter in by_area(lines)
        for area in chapter.areas
    ]


def _heading(chapter: ChapterLines, area: AreaLines) -> str:
    """Chapters 1 and 2 stand as one area each."""
    return area_heading(area) if area.number else chapter_heading(chapter)
