"""Whether a binder may become a final report: one list of problems for the page, the gate and the renderer."""

from collections.abc import Iterator

from reports import contents, frozen, letter, typefaces
from reports.binder import Binder
from reports.problems import Cause, Problem

# What was assessed: a report that doesn't say so can't be relied on (TPEx rules, article 22: the scope).
REQUIRED_SCOPE = ("評估系統", "場所")
TEXT_LIMIT = 20_000  # characters of one text: some ten pages


class NotReady(Exception):
    """The binder can't be printed as asked."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems = problems


def problems(binder: Binder) -> list[Problem]:
    """Everything that keeps this binder from being final; empty when it may be."""
    filled = letter.compose(binder)
    return [
        *_unprintable(binder),
        *_without_result(binder),
        *_without_scope(binder),
        *filled.problems,
        *typefaces.missing(binder),
    ]


def printable(binder: Binder) -> Binder:
    """The binder as it will be printed. A draft spells out what can't be drawn; a final report refuses."""
    found = list(_unprintable(binder)) if binder.draft else problems(binder)
    if found:
        raise NotReady(found)
    spelled: Binder = frozen.map_texts(binder, typefaces.spell_out)
    return spelled


def _unprintable(binder: Binder) -> Iterator[Problem]:
    for where, text in frozen.texts(binder):
        if len(text) > TEXT_LIMIT:
            yield Problem(Cause.TEXT_TOO_LONG, str(len(text)), where)


def _without_result(binder: Binder) -> Iterator[Problem]:
    if count := contents.total(binder).results[None]:
        yield Problem(Cause.RESULT_MISSING, str(count))


def _without_scope(binder: Binder) -> Iterator[Problem]:
    told = {fact.label for fact in binder.scope}
    yield from (Problem(Cause.SCOPE_UNFILLED, name) for name in REQUIRED_SCOPE if name not in told)
