"""Why a paper can't be signed: typed blockers, the same list for the gate and for the page."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from django.utils.translation import gettext as _

from engagements.models import Note
from foundation.accounts.models import User
from foundation.accounts.policy import RANK
from foundation.web.blockers import Blocker
from procedures.models import Revision, SignOff, Workpaper
from procedures.queries import Signed
from procedures.validators import BLANK, unfinished

Role = SignOff.Role
PERMISSION = {
    Role.PREPARED: "workpaper.prepare",
    Role.REVIEWED: "workpaper.review",
    Role.APPROVED: "workpaper.approve",
}


@dataclass
class Standing:
    """A paper and what its gates need to know of it, each asked at most once; a page hands in what it has loaded."""

    workpaper: Workpaper
    known_signoffs: Sequence[SignOff | Signed] | None = None
    known_unfinished: list[Blocker] | None = None
    known_open_notes: int | None = None
    known_writings: list[tuple[UUID, int]] | None = None  # who wrote which content version

    @cached_property
    def signoffs(self) -> Sequence[SignOff | Signed]:
        """Every signature on the paper, whatever its content version."""
        return list(self.workpaper.signoffs.order_by("id")) if self.known_signoffs is None else self.known_signoffs

    @property
    def current(self) -> list[SignOff | Signed]:
        """The signatures on the current content."""
        return [signoff for signoff in self.signoffs if signoff.content_version == self.workpaper.content_version]

    def signed(self, role: str) -> SignOff | Signed | None:
        """Return the signature in `role` on the current content."""
        return next((signoff for signoff in self.current if signoff.role == role), None)

    @cached_property
    def unfinished(self) -> list[Blocker]:
        return unfinished(self.workpaper) if self.known_unfinished is None else self.known_unfinished

    @cached_property
    def open_notes(self) -> int:
        """How many review notes on the paper are open."""
        if self.known_open_notes is not None:
            return self.known_open_notes
        return Note.objects.open().filter(anchor_id=self.workpaper.pk).count()

    def authors_since(self, role: str) -> set[UUID]:
        """Who wrote on the paper since it was last signed in `role`."""
        since = max((s.content_version for s in self.signoffs if s.role == role), default=0)
        if self.known_writings is not None:
            return {author for author, version in self.known_writings if version > since}
        revisions = Revision.objects.filter(workpaper=self.workpaper, content_version__gt=since)
        return set(revisions.values_list("author", flat=True).distinct().order_by())

    @cached_property
    def ranks(self) -> dict[UUID, int]:
        """Everybody's rank on the team, also of those who have left it."""
        members = self.workpaper.engagement.team.all()
        return {user: rank for rank, user in sorted((RANK[member.role], member.user_id) for member in members)}


def blockers(standing: Standing, role: str, *, by: User) -> list[Blocker]:
    """Return why `by` can't sign the paper in this role now; empty when they can."""
    if standing.signed(role):
        return [Blocker("signoff.done", _("This content is signed in this role already."))]
    found = list(CHECKS[Role(role)](standing, by))
    if any(signoff.user_id == by.pk for signoff in standing.current):
        found.append(Blocker("signoff.self", _("Nobody signs the same content twice.")))
    return found


def _not_prepared(standing: Standing, _by: User) -> list[Blocker]:
    if left := BLANK.search(standing.workpaper.conclusion):
        text = _("The conclusion has a blank that isn't filled in: %(blank)s") % {"blank": left.group()}
        return [*standing.unfinished, Blocker("blank.left", text, "#conclusion-title")]
    if standing.workpaper.is_general or standing.workpaper.conclusion.strip():
        return standing.unfinished
    text = _("The paper has no conclusion.")
    return [*standing.unfinished, Blocker("conclusion.missing", text, "#conclusion-title")]


def _not_reviewable(standing: Standing, by: User) -> list[Blocker]:
    prepared = standing.signed(Role.PREPARED)
    if prepared is None:
        return [Blocker("signoff.unprepared", _("The paper isn't signed as prepared at its current content."))]
    reasons = [
        (
            "signoff.author",
            _("Whoever wrote on a paper doesn't review it."),
            "",
            by.pk in standing.authors_since(Role.REVIEWED),
        ),
        ("signoff.rank", _("A reviewer's rank is at least the preparer's."), "", _outranked(standing, by, prepared)),
        ("note.open", _("Review notes on this paper are open."), "?side=notes", standing.open_notes > 0),
    ]
    return [Blocker(kind, text, url) for kind, text, url, applies in reasons if applies]


def _outranked(standing: Standing, by: User, prepared: SignOff | Signed) -> bool:
    return standing.ranks.get(by.pk, 0) < standing.ranks.get(prepared.user_id, 0)


def _not_approvable(standing: Standing, by: User) -> list[Blocker]:
    if not standing.signed(Role.REVIEWED):
        return [Blocker("signoff.unreviewed", _("The paper isn't reviewed at its current content."))]
    if by.pk in standing.authors_since(Role.APPROVED):
        return [Blocker("signoff.author", _("Whoever wrote on a paper doesn't approve it."))]
    return []


CHECKS = {Role.PREPARED: _not_prepared, Role.REVIEWED: _not_reviewable, Role.APPROVED: _not_approvable}
