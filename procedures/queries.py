"""Where an engagement's papers stand: computed, current, in a constant number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from controls.models.bilingual import in_language
from engagements.models import Engagement, Note, RiskLevel
from procedures.models import (
    CONCLUDING,
    PARTNER_OUTCOMES,
    Outcome,
    ProcedureResult,
    Section,
    SignOff,
    Support,
    Workpaper,
    general_title,
    index_of,
)
from procedures.risk import risk_level

Role = SignOff.Role


# A memo is done when something stands on it, a procedure when its result does.
CONCLUDED = ~Q(outcome="") | Q(kind=ProcedureResult.Kind.MEMO) & ~Q(work="")
# Results that the partner signs for: exceptions, limits of scope, what doesn't operate yet, departures; the memorandum.
ASKS_PARTNER = Q(outcome__in=PARTNER_OUTCOMES) | ~Q(departure="") | Q(workpaper__template="memorandum")


class PaperState(StrEnum):
    """What a paper shows in the index tree and the heat map."""

    NONE = "none"
    DOING = "doing"
    PREPARED = "prepared"
    REVIEWED = "reviewed"
    STALE = "stale"


@dataclass(frozen=True, slots=True)
class OpenNote:
    """An open review note: on which result of the paper, if on one, and who is to do something about it."""

    part: UUID | None
    assignee: UUID | None


class Signed(NamedTuple):
    """A signature as the lines know it, a hundred to an engagement: a `SignOff` with its signer's name."""

    role: str
    content_version: int
    content_hash: str
    signed_at: datetime
    user_id: UUID
    name: str

    @property
    def label(self) -> str:
        """The role in words."""
        return str(Role(self.role).label)


@dataclass(slots=True)
class PaperLine:
    """One paper at a glance."""

    id: UUID
    section: str
    code: str
    title: str
    url: str
    chapter: str
    chapter_number: int
    area: str
    area_number: int
    content_version: int
    assignee: UUID | None = None
    risk: str = ""
    template: str = ""
    total: int = 0
    concluded: int = 0
    exceptions: int = 0
    interim: int = 0
    not_applicable: int = 0
    evidence: int = 0
    open_notes: list[OpenNote] = field(default_factory=list)
    partner: bool = False
    signoffs: list[Signed] = field(default_factory=list)

    @property
    def index(self) -> str:
        return index_of(self.section, self.code)

    @property
    def is_general(self) -> bool:
        return self.section != Section.CONTROLS

    @property
    def is_high_risk(self) -> bool:
        return self.risk == RiskLevel.HIGH

    @property
    def notes(self) -> int:
        """How many review notes on it are open."""
        return len(self.open_notes)

    def signed(self, role: str) -> Signed | None:
        """Return the sign-off in `role` on the current content."""
        return next((s for s in self.signoffs if s.role == role and s.content_version == self.content_version), None)

    @property
    def prepared(self) -> Signed | None:
        return self.signed(Role.PREPARED)

    @property
    def reviewed(self) -> Signed | None:
        return self.signed(Role.REVIEWED)

    @property
    def approved(self) -> Signed | None:
        return self.signed(Role.APPROVED)

    @property
    def signed_hash(self) -> str:
        """The content hash that the current content was signed with, or nothing."""
        return next((s.content_hash for s in self.signoffs if s.content_version == self.content_version), "")

    @property
    def is_stale(self) -> bool:
        """Whether the paper was signed once and changed since."""
        return bool(self.signoffs) and not self.prepared

    @property
    def is_na(self) -> bool:
        return self.total > 0 and self.not_applicable == self.total

    @property
    def state(self) -> PaperState:
        if self.reviewed:
            return PaperState.REVIEWED
        if self.prepared:
            return PaperState.PREPARED
        if self.is_stale:
            return PaperState.STALE
        return PaperState.DOING if self.concluded else PaperState.NONE


_SIGNED = ("role", "content_version", "content_hash", "signed_at", "user", "user__name")  # in the order of `Signed`


def paper_lines(engagement: Engagement, *, count_evidence: bool = True) -> list[PaperLine]:
    """Return every paper of the engagement in index order (five queries, whatever the size; four without evidence)."""
    lines = {line.id: line for line in _lines(engagement)}
    _count_results(engagement, lines)
    if count_evidence:
        _count_supports(engagement, lines)
    notes = Note.objects.open().filter(engagement=engagement)
    for anchor, part, person in notes.values_list("anchor_id", "part_id", "assignee"):
        if anchor in lines:
            lines[anchor].open_notes.append(OpenNote(part, person))
    signoffs = SignOff.objects.filter(workpaper__engagement=engagement).order_by("id")
    for paper, *signed in signoffs.values_list("workpaper", *_SIGNED):
        lines[paper].signoffs.append(Signed(*signed))
    return list(lines.values())


