"""The engagement's map: one cell per control point, by chapter and area, as the guideline prints them."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from desk.headings import area_heading, chapter_heading
from procedures.queries import AreaLines, PaperLine, by_area


@dataclass(frozen=True, slots=True)
class Cell:
    """One paper. `state`: none, doing, prepared, reviewed, stale or na; `done`: 0–100."""

    code: str
    url: str
    title: str
    state: str
    done: int
    exception: bool


@dataclass(frozen=True, slots=True)
class AreaCells:
    """One row of the map."""

    title: str
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class ChapterCells:
    """One part of the map."""

    title: str
    areas: list[AreaCells]


def heatmap(lines: list[PaperLine]) -> list[ChapterCells]:
    """Return the map of the papers, titles numbered as the guideline numbers them."""
    return [
        ChapterCells(
            chapter_heading(chapter),
            [AreaCells(_area_title(area), [_cell(line) for line in area.papers]) for area in chapter.areas],
        )
        for chapter in by_area(lines)
    ]


def _area_title(area: AreaLines) -> str:
    """Chapters 1 and 2 have no areas; their one row says so."""
    return area_heading(area) if area.number else _("The whole chapter")


def _cell(line: PaperLine) -> Cell:
    return Cell(
        code=line.code.partition(".")[2] if line.area_number else line.code,
        url=line.url,
        title=f"{line.index} {line.title}",
        state="na" if line.is_na and not line.is_stale else line.state,
        done=100 * line.concluded // line.total if line.total else 0,
        exception=line.exceptions > 0,
    )
