"""What changed on a paper between two of its content versions: shown at once where a signature lapsed."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Max, Q, QuerySet
from django.utils.translation import gettext as _

from desk.workpaper_changes import Change, changes_between
from desk.workpaper_sheet import Sheet
from procedures.models import ProcedureResult, Revision, Workpaper
from procedures.queries import Signed
from procedures.revisions import AMENDMENT, SUPPORT

UNTYPED = Q(content__has_key=SUPPORT) | Q(content__has_key=AMENDMENT)
LONG = 600  # characters changed: more is folded


@dataclass(frozen=True, slots=True)
class Place:
    """One place of the sheet with what changed there; `result` is None for what concerns the whole paper."""

    label: str
    result: UUID | None
    changes: list[Change]


@dataclass(frozen=True, slots=True)
class Difference:
    """All that changed from one version to another, in the order of the sheet."""

    since: int
    until: int
    places: list[Place]

    @property
    def is_long(self) -> bool:
        """Whether the page folds it."""
        changes = [change for place in self.places for change in place.changes]
        return sum(len(change.removed) + len(change.added) for change in changes) > LONG


def lapsed(sheet: Sheet) -> Difference | None:
    """Return what changed since the reader's own last signature, else since the last one that lapsed; nothing unless
    one did (three queries).
    """
    versions = [signature.signoff.content_version for signature in sheet.stale if signature.signoff]
    if not versions:
        return None
    mine = [signoff.content_version for signoff in sheet.line.signoffs if signoff.user_id == sheet.user.pk]
    return difference(sheet.paper, max(mine or versions), sheet.paper.content_version)


def difference(paper: Workpaper, since: int, until: int) -> Difference:
    """Compare two versions of a paper (three queries)."""
    before, after = _texts_at(paper, since), _texts_at(paper, until)
    changes: dict[ProcedureResult | None, list[Change]] = defaultdict(list)
    for result, content in after.items():
        changes[result] += changes_between(before.get(result, {}), content)
    for revision in _lines(paper, since, until):
        changes[revision.result] += changes_between({}, revision.content)
    places = sorted(changes, key=lambda result: (result is None, result.position if result else 0))
    return Difference(since, until, [_place(result, changes[result]) for result in places if changes[result]])


def _place(result: ProcedureResult | None, changes: list[Change]) -> Place:
    if result is None:
        return Place(_("The paper as a whole"), None, changes)
    label = _("Memo") if result.is_memo else _("Procedure %(no)s") % {"no": result.position}
    return Place(label, result.pk, changes)


def _texts_at(paper: Workpaper, version: int) -> dict[ProcedureResult | None, dict[str, Any]]:
    """Return what was typed at each place up to a version (one query)."""
    typed = Revision.objects.filter(workpaper=paper, content_version__lte=version).exclude(UNTYPED)
    last = typed.order_by().values("result").annotate(last=Max("pk")).values("last")
    return {row.result: row.content for row in Revision.objects.filter(pk__in=last).select_related("result")}


def _lines(paper: Workpaper, since: int, until: int) -> QuerySet[Revision]:
    """What else changed, in order (one query)."""
    between = Revision.objects.filter(workpaper=paper, content_version__gt=since, content_version__lte=until)
    return between.filter(UNTYPED).select_related("result").order_by("id")


def compared(sheet: Sheet, since: str, until: str) -> Difference | None:
    """Return the difference between two versions that the reader chose; nothing where they chose none."""
    now = sheet.paper.content_version
    if not since.isdecimal() or int(since) not in range(now):
        return None
    last = int(until) if until.isdecimal() and int(until) in range(int(since), now) else now
    return difference(sheet.paper, int(since), last)


def signed_versions(signoffs: list[Signed]) -> list[int]:
    """The versions that somebody signed, newest first."""
    return sorted({signoff.content_version for signoff in signoffs}, reverse=True)
