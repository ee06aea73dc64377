"""How the demonstration's general papers are written, and how any paper is signed."""

from datetime import date, timedelta

from django.utils import timezone

from desk.demo.cast import Cast
from desk.demo.memos import MEMOS, NO_CORRESPONDENCE
from engagements.models import Engagement
from procedures.actions import Entry, save_result
from procedures.models import Outcome, Section, SignOff, Workpaper
from procedures.workflow import needs_partner, sign_off

Role = SignOff.Role


def day_of(engagement: Engagement, seed: int) -> date:
    """A working-looking day in the months before today or, for a year that is over, before its deadline."""
    last = min(timezone.localdate(), engagement.deadline)
    return last - timedelta(days=7 + seed * 3 % 80)


def write_memos(engagement: Engagement, cast: Cast, *sections: Section) -> None:
    """Write the general papers of some sections, and sign them as prepared."""
    for paper in _general(engagement, *sections):
        memo = paper.results.get()
        save_result(memo, _memo(paper), version=memo.version, by=cast["incharge"])
        sign(paper, Role.PREPARED, cast, "incharge")


def review_memos(engagement: Engagement, cast: Cast, *sections: Section) -> None:
    """Review them; the partner signs where a partner must."""
    for paper in _general(engagement, *sections):
        sign(paper, Role.REVIEWED, cast, "manager")
        if needs_partner(paper):
            sign(paper, Role.APPROVED, cast, "partner")


def _general(engagement: Engagement, *sections: Section) -> list[Workpaper]:
    papers = Workpaper.objects.filter(engagement=engagement, section__in=sections).order_by("position")
    return list(papers.select_related("engagement__auditee"))


def _memo(paper: Workpaper) -> Entry:
    day = day_of(paper.engagement, paper.position)
    if paper.template not in MEMOS:
        return Entry(Outcome.NOT_APPLICABLE, reason=NO_CORRESPONDENCE, performed_on=day)
    text = MEMOS[paper.template].replace("〔broker〕", paper.engagement.auditee.short_name)
    return Entry(work=text, performed_on=day)


def sign(paper: Workpaper, role: SignOff.Role, cast: Cast, who: str) -> None:
    """Sign the paper as it is now."""
    paper.refresh_from_db(fields=["content_version"])
    sign_off(paper, role, content_version=paper.content_version, by=cast[who])
