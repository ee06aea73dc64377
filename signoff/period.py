"""What the evidence's own time keeps an engagement from reporting on: results still interim, duties not covered."""

from functools import cached_property
from typing import Protocol

from django.utils.translation import ngettext

from engagements.models import Engagement
from foundation.web.blockers import Blocker
from procedures.queries import PaperLine
from procedures.uncovered import uncovered

NAMED = 5  # papers or gaps that are named one by one


class Lines(Protocol):
    """What these checks need to know of an engagement: gates.Standing."""

    @property
    def lines(self) -> list[PaperLine]: ...

    @property
    def uncovered(self) -> list[Blocker]: ...


class Covering:
    """The part of gates.Standing that knows of coverage, asked at most once."""

    engagement: Engagement

    @cached_property
    def uncovered(self) -> list[Blocker]:
        return uncovered(self.engagement)


def none_interim(standing: Lines) -> list[Blocker]:
    """Return why results that were reached before the period's end have to be rolled forward to it."""
    early = [line for line in standing.lines if line.interim]
    if not early:
        return []
    number = sum(line.interim for line in early)
    named = ", ".join(line.index for line in early[:NAMED]) + (" …" if len(early) > NAMED else "")
    text = ngettext(
        "%(n)d result is still interim (%(papers)s): neither its work nor its evidence reaches the period's end.",
        "%(n)d results are still interim (%(papers)s): neither their work nor their evidence reaches the period's end.",
        number,
    )
    return [Blocker("result.interim", text % {"n": number, "papers": named}, early[0].url)]


def all_covered(standing: Lines) -> list[Blocker]:
    """Return which duties the evidence doesn't cover although the results say so: the first ones, and how many more."""
    found = standing.uncovered
    more = found[NAMED:]
    if not more:
        return found
    text = ngettext(
        "%(n)d more gap in the coverage of the period.", "%(n)d more gaps in the coverage of the period.", len(more)
    )
    return [*found[:NAMED], Blocker("coverage.more", text % {"n": len(more)}, more[0].url)]


CHECKS = (none_interim, all_covered)