# The index is on every page of a paper: names instead of four rows of objects for each of its lines.
_KNOWN = ("pk", "section", "code", "content_version", "assignee", "template", "title", "risk")
_NAMES = (
    "control_point__short_title_{}",
    "control_point__chapter__title_{}",
    "control_point__area__title_{}",
    "control_point__chapter__number",
    "control_point__area__number",
)


def _lines(engagement: Engagement) -> Iterator[PaperLine]:
    papers = Workpaper.objects.filter(engagement=engagement).annotate(risk=risk_level()).order_by("position")
    names = [name.format(in_language("zh", "en")) for name in _NAMES]
    file = reverse("workpaper", kwargs={"engagement": engagement.pk, "code": "0"}).removesuffix("0/")
    for pk, section, code, content_version, assignee, template, own_title, risk, *of_point in papers.values_list(
        *_KNOWN, *names
    ):
        title, chapter, area, chapter_number, area_number = of_point
        yield PaperLine(
            id=pk,
            section=section,
            code=code,
            title=title or general_title(template, own_title),
            url=f"{file}{code}/",
            chapter=chapter or "",
            chapter_number=chapter_number or 0,
            area=area or chapter or "",
            area_number=area_number or 0,
            content_version=content_version,
            assignee=assignee,
            risk=risk or "",
            template=template,
        )


def _count_results(engagement: Engagement, lines: dict[UUID, PaperLine]) -> None:
    rows = (
        ProcedureResult.objects.filter(workpaper__engagement=engagement)
        .values("workpaper", "outcome", is_partners=ASKS_PARTNER)
        .annotate(
            number=Count("id"), concluded=Count("id", filter=CONCLUDED), interim=Count("id", filter=interim(engagement))
        )
        .order_by()
    )
    for row in rows:
        line, outcome, number = lines[row["workpaper"]], row["outcome"], row["number"]
        line.total += number
        line.concluded += row["concluded"]
        line.interim += row["interim"]
        line.exceptions += number if outcome == Outcome.EXCEPTION else 0
        line.not_applicable += number if outcome == Outcome.NOT_APPLICABLE else 0
        line.partner = line.partner or row["is_partners"]
    for line in lines.values():
        line.partner = line.partner or line.is_high_risk or (line.is_na and not line.is_general)


def interim(engagement: Engagement) -> Q:
    """The results that `known_duties.is_interim` is true of."""
    end = engagement.period_end
    if end is None:
        return Q(pk__in=[])
    early = Q(outcome__in=CONCLUDING, performed_on__lt=end)
    if end > timezone.localdate():
        return early
    reaching = Support.objects.filter(result=OuterRef("pk"), kind=Support.Kind.EVIDENCE, covered_to__gte=end)
    return early & ~Q(Exists(reaching))


def _count_supports(engagement: Engagement, lines: dict[UUID, PaperLine]) -> None:
    rows = (
        Support.objects.filter(result__workpaper__engagement=engagement, kind=Support.Kind.EVIDENCE)
        .values("result__workpaper")
        .annotate(number=Count("source", distinct=True))
        .order_by()
    )
    for row in rows:
        lines[row["result__workpaper"]].evidence = row["number"]


def controls(lines: Iterable[PaperLine]) -> list[PaperLine]:
    """Return the papers on control points."""
    return [line for line in lines if not line.is_general]


@dataclass(slots=True)
class AreaLines:
    """One area of the index tree with its papers."""

    number: int
    title: str
    papers: list[PaperLine]

    @property
    def reviewed(self) -> int:
        return sum(1 for paper in self.papers if paper.reviewed)


@dataclass(slots=True)
class ChapterLines:
    """One chapter of the index tree with its areas."""

    number: int
    title: str
    areas: list[AreaLines]


def by_area(lines: list[PaperLine]) -> list[ChapterLines]:
    """Group the lines on control points as the guideline prints them: chapters, areas, papers."""
    areas: dict[tuple[int, int], list[PaperLine]] = defaultdict(list)
    for line in controls(lines):
        areas[line.chapter_number, line.area_number].append(line)
    chapters: dict[int, ChapterLines] = {}
    for (chapter, area), papers in areas.items():
        first = papers[0]
        chapters.setdefault(chapter, ChapterLines(chapter, first.chapter, []))
        chapters[chapter].areas.append(AreaLines(area, first.area, papers))
    return list(chapters.values())
