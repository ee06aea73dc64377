"""What every change of a paper leaves: a new content version, so that older sign-offs end, and who wrote what."""

import hashlib
from collections.abc import Mapping
from datetime import timedelta

from django.db.models import Exists, F, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.accounts.models import User
from foundation.trail.hashing import JSON, canonical
from foundation.web.refusals import Refused
from procedures.models import ProcedureResult, Revision, SignOff, Workpaper

COALESCED = timedelta(minutes=5)
# Keys of revisions that hold no texts: what a result came to rest on, or ceased to; what else of the sheet changed.
SUPPORT, AMENDMENT = "support", "amendment"


def bump(workpaper: Workpaper, *, reopening: bool = True) -> None:
    """Count a change of content on the locked paper; refused on a signed one that nobody chose to reopen."""
    papers = Workpaper.objects.filter(pk=workpaper.pk)
    if not reopening:
        signed = SignOff.objects.filter(workpaper=OuterRef("pk"), content_version=OuterRef("content_version"))
        papers = papers.exclude(Exists(signed))
    if not papers.update(content_version=F("content_version") + 1):
        raise Refused(
            _("%(paper)s has been signed meanwhile. Choose “Change this paper” first; your text is kept here.")
            % {"paper": workpaper}
        )
    workpaper.content_version += 1


def revise(
    workpaper: Workpaper, result: ProcedureResult | None, content: dict[str, str], *, by: User, reopening: bool = True
) -> Revision:
    """Extend the author's running revision; start one after five minutes, or if somebody signed or wrote since. To be
    called after `bump`, with the same `reopening`.
    """
    revision = _running(workpaper, result, by)
    if revision is None or _is_signed(workpaper, revision, reopening=reopening):
        return start_revision(workpaper, result, content, by=by)
    revision.content, revision.content_version, revision.saved_at = content, workpaper.content_version, timezone.now()
    revision.save(update_fields=["content", "content_version", "saved_at"])
    return revision


def _running(workpaper: Workpaper, result: ProcedureResult | None, author: User) -> Revision | None:
    """The place's last revision, if its author is still at it. (Few conditions in SQL: this is part of every save.)"""
    last = Revision.objects.filter(workpaper=workpaper, result=result).order_by("-pk").first()
    if last is None or last.author_id != author.pk or {SUPPORT, AMENDMENT} & last.content.keys():
        return None
    return last if last.started_at > timezone.now() - COALESCED else None


def _is_signed(workpaper: Workpaper, revision: Revision, *, reopening: bool) -> bool:
    """Whether anybody signed the content that the revision left, or one after it. (Who types on where they were has
    left the last content; unless they reopen the paper, `bump` has seen that it isn't signed.)
    """
    if not reopening and revision.content_version == workpaper.content_version - 1:
        return False
    return SignOff.objects.filter(workpaper=workpaper, content_version__gte=revision.content_version).exists()


def start_revision(
    workpaper: Workpaper, result: ProcedureResult | None, content: dict[str, str], *, by: User
) -> Revision:
    """Begin a revision at the locked paper's new content."""
    version = workpaper.content_version
    return Revision.objects.create(
        workpaper=workpaper, result=result, author=by, content=content, content_version=version
    )


def amend(workpaper: Workpaper, told: str, *, by: User) -> Revision:
    """Count a change of what the locked paper holds beside its texts and supports, told in a line of its history that
    begins with "+ " or "- ". Its signatures end by it.
    """
    bump(workpaper)
    return start_revision(workpaper, None, {AMENDMENT: told}, by=by)


def revised(revision: Revision | None) -> dict[str, JSON]:
    """What the event of an act tells of the revision that it left: every such event does (authorship.py)."""
    if revision is None:
        return {}
    return {"revision": revision.pk, "content": revision.content_version, "wrote": revision_digest(revision)}


def revision_digest(revision: Revision) -> str:
    """SHA-256 (hex) of what was written, where and when."""
    content: Mapping[str, JSON] = revision.content
    where = str(revision.result_id or "")
    told = {"content": content, "result": where, "saved_at": revision.saved_at.isoformat()}
    return hashlib.sha256(canonical(told)).hexdigest()
