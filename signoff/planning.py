"""The plan and the partner's approval of it: what it covers, what it waits for, whether it still holds."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import rfc8785
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagements.models import AreaRisk, Engagement, PlanApproval
from engagements.risks import AreaRow, area_rows, risks_of
from engagements.validators import check_open
from foundation.accounts.models import User
from foundation.trail.actions import record
from foundation.trail.hashing import JSON
from foundation.web.blockers import Blocker, refuse
from foundation.web.refusals import Refused
from procedures.models import SignOff, Workpaper
from procedures.queries import PaperLine

LAPSED = "plan.lapsed"
# The general papers that belong to the plan: B-1, B-2, B-3 with severity, B-4 (procedures/models/sections.py).
PAPERS = ("understanding", "risks", "materiality", "discussion")
CODES = frozenset({"B-1", "B-2", "B-3", "B-4"})


@dataclass
class Plan:
    """An engagement's plan, each part of it asked at most once."""

    engagement: Engagement
    known_lines: Sequence[PaperLine] = ()

    @cached_property
    def risks(self) -> list[AreaRisk]:
        """The risks that were set (a query)."""
        return risks_of(self.engagement)

    @cached_property
    def rows(self) -> list[AreaRow]:
        """The 22 areas with their risks (two queries more)."""
        return area_rows(self.engagement, self.risks)

    @cached_property
    def papers(self) -> list[Workpaper]:
        """The plan's papers in index order, each with `prepared`: whether it is signed so at its content (a query)."""
        now = SignOff.objects.filter(
            workpaper=OuterRef("pk"), role=SignOff.Role.PREPARED, content_version=OuterRef("content_version")
        )
        papers = Workpaper.objects.filter(engagement=self.engagement, template__in=PAPERS)
        return list(papers.annotate(prepared=Exists(now)).order_by("position"))

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 (hex) over the areas' risks and the papers' content: any change to them gives another one, also one
        that is taken back.
        """
        risks = [[risk.chapter_id, risk.area_id, risk.level, risk.version] for risk in self.risks]
        papers = [[code, version] for code, version in self._versions]
        content: dict[str, Any] = {"engagement": str(self.engagement.pk), "risks": risks, "papers": papers}
        return hashlib.sha256(rfc8785.dumps(content)).hexdigest()

    @property
    def _versions(self) -> list[tuple[str, int]]:
        """The papers' content versions in index order; a page that has every paper's line knows them."""
        if self.known_lines:
            return [(line.code, line.content_version) for line in self.known_lines if line.code in CODES]
        return [(paper.code, paper.content_version) for paper in self.papers]

    @cached_property
    def approvals(self) -> list[PlanApproval]:
        """Every approval that didn't lapse, the last first (a query)."""
        rows = PlanApproval.objects.filter(engagement=self.engagement, lapsed_at=None)
        return list(rows.select_related("approved_by").order_by("-id"))

    @property
    def approval(self) -> PlanApproval | None:
        """The approval of the plan as it is now."""
        return next((row for row in self.approvals if row.fingerprint == self.fingerprint), None)

    @property
    def outdated(self) -> PlanApproval | None:
        """The last approval, if the plan has changed since."""
        return self.approvals[0] if self.approvals and not self.approval else None

    @property
    def blockers(self) -> list[Blocker]:
        """What the approval waits for."""
        return [*self._unrated(), *self._unsigned()]

    def _unrated(self) -> list[Blocker]:
        missing = [row for row in self.rows if not row.risk]
        text = ngettext("%(n)d area has no risk.", "%(n)d areas have no risk.", len(missing)) % {"n": len(missing)}
        return [Blocker("risk.missing", text, f"#area-{missing[0].code}")] if missing else []

    def _unsigned(self) -> list[Blocker]:
        text = _("%(paper)s isn't signed as prepared at its current content.")
        return [
            Blocker("plan.unprepared", text % {"paper": f"{paper.index} {paper.heading}"}, paper.get_absolute_url())
            for paper in self.papers
            if not paper.prepared  # type: ignore[attr-defined]  # annotated
        ]


@transaction.atomic
def approve_plan(engagement: Engagement, *, seen: str, by: User) -> PlanApproval:
    """Approve the plan as its partner. `seen` is the fingerprint on their page."""
    current = Engagement.objects.locked(engagement.pk)
    check_open(current)
    plan = Plan(current)
    if plan.fingerprint != seen:
        raise Refused(_("The plan changed while you were reading it. Look at it again."))
    refuse(plan.blockers)
    if plan.approval:
        return plan.approval
    row = PlanApproval.objects.create(engagement=current, fingerprint=seen, approved_by=by)
    facts: dict[str, JSON] = {"approval": row.pk, "fingerprint": seen}
    record("plan.approved", chain=current.chain, by=by, about=current, facts=facts)
    return row


def lapse_approvals(engagement: Engagement) -> None:
    """End the approvals of the plan; called inside the verb that sends the engagement back to planning."""
    for row in PlanApproval.objects.filter(engagement=engagement, lapsed_at=None):
        row.lapsed_at = timezone.now()
        row.save(update_fields=["lapsed_at"])
        record(LAPSED, chain=engagement.chain, by=None, about=engagement, facts={"approval": row.pk})
