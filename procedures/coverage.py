"""What is expected of a recurring duty in the period, and what its evidence shows of it. Nothing is loaded here."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import Protocol

from controls.models import FrequencyRule
from procedures.models import Occurrence, StatedFrequency
from procedures.stretches import A_DAY, Frequency, Span, Stretch, stretches

# The kinds of time that evidence speaks about, as evidence.models.Evidence.Nature names them.
OCCURRENCE, SPAN, STATE = "occurrence", "span", "state"


class Dated(Protocol):
    """Evidence, or a support that repeats what it says of its time."""

    nature: str
    dates: list[str]
    covered_from: date | None
    covered_to: date | None


@dataclass(frozen=True, slots=True)
class Shown:
    """What a procedure's evidence shows up to today: days on which it happened, spans on record, days on which
    something stood so. What lies in the future shows nothing.
    """

    days: tuple[date, ...] = ()
    spans: tuple[Span, ...] = ()
    states: tuple[date, ...] = ()

    def covers(self, span: Span) -> bool:
        """Whether it happened inside the span, a record lies wholly inside it, or records leave nothing of it out."""
        inside = any(day in span for day in self.days) or any(span.contains(each) for each in self.spans)
        return inside or any(each.contains(span) for each in joined(self.spans))

    def touches(self, span: Span) -> bool:
        """Whether a record covers some of it."""
        return any(each.touches(span) for each in self.spans)

    @property
    def last(self) -> date | None:
        """The last day on record."""
        return max((span.last for span in self.spans), default=None)


def shown_by(sources: Iterable[Dated], today: date) -> Shown:
    """Sum up what pieces of evidence show."""
    days: set[date] = set()
    spans: list[Span] = []
    states: set[date] = set()
    for source in sources:
        span = _span(source, today)
        if span is None:
            continue
        if nature_of(source) == SPAN:
            spans.append(span)
        else:
            of_kind = days if nature_of(source) == OCCURRENCE else states
            of_kind.update(day for day in _days(source, span.first) if day <= today)
    return Shown(tuple(sorted(days)), tuple(spans), tuple(sorted(states)))


def nature_of(source: Dated) -> str:
    """The kind of time; where it isn't known, what spans days is a record and what has one day an occurrence."""
    days = {source.covered_from, source.covered_to} - {None}
    return source.nature or (SPAN if len(days) > 1 else OCCURRENCE)


def _span(source: Dated, today: date) -> Span | None:
    """The time of a source as far as it has come."""
    first, last = source.covered_from or source.covered_to, source.covered_to or source.covered_from
    return Span(first, min(last, today)) if first and last and first <= today else None


def _days(source: Dated, first: date) -> list[date]:
    return [date.fromisoformat(day) for day in source.dates] or [first]


def joined(spans: Iterable[Span]) -> list[Span]:
    """Join what overlaps or follows without a day between."""
    whole: list[Span] = []
    for span in sorted(spans, key=lambda each: each.first):
        if whole and span.first <= whole[-1].last + A_DAY:
            whole[-1] = Span(whole[-1].first, max(whole[-1].last, span.last))
        else:
            whole.append(span)
    return whole


def holes(span: Span, spans: Iterable[Span]) -> list[Span]:
    """Return what of a span no record covers."""
    first, left = span.first, []
    for each in joined(each for each in spans if each.touches(span)):
        if each.first > first:
            left.append(Span(first, each.first - A_DAY))
        first = each.last + A_DAY
    return [*left, Span(first, span.last)] if first <= span.last else left


class State(StrEnum):
    """How it stands with one expected occurrence; the kinds of `Occurrence` are what was told of it."""

    COVERED = "covered"
    SEEN = "seen"
    NOT_PERFORMED = "not_performed"
    UNRECORDED = "unrecorded"
    NOT_PROVIDED = "not_provided"
    REFUSED = "refused"
    NOT_DUE = "not_due"
    PARTIAL = "partial"
    GAP = "gap"


UNEXPLAINED = frozenset({State.PARTIAL, State.GAP})


@dataclass(frozen=True, slots=True)
class Expected:
    """One expected occurrence: its stretch, how it stands, what was told of it. A duty that never stops has `holes`."""

    stretch: Stretch
    state: State
    told: Occurrence | None = None
    holes: tuple[Span, ...] = ()

    @property
    def is_unexplained(self) -> bool:
        return self.state in UNEXPLAINED


