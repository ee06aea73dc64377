"""What the report's chapters show, worked out from a binder: chapter numbers, counts, and the lists drawn
from the procedures. Pure functions; nothing here is stored.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from foundation.web import roc
from reports.binder import Binder, Chapter, ControlPoint, Procedure, Result


class Section(StrEnum):
    """The numbered chapters in order; the contents that TPEx's rules for security tokens, article 22, require."""

    LETTER = "會計師獨立確信報告"
    EVALUATORS = "評估人員資格"
    SCOPE = "評估範圍"
    SUMMARY = "評估結果彙總"
    DETAILS = "控制重點評估結果明細"
    FINDINGS = "缺失及改善建議"
    EXERCISES = "演練結果"
    FOLLOW_UPS = "前期缺失追蹤"
    OPEN_ITEMS = "不適用、未發生、尚未運作及範圍受限制項目"

    @property
    def ordinal(self) -> str:
        """一, 二, … as the letter refers to it: 第{…}章."""
        return roc.number_in_words(list(Section).index(self) + 1)

    @property
    def heading(self) -> str:
        return f"第{self.ordinal}章　{self.value}"


@dataclass(frozen=True, slots=True)
class Exercise:
    """A kind of drill whose outcome article 22 wants reported, and the procedure that examined it."""

    title: str
    code: str
    procedure: int


EXERCISES = (
    Exercise("電子郵件社交工程演練", "3.11", 4),
    Exercise("分散式阻斷服務攻擊（DDoS）演練", "3.10.8", 3),
    Exercise("營運持續演練", "3.15", 4),
    Exercise("備份回存測試", "3.9.2", 2),
)

# Results that say why a procedure led to no verdict, in the order the report lists them.
OPEN_RESULTS = (
    Result.NOT_APPLICABLE,
    Result.NO_OCCURRENCE,
    Result.NOT_YET_OPERATING,
    Result.SCOPE_LIMITATION,
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A procedure together with the control point it belongs to."""

    point: ControlPoint
    procedure: Procedure


@dataclass(frozen=True, slots=True)
class Tally:
    """How the procedures of one chapter or area came out; None counts those without a result yet."""

    title: str
    points: int
    results: Counter[Result | None]

    @property
    def total(self) -> int:
        return self.results.total()

    @property
    def pending(self) -> int:
        """Procedures without a result yet."""
        return self.results[None]


def entries(binder: Binder) -> Iterator[Entry]:
    """Every procedure in printed order."""
    return (Entry(point, procedure) for point in binder.points() for procedure in point.procedures)


def exercises(binder: Binder) -> Iterator[tuple[Exercise, Entry]]:
    """The drills that this binder holds a procedure for."""
    by_place = {(entry.point.code, entry.procedure.number): entry for entry in entries(binder)}
    for exercise in EXERCISES:
        if entry := by_place.get((exercise.code, exercise.procedure)):
            yield exercise, entry


def open_items(binder: Binder) -> list[tuple[Result, list[Entry]]]:
    """The procedures without a verdict, by result; results that nobody gave are left out."""
    listed = {result: [e for e in entries(binder) if e.procedure.result is result] for result in OPEN_RESULTS}
    return [(result, found) for result, found in listed.items() if found]


def sampled(binder: Binder) -> list[Entry]:
    """The procedures that rest on a sample."""
    return [entry for entry in entries(binder) if entry.procedure.sample]


def additions(binder: Binder) -> list[Entry]:
    """The procedures that the CPA added to the prescribed ones."""
    return [entry for entry in entries(binder) if entry.procedure.added]


def departures(binder: Binder) -> list[Entry]:
    """The prescribed procedures that were done otherwise than printed."""
    return [entry for entry in entries(binder) if entry.procedure.departure]


def legend(binder: Binder) -> dict[str, list[str]]:
    """What each tickmark says, in the order of first use; several meanings where a firm changed it meanwhile."""
    cited = (citation for entry in entries(binder) for citation in entry.procedure.citations if citation.tickmark)
    meanings: dict[str, list[str]] = defaultdict(list)
    for tickmark, meaning in dict.fromkeys((citation.tickmark, citation.meaning) for citation in cited):
        meanings[tickmark].append(meaning)
    return dict(meanings)


def ambiguous_signs(binder: Binder) -> set[str]:
    """The tickmarks with several meanings: each citation then says which."""
    return {tickmark for tickmark, meanings in legend(binder).items() if len(meanings) > 1}


def evidence_by_kind(binder: Binder) -> dict[str, list[str]]:
    """The numbers of the evidence under each kind, kinds in the order in which they first occur."""
    kinds: dict[str, list[str]] = defaultdict(list)
    for item in binder.evidence:
        kinds[item.kind].append(item.number)
    return dict(kinds)


def tallies(binder: Binder) -> list[Tally]:
    """One line per chapter 1 and 2, and per area of chapter 3."""
    return [tally for chapter in binder.chapters for tally in _of_chapter(chapter)]


def total(binder: Binder) -> Tally:
    """All procedures together."""
    results = Counter(entry.procedure.result for entry in entries(binder))
    return Tally("合計", sum(1 for _ in binder.points()), results)


def _of_chapter(chapter: Chapter) -> Iterator[Tally]:
    ordinal = roc.number_in_words(chapter.number)
    for area in chapter.areas:
        title = f"（{roc.number_in_words(area.number)}）{area.title}" if area.number else f"{ordinal}、{chapter.title}"
        results = Counter(procedure.result for point in area.points for procedure in point.procedures)
        yield Tally(title, len(area.points), results)
