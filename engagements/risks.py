"""How risky each area of the guideline is: the rows of the plan, and the verb that sets one."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from controls.models import Area, Chapter
from engagements.models import AreaRisk, Engagement, RiskLevel
from engagements.validators import check_open
from foundation.accounts.models import User
from foundation.trail.actions import record
from foundation.trail.hashing import JSON
from foundation.web.refusals import Refused


@dataclass(frozen=True, slots=True)
class AreaRow:
    """One area of the plan: a chapter that has no areas, or an area; and its risk if somebody set it."""

    chapter: Chapter
    area: Area | None
    risk: AreaRisk | None = None

    @property
    def code(self) -> str:
        """1, 2, 3.8."""
        return f"{self.chapter.number}.{self.area.number}" if self.area else str(self.chapter.number)

    @property
    def title(self) -> str:
        return (self.area or self.chapter).title


def risks_of(engagement: Engagement) -> list[AreaRisk]:
    """Return the risks that were set, in printed order (one query)."""
    risks = AreaRisk.objects.filter(engagement=engagement).select_related("set_by", "chapter", "area")
    return list(risks.order_by("chapter__number", "area__number"))


def area_rows(engagement: Engagement, risks: Iterable[AreaRisk] = ()) -> list[AreaRow]:
    """Return the 22 areas in printed order, with those of `risks` that are theirs (two queries)."""
    known = {(risk.chapter_id, risk.area_id): risk for risk in risks}
    chapters = Chapter.objects.filter(version=engagement.catalogue_id).prefetch_related("areas").order_by("number")
    return list(_rows(chapters, known))


def area_row(engagement: Engagement, code: str) -> AreaRow | None:
    """Return the area of the engagement's catalogue that is numbered so, if there is one."""
    return next((row for row in area_rows(engagement) if row.code == code), None)


def _rows(chapters: Iterable[Chapter], known: Mapping[tuple[int, int | None], AreaRisk]) -> Iterator[AreaRow]:
    """A chapter without areas is one row."""
    for chapter in chapters:
        areas: list[Area | None] = list(chapter.areas.all())
        for area in areas or [None]:
            yield AreaRow(chapter, area, known.get((chapter.pk, area.pk if area else None)))


@transaction.atomic
def assess(engagement: Engagement, row: AreaRow, *, level: str, why: str, by: User) -> AreaRisk:
    """Set the risk of an area; high and low say why. Saving the same again changes nothing."""
    current = Engagement.objects.locked(engagement.pk)
    check_open(current)
    why = why.strip()
    _check_reasoned(level, why)
    here = AreaRisk.objects.filter(engagement=current, chapter=row.chapter, area=row.area)
    risk = here.select_related("set_by").first() or AreaRisk(
        engagement=current, chapter=row.chapter, area=row.area, version=0
    )
    if (risk.level, risk.why) == (level, why):
        return risk
    risk.level, risk.why, risk.version = level, why, risk.version + 1
    risk.set_by, risk.set_at = by, timezone.now()
    risk.save()
    facts: dict[str, JSON] = {"risk": risk.pk, "area": row.code, "level": level, "version": risk.version}
    record("risk.assessed", chain=current.chain, by=by, about=current, facts=facts, reason=why)
    return risk


def _check_reasoned(level: str, why: str) -> None:
    if level not in RiskLevel.values:
        raise Refused(_("Choose low, moderate or high."))
    if level != RiskLevel.MODERATE and not why:
        raise Refused(_("Say why the risk is %(level)s.") % {"level": RiskLevel(level).label})
