"""The time that a piece of evidence speaks about: of one of three kinds, each with its days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from evidence.models import Evidence
from foundation.web.refusals import Refused

Nature = Evidence.Nature


@dataclass(frozen=True, slots=True)
class Covered:
    """Made by `on`, `span` or `state`, or `of` a piece that is there: an older one may not say its kind.

    `days` are those of an occurrence in order, the first and the last of a span, or the one of a state.
    """

    nature: str
    days: tuple[date, ...]

    @classmethod
    def on(cls, *days: date) -> Covered:
        """Something happened on these days, in whatever order they are given."""
        return cls(Nature.OCCURRENCE, tuple(sorted(set(days))))

    @classmethod
    def span(cls, first: date, last: date) -> Covered:
        """A record of the days from – to; refused if it ends before it starts."""
        if last < first:
            raise Refused(_("The covered period ends before it starts."))
        return cls(Nature.SPAN, (first, last))

    @classmethod
    def state(cls, day: date) -> Covered:
        """How something stood on a day."""
        return cls(Nature.STATE, (day,))

    @classmethod
    def of(cls, piece: Evidence) -> Covered:
        """What a piece says of its time; refused where it says nothing."""
        if piece.nature == Nature.OCCURRENCE:
            return cls.on(*piece.days)
        if piece.covered_from is None or piece.covered_to is None:
            raise Refused(_("Say first which day or period %(evidence)s speaks about.") % {"evidence": piece.label})
        return cls(piece.nature, tuple(sorted({piece.covered_from, piece.covered_to})))

    @property
    def fields(self) -> dict[str, Any]:
        """The same as a piece's row holds it."""
        dates = [day.isoformat() for day in self.days] if self.nature == Nature.OCCURRENCE else []
        span = {"covered_from": self.days[0], "covered_to": self.days[-1]}
        return {"nature": self.nature, "dates": dates, **span}
