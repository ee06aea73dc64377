"""What people enter on a workpaper. Every verb bumps the content version, so older sign-offs stop being valid."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.accounts.models import User
from foundation.trail.actions import record
from foundation.web.refusals import Conflict
from procedures.clauses import as_text, lists_clauses
from procedures.content import conclusion_hash, result_content, result_hash
from procedures.models import Matrix, ProcedureResult, Revision, Support, Workpaper
from procedures.revisions import SUPPORT, bump, revise, revised, start_revision
from procedures.validators import check_departure, check_entry, check_writable

ENTERED = ("outcome", "work", "reason", "departure", "performed_on")


@dataclass(frozen=True, slots=True)
class Entry:
    """What is typed for one procedure: the fields that `ENTERED` names."""

    outcome: str = ""
    work: str = ""
    reason: str = ""
    performed_on: date | None = None
    departure: str = ""


def locked(workpaper_id: UUID, *, by: User) -> Workpaper:
    """Return the paper, locked with its engagement, for `by` to write on; refused unless the engagement is open for
    work, and to juniors on a paper that somebody else was given.

    Every verb locks the engagement first, then the paper, then the row, and appends to the trail last: none waits
    for another that waits for it, and nothing is written while the report is being issued.
    """
    papers = Workpaper.objects.select_for_update(of=("engagement", "self"), no_key=True).select_related("engagement")
    workpaper: Workpaper = papers.get(pk=workpaper_id)
    check_writable(workpaper, by)
    return workpaper


@transaction.atomic
def save_result(
    result: ProcedureResult, entry: Entry, *, version: int, by: User, reopening: bool = True
) -> ProcedureResult:
    """Save what was entered, if nobody saved since `version`; else Conflict with the other person's text.

    Saving what already stands writes nothing. Without `reopening` a signed paper stays as it is: whoever still has it
    open from before the signature doesn't undo it by typing on.
    """
    current = locked_result(result.pk, by=by)
    workpaper = current.workpaper
    if result_content(_apply(ProcedureResult(), entry)) == result_content(current):
        return current
    if current.version != version:
        raise conflict(current.version, typed(current), by=current.performed_by, at=current.saved_at)
    check_entry(current, outcome=entry.outcome, performed_on=entry.performed_on)
    check_departure(current, entry.departure)
    _apply(current, entry)
    current.version, current.performed_by, current.saved_at = version + 1, by, timezone.now()
    current.save(update_fields=[*ENTERED, "version", "performed_by", "saved_at"])
    bump(workpaper, reopening=reopening)
    revision = revise(workpaper, current, standing(current), by=by, reopening=reopening)
    facts: dict[str, Any] = {"result": str(current.pk), "outcome": current.outcome, "hash": result_hash(current)}
    facts |= revised(revision)
    record("result.saved", chain=workpaper.engagement.chain, by=by, about=result.workpaper, facts=facts)
    return current


def locked_result(result_id: UUID, *, by: User) -> ProcedureResult:
    """Return a result with its paper, both locked; refused as `locked` refuses.

    Its matrix isn't joined in: whoever waited for the lock would be shown the one from before.
    """
    results = ProcedureResult.objects.select_for_update(of=("workpaper__engagement", "workpaper", "self"), no_key=True)
    result: ProcedureResult = results.select_related("procedure", "workpaper__engagement").get(pk=result_id)
    check_writable(result.workpaper, by)
    return result


def _apply(result: ProcedureResult, entry: Entry) -> ProcedureResult:
    for name in ENTERED:
        setattr(result, name, getattr(entry, name))
    return result


def typed(result: ProcedureResult) -> dict[str, Any]:
    """What a result's form holds, each field of it: what a signature covers, and an empty departure too."""
    return {**result_content(result), "departure": result.departure}


def standing(result: ProcedureResult) -> dict[str, Any]:
    """All that stands on a result, as its revisions keep it: what was typed, and the matrix where there is one (a query
    where clauses are listed).
    """
    matrix: Matrix | None = getattr(result, "matrix", None) if lists_clauses(result) else None
    return typed(result) | ({"matrix": as_text(matrix)} if matrix else {})


def conflict(version: int, theirs: dict[str, str], *, by: User | None = None, at: datetime | None = None) -> Conflict:
    """Somebody else was first; who and when, where that is known."""
    if by is None or at is None:
        return Conflict(_("Somebody else saved this in the meantime."), version=version, theirs=theirs)
    told = {"name": by.name, "time": timezone.localtime(at).strftime("%H:%M:%S")}
    return Conflict(_("%(name)s saved this at %(time)s.") % told, version=version, theirs=theirs)


@transaction.atomic
def save_conclusion(
    workpaper: Workpaper, conclusion: str, *, version: int, by: User, reopening: bool = True
) -> Workpaper:
    """Save the paper's conclusion, if nobody saved it since `version`; else Conflict. `reopening` as for a result."""
    paper = locked(workpaper.pk, by=by)
    if paper.conclusion == conclusion:
        return paper
    if paper.version != version:
        raise conflict(paper.version, {"conclusion": paper.conclusion})
    paper.conclusion, paper.version = conclusion, version + 1
    paper.save(update_fields=["conclusion", "version"])
    bump(paper, reopening=reopening)
    revision = revise(paper, None, {"conclusion": conclusion}, by=by, reopening=reopening)
    facts: dict[str, Any] = {"hash": conclusion_hash(paper), **revised(revision)}
    record("conclusion.saved", chain=paper.engagement.chain, by=by, about=paper, facts=facts)
    return paper


@dataclass(frozen=True, slots=True)
class Source:
    """What supports a result: a piece of evidence or a finding, as text and digest."""

    kind: Support.Kind
    pk: UUID
    digest: str
    label: str
    nature: str = ""
    dates: tuple[str, ...] = ()
    covered_from: date | None = None
    covered_to: date | None = None


@transaction.atomic
def support(result: ProcedureResult, source: Source, *, by: User) -> Revision:
    """Rest a result on a source, or refresh what it says; called inside the verbs of evidence and findings, whose
    events tell of the revision.
    """
    workpaper = locked(result.workpaper_id, by=by)
    Support.objects.update_or_create(
        result=result,
        kind=source.kind,
        source=source.pk,
        defaults={
            "digest": source.digest,
            "label": source.label,
            "nature": source.nature,
            "dates": list(source.dates),
            "covered_from": source.covered_from,
            "covered_to": source.covered_to,
        },
    )
    bump(workpaper)
    return start_revision(workpaper, result, {SUPPORT: f"+ {source.label}"}, by=by)


@transaction.atomic
def unsupport(result: ProcedureResult, *, kind: Support.Kind, pk: UUID, by: User) -> Revision | None:
    """Take a source away from a result, as `support` adds it; where it doesn't rest on it, nothing is revised."""
    workpaper = locked(result.workpaper_id, by=by)
    row = Support.objects.filter(result=result, kind=kind, source=pk).first()
    if row is None:
        return None
    row.delete()
    bump(workpaper)
    return start_revision(workpaper, result, {SUPPORT: f"- {row.label}"}, by=by)
