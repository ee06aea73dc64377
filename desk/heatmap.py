"""The engagement's map: one cell per control point, by chapter and area, as the guideline prints them."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.drawn import drawn
from desk.headings import area_heading, chapter_heading
from desk.workpaper_index import WORDS
from engagements.models import RiskLevel
from procedures.models import Section
from procedures.queries import AreaLines, PaperLine, by_area

RISK_WORDS: Mapping[str, Promise] = {RiskLevel.HIGH: gettext_lazy("High risk"), RiskLevel.LOW: gettext_lazy("Low risk")}
GENERAL = (Section.ACCEPTANCE, Section.PLANNING, Section.COMPLETION)


@dataclass(frozen=True, slots=True)
class Cell:
    """One paper. `state`: none, doing, prepared, reviewed, stale or na; `done`: 0–100."""

    code: str
    url: str
    title: str
    state: str
    done: int
    exception: bool

    @property
    def word(self) -> str:
        """The state in words."""
        return str(WORDS[self.state])

    @property
    def html(self) -> SafeString:
        """The cell as it stands in the map."""
        return drawn("components/cell.html", self)


@dataclass(frozen=True, slots=True)
class AreaCells:
    """One row of the map; `risk` is the level of its area, if somebody set it."""

    title: str
    cells: list[Cell]
    risk: str = ""

    @property
    def risk_word(self) -> str:
        """The level in words; a moderate one needs none."""
        return str(RISK_WORDS.get(self.risk, ""))


@dataclass(frozen=True, slots=True)
class ChapterCells:
    """One part of the map."""

    title: str
    areas: list[AreaCells]


def heatmap(lines: list[PaperLine], names: Mapping[UUID, str]) -> list[ChapterCells]:
    """Return the map of the papers: those on control points as the guideline numbers them, then general ones by
    section. `names`: who the people on the team are.
    """
    chapters = [
        ChapterCells(
            chapter_heading(chapter),
            [
                AreaCells(_area_title(area), [_cell(line, names) for line in area.papers], area.papers[0].risk)
                for area in chapter.areas
            ],
        )
        for chapter in by_area(lines)
    ]
    general = [area for section in GENERAL if (area := _general(section, lines, names)).cells]
    return [*chapters, ChapterCells(_("General papers"), general)] if general else chapters


def _general(section: Section, lines: list[PaperLine], names: Mapping[UUID, str]) -> AreaCells:
    cells = [_cell(line, names) for line in lines if line.section == section]
    return AreaCells(f"{section}　{section.label}", cells)


def _area_title(area: AreaLines) -> str:
    """Chapters 1 and 2 have no areas; their one row says so."""
    return area_heading(area) if area.number else _("The whole chapter")


def _cell(line: PaperLine, names: Mapping[UUID, str]) -> Cell:
    assigned = names.get(line.assignee, "") if line.assignee else ""
    return Cell(
        code=line.code.partition(".")[2] if line.area_number else line.code,
        url=line.url,
        title=" · ".join(filter(None, (f"{line.index} {line.title}", assigned))),
        state="na" if line.is_na and not line.is_stale else line.state,
        done=100 * line.concluded // line.total if line.total else 0,
        exception=line.exceptions > 0,
    )
