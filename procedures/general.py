"""The general papers that the method prescribes beside those on control points, and those that the team adds."""

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from engagements.actions import create_engagement
from engagements.models import Engagement
from engagements.validators import check_open
from foundation.accounts.models import User
from foundation.trail.actions import record
from foundation.trail.hashing import JSON
from foundation.web.refusals import Refused
from procedures.models import TEMPLATES, ProcedureResult, Section, Workpaper
from procedures.revisions import amend, revised

# Where the papers of a section begin; those on control points begin at 1000 (workflow.CONTROLS_FROM).
FROM = {Section.ACCEPTANCE: 0, Section.PLANNING: 200, Section.COMPLETION: 3000}
MOST = 99  # papers of one section


@transaction.atomic
def begin_engagement(engagement: Engagement, *, by: User) -> Engagement:
    """Create an engagement with its general papers: its acceptance is written on them."""
    created = create_engagement(engagement, by=by)
    _open_general_papers(created)
    return created


def _open_general_papers(engagement: Engagement) -> None:
    """Create the prescribed general papers, each with its memo, numbered in their sections."""
    numbers = dict.fromkeys(FROM, 0)
    papers = []
    for key, template in TEMPLATES.items():
        numbers[template.section] += 1
        papers.append(_paper(engagement, template.section, numbers[template.section], template=key))
    Workpaper.objects.bulk_create(papers)
    ProcedureResult.objects.bulk_create(map(_memo, papers))


def _paper(engagement: Engagement, section: Section, number: int, *, template: str = "", title: str = "") -> Workpaper:
    return Workpaper(
        engagement=engagement,
        section=section,
        code=f"{section}-{number}",
        position=FROM[section] + number,
        template=template,
        title=title,
    )


def _memo(paper: Workpaper) -> ProcedureResult:
    return ProcedureResult(workpaper=paper, kind=ProcedureResult.Kind.MEMO, position=1)


@transaction.atomic
def add_paper(engagement: Engagement, *, section: str, title: str, by: User) -> Workpaper:
    """Add a general paper to a section, under its next number."""
    if section not in FROM:
        raise Refused(_("General papers belong to sections A, B and D."))
    if not title.strip():
        raise Refused(_("Give the paper a title."))
    check_open(Engagement.objects.locked(engagement.pk))
    here = Workpaper.objects.filter(engagement=engagement, section=section)
    last = here.aggregate(last=Max("position"))["last"] or FROM[Section(section)]
    number = last - FROM[Section(section)] + 1
    if number > MOST:
        raise Refused(_("The section is full."))
    paper = _paper(engagement, Section(section), number, title=title.strip())
    paper.save(force_insert=True)
    _memo(paper).save(force_insert=True)
    revision = amend(paper, f"+ {paper.title}", by=by)
    facts: dict[str, JSON] = {"index": paper.index, "title": paper.title, **revised(revision)}
    record("paper.added", chain=engagement.chain, by=by, about=paper, facts=facts)
    return paper
