"""What the coverage of a procedure's duties says against its result, in words: for the page, the API and the gates."""

from collections.abc import Callable, Iterable, Iterator

from django.utils.translation import gettext as _

from procedures.coverage import Coverage, Expected, State
from procedures.models import Outcome, ProcedureResult

# What each state asks of the result: the results that it leaves open. What is due by the calendar and shown by nothing
# is neither without exception nor something that didn't occur.
NOT_WITHOUT_EXCEPTION = frozenset(Outcome) - {Outcome.NO_EXCEPTION, Outcome.NO_OCCURRENCE}
ASKS = {
    State.GAP: NOT_WITHOUT_EXCEPTION,
    State.PARTIAL: NOT_WITHOUT_EXCEPTION,
    State.NOT_PROVIDED: NOT_WITHOUT_EXCEPTION,
    State.NOT_PERFORMED: frozenset({Outcome.EXCEPTION}),
    State.UNRECORDED: frozenset({Outcome.EXCEPTION}),
    State.REFUSED: frozenset({Outcome.EXCEPTION, Outcome.SCOPE_LIMITATION}),
}


def said(expected: Expected, coverage: Coverage) -> str:
    """How it stands with one expected occurrence that is neither covered nor seen, in words."""
    names = {"when": _when(expected), "what": coverage.duty.what}
    return WORDS[expected.state]() % names


def _when(expected: Expected) -> str:
    """The stretch by its name; of a duty that never stops the days without a record."""
    return ", ".join(map(str, expected.holes)) or expected.stretch.label


WORDS: dict[State, Callable[[], str]] = {
    State.GAP: lambda: _("%(when)s: no evidence of %(what)s"),
    State.PARTIAL: lambda: _("%(when)s: the evidence of %(what)s covers only a part of it"),
    State.NOT_PROVIDED: lambda: _("%(when)s: the evidence of %(what)s isn't provided yet"),
    State.NOT_PERFORMED: lambda: _("%(when)s: %(what)s wasn't performed, so the result is an exception"),
    State.UNRECORDED: lambda: _("%(when)s: no record was kept of %(what)s, so the result is an exception"),
    State.REFUSED: lambda: _(
        "%(when)s: the evidence of %(what)s was refused or is lost, so the result is a scope limitation or an exception"
    ),
    State.NOT_DUE: lambda: _("%(when)s: %(what)s isn't due yet"),
    State.COVERED: lambda: _("%(when)s: %(what)s is covered by evidence"),
    State.SEEN: lambda: _("%(when)s: %(what)s was seen on site"),
}


def frequency_gap(coverage: Coverage) -> str:
    """What is wrong with the broker's own period, in words; nothing if it is stated."""
    what = {"what": coverage.duty.what}
    if coverage.needs_frequency:
        return _("%(what)s: it isn't recorded how often the broker itself has set it") % what
    if coverage.is_unstated:
        return _("%(what)s: the broker has set no period for it") % what
    return ""


def coverage_gaps(result: ProcedureResult, coverages: Iterable[Coverage]) -> list[tuple[str, str]]:
    """Return (kind, text) of what the coverage says against the result as it stands."""
    if not result.outcome:
        return []
    return [gap for coverage in coverages for gap in _against(Outcome(result.outcome), coverage)]


def _against(outcome: Outcome, coverage: Coverage) -> Iterator[tuple[str, str]]:
    if outcome == Outcome.NO_EXCEPTION and (text := frequency_gap(coverage)):
        yield "coverage.frequency", text
    for expected in coverage.expected:
        if expected.state in ASKS and outcome not in ASKS[expected.state]:
            yield f"coverage.{expected.state}", said(expected, coverage)
