"""Filters of the printed report: dates without markup, hanging numbering, the words for results."""

from collections.abc import Iterator
from datetime import date

from django import template

from foundation.web import roc
from reports import clauses, numbering, wording
from reports.binder import Kind, Result, Time

register = template.Library()


@register.filter
def day(value: date | None) -> str:
    """115/11/23, or a dash."""
    return roc.short(value) if value else "—"


@register.filter
def day_in_words(value: date | None) -> str:
    """中華民國一一五年十一月二十三日."""
    return roc.in_words(value) if value else ""


@register.filter
def numbered(text: str) -> Iterator[numbering.Line]:
    """The lines of a printed text with their numbers."""
    return numbering.lines(text)


@register.filter
def numbered_steps(steps: tuple[str, ...]) -> Iterator[numbering.Line]:
    """The sub-steps of a procedure with their numbers."""
    return numbering.lines("\n".join(steps))


@register.filter
def reads(result: Result | None, kind: Kind) -> str:
    """The result's word in a report of this kind."""
    return wording.results(kind)[result] if result else wording.PENDING


@register.filter
def time_word(time: Time | None) -> str:
    """What kind of time a piece of evidence speaks about; nothing for an older one that doesn't say."""
    return wording.TIMES[time] if time else ""


register.filter("clause_numbers", clauses.clause_numbers)
register.filter("tested_items", clauses.tested_items)


# Light to dark, so that the bars also read in greyscale; an exception is the only warm strong one.
_COLOURS = {
    Result.NO_EXCEPTION: "#8fb0cf",
    Result.EXCEPTION: "#b3312b",
    Result.NOT_APPLICABLE: "#e3e7ec",
    Result.NO_OCCURRENCE: "#c3cbd4",
    Result.NOT_YET_OPERATING: "#e2c27c",
    Result.SCOPE_LIMITATION: "#5b3a66",
}


@register.filter
def colour(result: str) -> str:
    """The result's colour in bars and legend."""
    return _COLOURS[Result(result)]
