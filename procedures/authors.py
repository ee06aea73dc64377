"""Who wrote on papers, and who answers for them."""

from collections import defaultdict
from uuid import UUID

from engagements.models import Engagement
from foundation.accounts.models import User
from procedures.models import Revision, SignOff, Workpaper


def writers_of(engagement: Engagement) -> dict[UUID, set[UUID]]:
    """Return who has written on each paper (one query)."""
    written: dict[UUID, set[UUID]] = defaultdict(set)
    rows = Revision.objects.filter(workpaper__engagement=engagement).order_by()
    for paper, author in rows.values_list("workpaper", "author").distinct():
        written[paper].add(author)
    return written


def answers_for(paper: Workpaper) -> User | None:
    """Return who answers for a paper: whoever has it, else whoever signed it as prepared last (one query at most)."""
    if paper.assignee_id:
        return paper.assignee
    last = paper.signoffs.filter(role=SignOff.Role.PREPARED).select_related("user").order_by("id").last()
    return last.user if last else None
