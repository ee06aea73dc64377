"""Who is to do a paper: assigned, and handed over when somebody leaves."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from engagements.models import Engagement, Note, NoteQuerySet
from engagements.noting import Direction, redirect_note
from engagements.validators import check_open
from foundation.accounts.models import User
from foundation.trail.actions import record
from foundation.web.refusals import Refused
from procedures.models import Revision, SignOff, Workpaper
from procedures.validators import check_writer


@transaction.atomic
def assign(engagement: Engagement, papers: Collection[UUID], *, to: User | None, by: User) -> list[Workpaper]:
    """Give papers to a member of the team who may write on them, or to nobody; return those that changed hands."""
    current = _locked(engagement)
    check_writer(current, to)
    chosen = Workpaper.objects.filter(engagement=current, pk__in=papers)
    found = [paper for paper in _in_order(chosen) if paper.assignee_id != (to.pk if to else None)]
    for paper in found:
        _give(paper, to)
    for paper in found:
        _tell(paper, by=by)
    return found


def _locked(engagement: Engagement) -> Engagement:
    current = Engagement.objects.locked(engagement.pk)
    check_open(current)
    return current


def _in_order(papers: QuerySet[Workpaper]) -> list[Workpaper]:
    """The papers, locked."""
    locked = papers.select_for_update(of=("self",), no_key=True)
    return list(locked.select_related("engagement").order_by("position"))


def _give(paper: Workpaper, to: User | None) -> None:
    paper.assignee = to
    paper.save(update_fields=["assignee"])


def _tell(paper: Workpaper, *, by: User, reason: str = "") -> None:
    chain = paper.engagement.chain
    if paper.assignee is None:
        record("workpaper.unassigned", chain=chain, by=by, about=paper, reason=reason)
    else:
        facts = {"assignee": str(paper.assignee.pk), "name": paper.assignee.name}
        record("workpaper.assigned", chain=chain, by=by, about=paper, facts=facts, reason=reason)


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What went from one person to another."""

    papers: list[Workpaper]
    notes: list[Note]


def papers_in_hand(engagement: Engagement) -> QuerySet[Workpaper]:
    """The papers that somebody answers for: given to them, whatever is signed (it may be reopened, and then it is
    theirs); given to nobody, those that were written on and that nobody has reviewed as they are now.
    """
    reviewed = SignOff.objects.filter(
        workpaper=OuterRef("pk"), role=SignOff.Role.REVIEWED, content_version=OuterRef("content_version")
    )
    begun = Q(Exists(Revision.objects.filter(workpaper=OuterRef("pk")))) & ~Exists(reviewed)
    return Workpaper.objects.filter(Q(assignee__isnull=False) | begun, engagement=engagement)


def in_hand_of(papers: QuerySet[Workpaper], person: User) -> QuerySet[Workpaper]:
    """Those of them that are with one person."""
    wrote = Exists(Revision.objects.filter(workpaper=OuterRef("pk"), author=person))
    return papers.filter(Q(assignee=person) | Q(assignee=None) & wrote)


def notes_in_hand(engagement: Engagement) -> NoteQuerySet:
    """The open notes that somebody is to do something about."""
    return Note.objects.open().filter(engagement=engagement, assignee__isnull=False)


@transaction.atomic
def hand_over(engagement: Engagement, *, giver: User, taker: User, reason: str, by: User) -> HandedOver:
    """Give all papers and open notes of one person, who may have left the team, to another, for a reason. Signatures
    stay as they are.
    """
    current = _locked(engagement)
    if giver == taker:
        raise Refused(_("Choose two different people."))
    if not reason.strip():
        raise Refused(_("Say why the work changes hands."))
    check_writer(current, taker)
    papers = _in_order(in_hand_of(papers_in_hand(current), giver))
    notes = list(
        notes_in_hand(current).filter(assignee=giver).select_for_update(of=("self",)).select_related("engagement")
    )
    if not papers and not notes:
        raise Refused(_("%(name)s has no papers and no open notes here.") % {"name": giver.name})
    for paper in papers:
        _give(paper, taker)
    for paper in papers:
        _tell(paper, by=by, reason=reason.strip())
    for note in notes:
        redirect_note(note, Direction(taker, note.due_on), by=by, reason=reason.strip())
    return HandedOver(papers, notes)
