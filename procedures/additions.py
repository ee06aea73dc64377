"""Procedures that the team adds to a paper, and what it decides about control text that no printed procedure tests."""

import hashlib

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from controls.models import CoverageGap
from foundation.accounts.models import User
from foundation.trail.actions import record
from foundation.trail.hashing import JSON
from foundation.web.refusals import Refused
from procedures.actions import locked, locked_result
from procedures.models import DeclinedGap, ProcedureResult, Workpaper
from procedures.revisions import amend, revised

MOST = 50  # procedures of one paper
AN_EXCERPT = 60  # characters of a wording in the paper's history


@transaction.atomic
def add_procedure(paper: Workpaper, text: str, *, gap: CoverageGap | None = None, by: User) -> ProcedureResult:
    """Add a procedure after the paper's last one, perhaps for a gap that nobody adopted or declined yet."""
    paper = locked(paper.pk, by=by)
    position = (paper.results.aggregate(last=Max("position"))["last"] or 0) + 1
    _check_place(paper, position)
    _check_wording(text)
    if gap:
        _check_open(paper, gap)
    kind = ProcedureResult.Kind.ADDED
    result = ProcedureResult(workpaper=paper, kind=kind, text=text.strip(), gap=gap, position=position)
    result.save(force_insert=True)
    revision = amend(paper, f"+ {_in_short(result)}", by=by)
    facts = added_facts(result) | revised(revision)
    record("procedure.added", chain=paper.engagement.chain, by=by, about=paper, facts=facts)
    return result


@transaction.atomic
def reword_added(result: ProcedureResult, text: str, *, by: User) -> ProcedureResult:
    """Change the wording of an added procedure; the same wording again changes nothing."""
    current = _locked_addition(result, by=by)
    _check_wording(text)
    if current.text == text.strip():
        return current
    paper, current.text = current.workpaper, text.strip()
    current.save(update_fields=["text"])
    revision = amend(paper, f"+ {_in_short(current)}", by=by)
    facts = added_facts(current) | revised(revision)
    record("procedure.reworded", chain=paper.engagement.chain, by=by, about=paper, facts=facts)
    return current


@transaction.atomic
def drop_added(result: ProcedureResult, *, by: User) -> None:
    """Take an added procedure off the paper while nothing was entered on it. Its gap is undecided again."""
    current = _locked_addition(result, by=by)
    if _is_begun(current):
        raise Refused(_("Something was entered on this procedure: it stays. It may be not applicable, with a reason."))
    paper, facts, told = current.workpaper, added_facts(current), f"- {_in_short(current)}"
    current.delete()
    facts |= revised(amend(paper, told, by=by))
    record("procedure.dropped", chain=paper.engagement.chain, by=by, about=paper, facts=facts)


def _locked_addition(result: ProcedureResult, *, by: User) -> ProcedureResult:
    current = locked_result(result.pk, by=by)
    if not current.is_added:
        raise Refused(_("A prescribed procedure stays as it is printed; record a departure from it."))
    return current


def _is_begun(result: ProcedureResult) -> bool:
    """Whether a person entered something on it, cited for it, tied or wrote to it."""
    return result.saved_at is not None or result.supports.exists() or result.revisions.exists()


def _check_place(paper: Workpaper, position: int) -> None:
    if paper.is_general:
        raise Refused(_("Procedures belong to the papers on control points."))
    if position > MOST:
        raise Refused(_("The paper is full."))


def _check_wording(text: str) -> None:
    if not text.strip():
        raise Refused(_("Say what is to be done."))


def _check_open(paper: Workpaper, gap: CoverageGap) -> None:
    """Refuse a gap of another control point, or one about which is decided already."""
    if gap.point_id != paper.control_point_id:
        raise Refused(_("This is no control text of this paper."))
    adopted = paper.results.filter(gap=gap).exists()
    if adopted or DeclinedGap.objects.filter(workpaper=paper, gap=gap).exists():
        raise Refused(_("Somebody decided about this meanwhile."))


@transaction.atomic
def decline_gap(paper: Workpaper, gap: CoverageGap, *, reason: str, by: User) -> DeclinedGap:
    """Decide, with a reason, that a gap gets no procedure of its own."""
    paper = locked(paper.pk, by=by)
    if not reason.strip():
        raise Refused(_("Say why no procedure is needed."))
    _check_open(paper, gap)
    declined = DeclinedGap(workpaper=paper, gap=gap, reason=reason.strip(), declined_by=by)
    declined.save(force_insert=True)
    revision = amend(paper, f"+ {gap.note}：{declined.reason}", by=by)
    facts = declined_facts(declined) | revised(revision)
    record("gap.declined", chain=paper.engagement.chain, by=by, about=paper, facts=facts, reason=declined.reason)
    return declined


@transaction.atomic
def reconsider_gap(paper: Workpaper, gap: CoverageGap, *, by: User) -> None:
    """Take the decision back: the gap is undecided again. Without a decision nothing changes."""
    paper = locked(paper.pk, by=by)
    declined = DeclinedGap.objects.filter(workpaper=paper, gap=gap).first()
    if declined is None:
        return
    facts = declined_facts(declined)
    declined.delete()
    facts |= revised(amend(paper, f"- {gap.note}：{declined.reason}", by=by))
    record("gap.reconsidered", chain=paper.engagement.chain, by=by, about=paper, facts=facts)


def _in_short(result: ProcedureResult) -> str:
    text = result.text
    return f"{result.label} {text if len(text) <= AN_EXCERPT else text[:AN_EXCERPT] + '…'}"


def added_facts(result: ProcedureResult) -> dict[str, JSON]:
    """What the trail tells of an added procedure: its wording as SHA-256 (hex)."""
    wording = hashlib.sha256(result.text.encode()).hexdigest()
    return {"result": str(result.pk), "no": result.position, "wording": wording, "gap": result.gap_id}


def declined_facts(declined: DeclinedGap) -> dict[str, JSON]:
    """What the trail tells of a gap that gets no procedure; why is the event's reason."""
    return {"declined": declined.pk, "gap": declined.gap_id}