@dataclass(frozen=True, slots=True)
class Coverage:
    """One duty over the period. `frequency` is empty where the broker sets it and nobody has said yet how."""

    duty: FrequencyRule
    stated: StatedFrequency | None
    frequency: str
    expected: tuple[Expected, ...]
    shown: Shown

    @property
    def needs_frequency(self) -> bool:
        """Whether the broker's own period isn't on the paper yet."""
        return not self.frequency

    @property
    def is_unstated(self) -> bool:
        """Whether the broker sets no period, as the text asks it to."""
        return self.frequency == Frequency.UNSTATED

    @property
    def is_told(self) -> bool:
        """Whether somebody said something of it."""
        return self.stated is not None or any(each.told for each in self.expected)

    @property
    def due(self) -> list[Expected]:
        return [each for each in self.expected if each.state != State.NOT_DUE]

    @property
    def covered(self) -> list[Expected]:
        return [each for each in self.expected if each.state in {State.COVERED, State.SEEN}]

    @property
    def longest(self) -> int | None:
        """The longest time between two occurrences, in days; None where fewer than two are known."""
        seen = {each.told.happened_on for each in self.expected if each.told and each.told.happened_on}
        return max(((later - day).days for day, later in pairwise(sorted({*self.shown.days, *seen}))), default=None)


@dataclass(frozen=True, slots=True)
class Clock:
    """What coverage is measured against: the period, today, and when the work was done."""

    period: Span
    today: date
    performed_on: date | None = None

    def is_over(self, span: Span) -> bool:
        return span.last < self.today

    def elapsed(self, shown: Shown) -> Span | None:
        """What records of a duty that never stops have to cover by now: the whole period once it is over; before that,
        until the day before the work was done, or until what was handed in later; None before the first day is over.
        """
        if self.is_over(self.period):
            return self.period
        until = (self.performed_on or self.today) - A_DAY
        last = min(self.period.last, max(until, shown.last or until))
        return Span(self.period.first, last) if last >= self.period.first else None


def cover(
    duty: FrequencyRule, stated: StatedFrequency | None, told: Collection[Occurrence], shown: Shown, clock: Clock
) -> Coverage:
    """Hold what the evidence shows against what the duty expects. `told` is of this duty on this paper."""
    frequency = _frequency(duty, stated)
    by_start = {each.starts_on: each for each in told}
    expected = [_expected(each, by_start, shown, clock) for each in stretches(frequency, clock.period)]
    return Coverage(duty, stated, frequency, tuple(expected), shown)


def _frequency(duty: FrequencyRule, stated: StatedFrequency | None) -> str:
    if duty.frequency != FrequencyRule.Frequency.PERIODIC:
        return duty.frequency
    return stated.frequency if stated else ""


def _expected(stretch: Stretch, by_start: Mapping[date, Occurrence], shown: Shown, clock: Clock) -> Expected:
    told = by_start.get(stretch.span.first)
    if stretch.never_stops:
        elapsed = clock.elapsed(shown)
        left = tuple(holes(elapsed, shown.spans)) if elapsed else ()
        state = State.NOT_DUE if elapsed is None else State.GAP if left else State.COVERED
    else:
        left, state = (), _state(stretch, shown, clock)
    return Expected(stretch, State(told.kind) if told and _counts(told, state, stretch) else state, told, left)


def _counts(told: Occurrence, state: State, stretch: Stretch) -> bool:
    """Whether what was told decides: not against evidence, and what was seen only of the stretch in which it was, never
    of what has to go on all the time.
    """
    seen = told.kind == Occurrence.Kind.SEEN
    elsewhere = stretch.never_stops or told.happened_on is None or told.happened_on not in stretch.span
    return state != State.COVERED and not (seen and elsewhere)


def _state(stretch: Stretch, shown: Shown, clock: Clock) -> State:
    if shown.covers(stretch.span):
        return State.COVERED
    if not stretch.is_whole or not clock.is_over(stretch.span):
        return State.NOT_DUE
    return State.PARTIAL if shown.touches(stretch.span) else State.GAP
