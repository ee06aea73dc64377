"""What an engagement needs before planning and before fieldwork, left in bulk as its people would have left it.

Declarations, letter, decision and plan have tests of their own (tests/engagements, tests/signoff); here only the rows
and their events matter. The plan counts as approved although nobody signed its papers: tests begin with them unwritten.
"""

from datetime import date

from django.utils import timezone

from engagements.accepting import criteria_digest, declared_digest
from engagements.models import (
    Acceptance,
    AreaRisk,
    Declaration,
    Engagement,
    EngagementLetter,
    PlanApproval,
    Stage,
    TeamMember,
)
from engagements.risks import area_rows
from foundation.accounts.models import User
from foundation.files.actions import store
from foundation.trail.actions import record
from signoff.lifecycle import MOVED
from signoff.planning import Plan
from tests.uploads import PDF

COMPETENCE = "具資訊安全查核經驗。"


def accepted(engagement: Engagement, *, partner: User) -> None:
    """Everybody on the team and the firm declared, the letter recorded, the engagement accepted."""
    declared(engagement, partner=partner)
    decided(engagement, partner=partner)
    lettered(engagement, partner=partner)


def lettered(engagement: Engagement, *, partner: User) -> None:
    """The engagement letter recorded."""
    letter = EngagementLetter.objects.create(
        engagement=engagement,
        dated_on=date(2026, 1, 5),
        file=store([PDF], name="委任書.pdf", by=partner),
        has_clause=True,
        recorded_by=partner,
    )
    facts = {"letter": letter.pk, "sha256": letter.file.sha256, "dated": "2026-01-05", "clause": True}
    _tell(engagement, "terms.recorded", facts, by=partner)


def decided(engagement: Engagement, *, partner: User) -> None:
    """The engagement accepted."""
    decision = Acceptance.objects.create(
        engagement=engagement, form="direct", criteria="攸關、完整、可靠。", rationale="誠信無虞。", accepted_by=partner
    )
    facts = {"acceptance": decision.pk, "form": "direct", "criteria": criteria_digest(decision)}
    _tell(engagement, "engagement.accepted", facts, by=partner, reason=decision.rationale)


def declared(engagement: Engagement, *, partner: User) -> None:
    """Whoever of the team and the firm hasn't declared does."""
    rows = Declaration.objects.filter(engagement=engagement)
    silent = TeamMember.objects.current().filter(engagement=engagement).exclude(user__in=rows.values("declared_by"))
    for member in silent.select_related("user"):
        _declared(engagement, Declaration(of="member", competence=COMPETENCE, declared_by=member.user))
    if not rows.filter(of="firm").exists():
        _declared(engagement, Declaration(of="firm", declared_by=partner))


def _declared(engagement: Engagement, row: Declaration) -> None:
    row.engagement = engagement
    row.save(force_insert=True)
    facts = {"declaration": row.pk, "of": row.of, "texts": declared_digest(row)}
    _tell(engagement, "declaration.made", facts, by=row.declared_by)


def in_planning(engagement: Engagement, *, partner: User) -> Engagement:
    """In PLANNING, declared and accepted, without the letter: it is a file, and many tests count files."""
    declared(engagement, partner=partner)
    decided(engagement, partner=partner)
    facts = {"from": engagement.stage, "to": str(Stage.PLANNING)}
    engagement.stage = Stage.PLANNING
    engagement.save(update_fields=["stage"])
    _tell(engagement, MOVED, facts, by=partner)
    return engagement


def planned(engagement: Engagement, *, partner: User) -> None:
    """Every area of moderate risk, and the plan approved."""
    for row in area_rows(engagement):
        risk = AreaRisk.objects.create(
            engagement=engagement, chapter=row.chapter, area=row.area, level="moderate", set_by=partner
        )
        facts = {"risk": risk.pk, "area": row.code, "level": "moderate", "version": 1}
        _tell(engagement, "risk.assessed", facts, by=partner)
    approved(engagement, partner=partner)


def approved(engagement: Engagement, *, partner: User) -> None:
    """The plan approved as it is now."""
    approval = PlanApproval.objects.create(
        engagement=engagement, fingerprint=Plan(engagement).fingerprint, approved_by=partner, approved_at=timezone.now()
    )
    _tell(engagement, "plan.approved", {"approval": approval.pk, "fingerprint": approval.fingerprint}, by=partner)


def _tell(engagement: Engagement, event: str, facts: dict, *, by: User, reason: str = "") -> None:
    record(event, chain=engagement.chain, by=by, about=engagement, facts=facts, reason=reason)
