"""Who is where: told by open pages every few seconds, forgotten a minute after the last word."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import Subquery
from django.utils import timezone

from engagements.models import Engagement
from foundation.accounts.models import User
from procedures.models import Presence, Workpaper

FORGOTTEN = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Face:
    """Somebody who is on the engagement now, and on which paper (None: on a page about the whole)."""

    user_id: UUID
    name: str
    paper: UUID | None

    @property
    def initial(self) -> str:
        return self.name[:1]


def be_at(engagement: Engagement, paper: UUID | None, *, by: User) -> None:
    """Say that `by` is on a page: on a paper of this engagement, or on none (one query, two the first time)."""
    mine = Presence.objects.filter(engagement=engagement, user=by)
    place = Workpaper.objects.filter(engagement=engagement, pk=paper) if paper else None
    if not mine.update(workpaper=Subquery(place.values("pk")) if place is not None else None, seen_at=timezone.now()):
        here = Presence(engagement=engagement, user=by, workpaper=place.first() if place is not None else None)
        Presence.objects.bulk_create([here], ignore_conflicts=True)


def leave(engagement: Engagement, paper: UUID | None, *, by: User) -> None:
    """Be there no more; whoever has gone to another page meanwhile is on that."""
    Presence.objects.filter(engagement=engagement, user=by, workpaper=paper).delete()


def faces(engagement: Engagement, *, without: User) -> list[Face]:
    """Return who else is here, by name (one query); who was forgotten is swept away (one more, if anybody was)."""
    since = timezone.now() - FORGOTTEN
    rows = list(Presence.objects.filter(engagement=engagement).select_related("user").order_by("user__name"))
    if gone := [row.pk for row in rows if row.seen_at < since]:
        Presence.objects.filter(pk__in=gone, seen_at__lt=since).delete()
    return [
        Face(row.user_id, row.user.name, row.workpaper_id)
        for row in rows
        if row.seen_at >= since and row.user_id != without.pk
    ]


def on_paper(found: Iterable[Face], paper: UUID) -> list[Face]:
    """Those who are on this paper."""
    return [face for face in found if face.paper == paper]
