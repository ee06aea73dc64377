"""A review: begun, its papers and drafts looked over, submitted at once, or thrown away."""

from dataclasses import dataclass, field
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from desk.loading import engagement_with_team
from desk.paper_forms import SubmitForm
from engagements.models import Engagement, Note, Review
from engagements.reviews import discard_review, open_review_of, start_review
from foundation.accounts.http import PersonRequest
from foundation.accounts.models import User
from foundation.web.blockers import Blocker
from foundation.web.errors import refusals_as_errors, refusals_as_messages
from foundation.web.guards import guarded
from procedures.gates import Standing, blockers
from procedures.models import ReviewedPaper, Revision, SignOff, Workpaper
from procedures.reviewing import submit_review

REVIEWED = SignOff.Role.REVIEWED


@dataclass(frozen=True, slots=True)
class Opened:
    """A paper that the review opened, with the notes that it will get, and why it can't be signed with them."""

    paper: Workpaper
    content_version: int
    notes: list[Note]
    blockers: list[Blocker]
    is_chosen: bool = False

    @property
    def has_changed(self) -> bool:
        """Whether somebody changed the paper after it was opened."""
        return self.content_version != self.paper.content_version

    @property
    def may_be_signed(self) -> bool:
        return not self.has_changed and not self.notes and not self.blockers


@dataclass
class Desk:
    """A review's papers, each question about them asked once for all (seven queries, however many)."""

    review: Review
    user: User
    chosen: set[str] = field(default_factory=set)

    @property
    def papers(self) -> QuerySet[ReviewedPaper]:
        return ReviewedPaper.objects.filter(review=self.review)

    @property
    def opened(self) -> list[Opened]:
        """The opened papers in index order."""
        drafts = list(self.review.notes.filter(published_at=None).order_by("written_at"))
        papers = self.papers.select_related("workpaper__engagement", "workpaper__control_point")
        rows = list(papers.prefetch_related("workpaper__signoffs", "workpaper__engagement__team"))
        wrote = self._authors([row.workpaper for row in rows])
        notes = self._open_notes([row.workpaper_id for row in rows])
        return [
            Opened(
                row.workpaper,
                row.content_version,
                [note for note in drafts if note.anchor_id == row.workpaper_id],
                self._blockers(row, wrote.get(row.workpaper_id, []), notes.count(row.workpaper_id)),
                str(row.workpaper_id) in self.chosen,
            )
            for row in rows
        ]

    @property
    def stray(self) -> list[Note]:
        """Drafts on papers that the review hasn't seen opened."""
        opened = self.papers.values("workpaper")
        return list(self.review.notes.filter(published_at=None).exclude(anchor_id__in=opened))

    def _blockers(self, row: ReviewedPaper, wrote: list[tuple[UUID, int]], notes: int) -> list[Blocker]:
        if not self.user.can("workpaper.review", row.workpaper):
            return [Blocker("signoff.role", _("You comment on papers here; you don't sign them as reviewed."))]
        standing = Standing(row.workpaper, list(row.workpaper.signoffs.all()), [], notes, wrote)
        return blockers(standing, REVIEWED, by=self.user)

    def _authors(self, papers: list[Workpaper]) -> dict[UUID, list[tuple[UUID, int]]]:
        """Who wrote which version of each paper (one query)."""
        wrote: dict[UUID, list[tuple[UUID, int]]] = {}
        rows = Revision.objects.filter(workpaper__in=papers).order_by()
        for paper, author, version in rows.values_list("workpaper", "author", "content_version"):
            wrote.setdefault(paper, []).append((author, version))
        return wrote

    def _open_notes(self, papers: list[UUID]) -> list[UUID]:
        """The papers that open notes are on, once for each (one query)."""
        return list(Note.objects.open().filter(anchor_id__in=papers).values_list("anchor_id", flat=True))


@guarded("note.add", engagement_with_team)
@require_http_methods(["GET", "POST"])
def review(request: PersonRequest, engagement: Engagement) -> HttpResponse:
    """Show what the review opened and drafted, and submit it: all of it, or nothing with the reasons."""
    current = open_review_of(engagement, request.user)
    form = SubmitForm(request.POST or None, engagement=engagement)
    if current and form.is_valid():
        with refusals_as_errors(form):
            done = submit_review(current, **form.cleaned_data, by=request.user)
            messages.success(request, _submitted(done, len(form.cleaned_data["sign"])))
            return redirect("paper-list", engagement=engagement.pk)
    chosen = set(request.POST.getlist("sign"))
    desk = Desk(current, request.user, chosen) if current else None
    context = {"engagement": engagement, "desk": desk, "form": form}
    return render(request, "desk/review.html", context, status=422 if form.errors else 200)


def _submitted(review: Review, signed: int) -> str:
    notes = ngettext("%(n)d note is published", "%(n)d notes are published", review.notes.count())
    papers = ngettext("%(n)d paper is signed as reviewed", "%(n)d papers are signed as reviewed", signed)
    return f"{notes % {'n': review.notes.count()}}{_('; ')}{papers % {'n': signed}}"


@guarded("note.add", engagement_with_team)
@require_POST
def review_start(request: PersonRequest, engagement: Engagement) -> HttpResponse:
    """Begin a review, and go on at the paper that it was begun on, if it was."""
    with refusals_as_messages(request):
        start_review(engagement, by=request.user)
    begun = Workpaper.objects.filter(engagement=engagement, code=request.POST.get("code", "")[:20]).first()
    return redirect(begun) if begun else redirect("paper-list", engagement=engagement.pk)


@guarded("note.add", engagement_with_team)
@require_POST
def review_discard(request: PersonRequest, engagement: Engagement) -> HttpResponse:
    """Throw the review and its drafts away."""
    current = open_review_of(engagement, request.user)
    if current:
        with refusals_as_messages(request):
            discard_review(current, by=request.user)
            messages.success(request, _("The review and its drafts are thrown away; nothing was published."))
    return redirect("paper-list", engagement=engagement.pk)
