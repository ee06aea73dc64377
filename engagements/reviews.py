"""Reviews: a sitting of a reviewer, in which notes are gathered until all of it is submitted at once."""

import hashlib

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from engagements.models import Engagement, Note, Review
from engagements.validators import check_open
from foundation.accounts.models import User
from foundation.web.refusals import Refused

SHOWN = 20


def open_review_of(engagement: Engagement, user: User) -> Review | None:
    """Return the review that `user` has begun here and not submitted (one query)."""
    return Review.objects.filter(engagement=engagement, reviewer=user, submitted_at=None).first()


def submitted_reviews(engagement: Engagement) -> QuerySet[Review]:
    """Return the last reviews that were submitted, newest first (one query)."""
    done = Review.objects.filter(engagement=engagement, submitted_at__isnull=False)
    return done.select_related("reviewer").order_by("-submitted_at")[:SHOWN]


@transaction.atomic
def start_review(engagement: Engagement, *, by: User) -> Review:
    """Begin a review: from now on the reviewer's notes are drafts. Whoever has begun one goes on with it."""
    current = Engagement.objects.locked(engagement.pk)
    check_open(current)
    review, _created = Review.objects.get_or_create(engagement=current, reviewer=by, submitted_at=None)
    return review


def locked_review(review: Review, *, by: User) -> Review:
    """Return the open review, locked after its engagement; refused to others, and once it is submitted."""
    Engagement.objects.locked(review.engagement_id)
    mine = Review.objects.select_for_update(of=("self",), no_key=True).filter(reviewer=by, submitted_at=None)
    found = mine.select_related("engagement__auditee").filter(pk=review.pk).first()
    if found is None:
        raise Refused(_("This review is submitted or thrown away already."))
    return found


@transaction.atomic
def discard_review(review: Review, *, by: User) -> None:
    """Throw a review away with its drafts; nobody else knew of them."""
    current = locked_review(review, by=by)
    Note.objects.filter(review=current, published_at=None).delete()
    current.delete()


def summary_digest(review: Review) -> str:
    """SHA-256 (hex) of what the reviewer says of it all."""
    return hashlib.sha256(review.summary.encode()).hexdigest()
