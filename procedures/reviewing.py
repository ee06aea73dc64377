"""A reviewer's sitting on papers: each is opened, then all is submitted at once; only what was opened can be signed."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.core import signing
from django.db import transaction
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from engagements.models import Engagement, Note, Review
from engagements.noting import publish
from engagements.reviews import locked_review, summary_digest
from engagements.validators import check_open, is_on_team
from foundation.accounts.models import User
from foundation.trail.actions import record
from foundation.trail.hashing import JSON
from foundation.web.refusals import Refused
from procedures.gates import PERMISSION
from procedures.models import ReviewedPaper, SignOff, Workpaper
from procedures.workflow import sign_off

SALT = "procedures.reviewing.opened"
A_DAY = 24 * 60 * 60


def proof_of_opening(paper: Workpaper, user: User) -> str:
    """What a paper's page carries and sends back while it is looked at: only whoever was given the page has it."""
    told = [str(paper.engagement_id), str(paper.pk), str(user.pk), paper.content_version]
    return signing.dumps(told, salt=SALT, compress=True)


@transaction.atomic
def note_opening(engagement: Engagement, proof: str, *, by: User) -> None:
    """Write down, in the open review of `by` if there is one, that they look at a paper, at the content of the proof.

    A proof of something else, of somebody else's, or a day old proves nothing. The review is locked: one that is being
    submitted or thrown away is over, and gets no more papers.
    """
    try:
        place, paper, user, content_version = signing.loads(proof, salt=SALT, max_age=A_DAY)
    except signing.BadSignature:
        return
    if (place, user) != (str(engagement.pk), str(by.pk)):
        return
    open_reviews = Review.objects.filter(engagement=engagement, reviewer=by, submitted_at=None)
    if review := open_reviews.order_by().select_for_update(of=("self",), no_key=True).first():
        seen = {"content_version": content_version, "opened_at": timezone.now()}
        ReviewedPaper.objects.update_or_create(review=review, workpaper_id=paper, defaults=seen)


@dataclass(frozen=True, slots=True)
class Sitting:
    """An open review in numbers."""

    review: Review
    papers: int
    notes: int


def sitting_of(engagement: Engagement, user: User) -> Sitting | None:
    """Return the open review of `user` with its counts (one query)."""
    mine = Review.objects.filter(engagement=engagement, reviewer=user, submitted_at=None)
    papers = ReviewedPaper.objects.filter(review=OuterRef("pk")).order_by().values("review")
    opened = Coalesce(Subquery(papers.annotate(number=Count("pk")).values("number")), 0)
    counted = mine.annotate(opened=opened, drafts=Count("notes")).first()
    return Sitting(counted, counted.opened, counted.drafts) if counted else None


@transaction.atomic
def submit_review(review: Review, *, summary: str, sign: Collection[UUID], by: User) -> Review:
    """Publish the review's notes and sign the chosen papers as reviewed, each by its own gate: all of it, or nothing.

    A paper can be signed only at the content at which this review opened it. Refused with each paper's reasons.
    """
    current = locked_review(review, by=by)
    check_open(current.engagement)
    opened = {
        each.workpaper_id: each for each in ReviewedPaper.objects.filter(review=current).select_related("workpaper")
    }
    if sign and not by.can(PERMISSION[SignOff.Role.REVIEWED], current.engagement):
        raise Refused(_("You comment on papers here; you don't sign them as reviewed."))
    if set(sign) - set(opened):
        raise Refused(_("A paper that you haven't opened in this review can't be signed in it. Nothing was submitted."))
    drafts = list(current.notes.filter(published_at=None).select_related("engagement", "author", "assignee"))
    _check_directed(drafts, current.engagement)
    current.summary, current.submitted_at = summary.strip(), timezone.now()
    current.save(update_fields=["summary", "submitted_at"])
    for note in drafts:
        publish(note)
    _sign([each for pk, each in opened.items() if pk in set(sign)], by=by)
    facts: dict[str, JSON] = {
        "papers": len(opened),
        "notes": len(drafts),
        "signed": len(sign),
        "summary": summary_digest(current),
    }
    record("review.submitted", chain=current.engagement.chain, by=by, about=current, facts=facts)
    return current


def _check_directed(drafts: list[Note], engagement: Engagement) -> None:
    """Refuse to publish a note to somebody who can't read it any more: nobody would do what it says."""
    gone = [draft for draft in drafts if draft.assignee and not is_on_team(engagement, draft.assignee)]
    text = _(
        "%(paper)s: %(name)s, for whom a note is, isn't on the team any more. Say on the paper for whom it is now."
    )
    reasons = [text % {"paper": draft.anchor_label, "name": draft.assignee} for draft in gone]
    if reasons:
        raise Refused(_("Nothing was submitted."), *reasons)


def _sign(chosen: list[ReviewedPaper], *, by: User) -> None:
    """Sign each as it was opened; when one can't be, say of all which can't, and why."""
    reasons = [reason for each in chosen for reason in _signed(each, by)]
    if reasons:
        raise Refused(_("Nothing was submitted."), *reasons)


def _signed(each: ReviewedPaper, by: User) -> list[str]:
    """Sign one paper, or return why it can't be signed."""
    try:
        sign_off(each.workpaper, SignOff.Role.REVIEWED, content_version=each.content_version, by=by)
    except Refused as refusal:
        return [f"{each.workpaper}: {reason}" for reason in refusal.reasons]
    return []
