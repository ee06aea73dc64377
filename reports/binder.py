"""The binder: everything a report prints, as plain frozen data, once per report version.

The PDF and the workbook are drawn from a binder alone, never from live rows; its canonical bytes are
stored and hashed, so what was signed can be shown again years later.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from reports import frozen
from reports.clauses import ClauseMatrix
from reports.schemas import SCHEMA, later_than, read


class Kind(StrEnum):
    """Why the assessment is made (TPEx rules for security tokens, article 22)."""

    ANNUAL = "annual"
    ESTABLISHMENT = "establishment"
    RELOCATION = "relocation"


class Conclusion(StrEnum):
    UNMODIFIED = "unmodified"
    QUALIFIED = "qualified"
    ADVERSE = "adverse"
    DISCLAIMER = "disclaimer"


class Result(StrEnum):
    """The outcome of one procedure; the order is the order in print."""

    NO_EXCEPTION = "no_exception"
    EXCEPTION = "exception"
    NOT_APPLICABLE = "not_applicable"
    NO_OCCURRENCE = "no_occurrence"
    NOT_YET_OPERATING = "not_yet_operating"
    SCOPE_LIMITATION = "scope_limitation"


class Time(StrEnum):
    """What kind of time a piece of evidence speaks about."""

    OCCURRENCE = "occurrence"
    SPAN = "span"
    STATE = "state"


@dataclass(frozen=True, slots=True)
class Party:
    """The broker or the CPA firm."""

    name: str
    identifier: str = ""  # 統一編號
    address: str = ""


@dataclass(frozen=True, slots=True)
class Value:
    """Something entered for the letter: the placeholder's name and its text."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Evaluator:
    name: str
    role: str
    certificates: tuple[str, ...] = ()
    experience: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the scope: systems, sites, outsourcers, exclusions."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Condition:
    """One answer of the scope profile; None: not answered yet."""

    question: str
    answer: bool | None
    reason: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Signed:
    name: str
    on: date


@dataclass(frozen=True, slots=True)
class Reference:
    """A line of 相關規定／參酌來源 as printed by the regulator, and our note on its status."""

    text: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Citation:
    """A piece of evidence that a result rests on."""

    number: str
    label: str = ""
    page: int | None = None
    tickmark: str = ""
    meaning: str = ""  # what the tickmark said when it was put there


@dataclass(frozen=True, slots=True)
class Sample:
    population: int
    size: int
    deviations: int
    method: str


@dataclass(frozen=True, slots=True)
class Procedure:
    """One 執行程序 as printed (label, text, steps) and what was done and found."""

    number: int
    label: str
    text: str
    steps: tuple[str, ...] = ()
    added: bool = False  # by the CPA, beside the prescribed ones
    result: Result | None = None
    work: str = ""
    reason: str = ""
    departure: str = ""  # from what is prescribed, and why
    performed_on: date | None = None
    performer: str = ""
    sample: Sample | None = None
    citations: tuple[Citation, ...] = ()
    matrix: ClauseMatrix | None = None


@dataclass(frozen=True, slots=True)
class ControlPoint:
    """One 控制重點 with its procedures; `index` is the workpaper's, e.g. C-3.8.5."""

    code: str
    index: str
    title: str
    text: str
    references: tuple[Reference, ...] = ()
    preamble: str = ""
    procedures: tuple[Procedure, ...] = ()
    conclusion: str = ""
    prepared: Signed | None = None
    reviewed: Signed | None = None


@dataclass(frozen=True, slots=True)
class Area:
    """A 領域 of chapter 3; chapters 1 and 2 stand as one area without number and title."""

    points: tuple[ControlPoint, ...]
    number: int | None = None
    title: str = ""


@dataclass(frozen=True, slots=True)
class Chapter:
    number: int
    title: str
    areas: tuple[Area, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """A 缺失 with what article 22 asks for: severity, type, risk and a specific recommendation."""

    number: str
    title: str
    points: tuple[str, ...]  # workpaper indexes
    condition: str
    criterion: str
    severity: str
    category: str
    risk: str
    recommendation: str
    response: str = ""
    owner: str = ""
    due: date | None = None


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A finding of an earlier report and where it stands now."""

    number: str
    title: str
    status: str
    remark: str = ""


@dataclass(frozen=True, slots=True)
class EvidenceItem:
    number: str
    kind: str
    name: str = ""
    sha256: str = ""
    since: date | None = None
    until: date | None = None
    time: Time | None = None  # None: of an older piece that doesn't say
    days: tuple[date, ...] = ()  # of an occurrence


@dataclass(frozen=True, slots=True)
class Criterion:
    """A legal instrument that the control points cite, with its status as checked."""

    name: str
    issuer: str
    lines: int
    status: str = ""


@dataclass(frozen=True, slots=True)
class TrailHead:
    """Where the engagement's trail stood when the binder was frozen."""

    chain: str
    sequence: int
    head: str  # hex SHA-256
    manifest: str = ""  # hex root of the evidence manifest


@dataclass(frozen=True, slots=True)
class Superseded:
    """The issued report that this one takes the place of, and why."""

    number: str
    report_date: date
    material: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Binder:
    """The whole report. Annual: since–until is the period; the other kinds: until is the as-of date."""

    kind: Kind
    title: str
    draft: bool
    number: str
    report_date: date | None
    since: date | None
    until: date
    auditee: Party
    firm: Party
    criteria_version: str
    conclusion: Conclusion | None
    letter_values: tuple[Value, ...]
    letter_options: tuple[str, ...]
    evaluators: tuple[Evaluator, ...]
    scope: tuple[Fact, ...]
    conditions: tuple[Condition, ...]
    chapters: tuple[Chapter, ...]
    findings: tuple[Finding, ...]
    follow_ups: tuple[FollowUp, ...]
    evidence: tuple[EvidenceItem, ...]
    criteria: tuple[Criterion, ...]
    trail: TrailHead
    letter_template: str = ""  # as it was in force; empty while there is no conclusion
    letter_version: int = 0  # of the firm's own; 0: the wording supplied
    disclose_evidence: bool = False  # names and hashes stay in the file unless the firm decides otherwise
    superseded: Superseded | None = None
    schema: int = SCHEMA

    def points(self) -> Iterator[ControlPoint]:
        """Every control point in printed order."""
        return (point for chapter in self.chapters for area in chapter.areas for point in area.points)

    def to_json(self) -> bytes:
        """Canonical bytes (RFC 8785); those of an older schema as they were."""
        return frozen.dump(self, without=later_than(self.schema))

    @classmethod
    def from_json(cls, content: bytes) -> "Binder":
        """The binder that `to_json` wrote, in this schema or one before; raises frozen.Malformed for anything else."""
        return frozen.load(cls, read(content))

    def digest(self) -> str:
        """Hex SHA-256 of the canonical bytes: what the signatures refer to."""
        return hashlib.sha256(self.to_json()).hexdigest()
