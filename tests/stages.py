"""Engagements brought to later stages in bulk, as their people would have left them.

The verbs of papers and requests have tests of their own; here only the state that they leave matters.
"""

from datetime import date

from django.db import transaction
from django.utils import timezone

from controls.models import CatalogueVersion, Condition, FrequencyRule
from engagements.models import Engagement, ProfileAnswer, Stage, TeamMember
from evidence.actions import number_evidence
from evidence.models import Request
from evidence.times import Covered
from foundation.accounts.models import Organization, User
from foundation.files.actions import store
from foundation.trail.actions import record
from procedures.duties import facts_of, stated_facts
from procedures.general import begin_engagement
from procedures.known_duties import period_of
from procedures.models import Occurrence, Outcome, ProcedureResult, SignOff, StatedFrequency, Workpaper
from procedures.stretches import stretches
from signoff.conclusions import conclude, sign_file
from signoff.fingerprint import fingerprint
from signoff.lifecycle import advance, open_fieldwork
from signoff.models import EngagementSignOff, SignedRepresentation
from signoff.representations import draft_representation, signed_facts
from tests import beginnings
from tests.uploads import PDF

WORK = "取得並檢視，核對相符。"


def annual(auditee: Organization, filed_with: Organization, *, by: User, year: int = 2026) -> Engagement:
    """The assessment of one calendar year, created by its partner."""
    return begin_engagement(
        Engagement(
            auditee=auditee,
            filed_with=filed_with,
            kind=Engagement.Kind.ANNUAL,
            period_start=date(year, 1, 1),
            period_end=date(year, 12, 31),
            deadline=date(year + 1, 3, 31),
            catalogue=CatalogueVersion.objects.current(),
        ),
        by=by,
    )


def answer_profile(engagement: Engagement, *kinds: str, by: User, applies: bool = True) -> None:
    conditions = Condition.objects.filter(version=engagement.catalogue_id, kind__in=kinds or Condition.Kind.values)
    ProfileAnswer.objects.bulk_create(
        ProfileAnswer(engagement=engagement, condition=condition, applies=applies, reason="已確認", answered_by=by)
        for condition in conditions.exclude(
            pk__in=ProfileAnswer.objects.filter(engagement=engagement).values("condition")
        )
    )


def in_fieldwork(engagement: Engagement, *, partner: User, manager: User, eqr: User) -> Engagement:
    TeamMember.objects.create(engagement=engagement, user=manager, role="manager")
    TeamMember.objects.create(engagement=engagement, user=eqr, role="eqr")
    answer_profile(engagement, Condition.Kind.PROFILE, Condition.Kind.CHOICE, by=partner)
    return opened(engagement, partner=partner)


def opened(engagement: Engagement, *, partner: User) -> Engagement:
    """Accepted and planned, its profile being answered; in FIELDWORK."""
    beginnings.accepted(engagement, partner=partner)
    beginnings.planned(engagement, partner=partner)
    advance(engagement, expected=Stage.ACCEPTANCE, by=partner)
    return open_fieldwork(engagement, by=partner)


def perform_all(engagement: Engagement, *, by: User) -> None:
    """Every procedure concluded without exception on the last day, with its work and a reason for having no evidence.

    That day may be to come: what the verbs refuse lets an engagement of this year be seen at every stage.
    """
    results = ProcedureResult.objects.filter(workpaper__engagement=engagement, outcome="")
    results.filter(kind=ProcedureResult.Kind.MEMO).update(work=WORK, performed_by=by)
    results.exclude(kind=ProcedureResult.Kind.MEMO).update(
        outcome=Outcome.NO_EXCEPTION,
        work=WORK,
        reason="已實地觀察，無書面佐證。",
        performed_on=engagement.last_day,
        performed_by=by,
    )
    see_all_occurrences(engagement, by=by)


def see_all_occurrences(engagement: Engagement, *, by: User) -> None:
    """Every recurring duty seen on site as often as it is due; what is periodic, every year. With their events."""
    papers = {paper.control_point_id: paper for paper in Workpaper.objects.filter(engagement=engagement)}
    period = period_of(engagement)
    if period is None:
        return
    bound = FrequencyRule.objects.filter(point__in=papers, procedures__isnull=False).distinct()
    for rule in bound:
        paper, frequency = papers[rule.point_id], rule.frequency
        paper.engagement = engagement
        if rule.frequency == FrequencyRule.Frequency.PERIODIC:
            frequency = _stated_yearly(paper, rule, by=by).frequency
        for stretch in stretches(frequency, period):
            _seen(paper, rule, stretch.span.first, by=by)


def _stated_yearly(paper: Workpaper, rule: FrequencyRule, *, by: User) -> StatedFrequency:
    stated = StatedFrequency.objects.filter(workpaper=paper, rule=rule).first()
    if stated is None:
        told = {"frequency": StatedFrequency.Frequency.ANNUAL, "source": "資訊安全政策第 3 條"}
        stated = StatedFrequency.objects.create(workpaper=paper, rule=rule, stated_by=by, **told)
        facts, chain = stated_facts(stated), paper.engagement.chain
        record("duty.frequency-stated", chain=chain, by=by, about=paper, facts=facts, reason=stated.source)
    return stated


def _seen(paper: Workpaper, rule: FrequencyRule, day: date, *, by: User) -> None:
    if not Occurrence.objects.filter(workpaper=paper, rule=rule, starts_on=day).exists():
        told = {"kind": Occurrence.Kind.SEEN, "happened_on": day, "reason": "現場檢視紀錄正本。"}
        row = Occurrence.objects.create(workpaper=paper, rule=rule, starts_on=day, told_by=by, **told)
        facts, chain = facts_of(row), paper.engagement.chain
        record("duty.occurrence-told", chain=chain, by=by, about=paper, facts=facts, reason=row.reason)


def sign_all(engagement: Engagement, role: str, *, by: User, **only: str) -> None:
    SignOff.objects.bulk_create(
        SignOff(workpaper=paper, role=role, user=by, content_version=paper.content_version, content_hash="ab" * 32)
        for paper in Workpaper.objects.filter(engagement=engagement, **only)
    )


def settle_requests(engagement: Engagement) -> None:
    Request.objects.filter(engagement=engagement).update(state=Request.State.ACCEPTED, state_since=timezone.now())


def in_review(engagement: Engagement, *, preparer: User, partner: User) -> Engagement:
    """All performed and prepared; the events of the period answered."""
    perform_all(engagement, by=preparer)
    sign_all(engagement, "prepared", by=preparer)
    answer_profile(engagement, Condition.Kind.EVENT, by=partner)
    return advance(engagement, expected=Stage.FIELDWORK, by=partner)


def in_reporting(engagement: Engagement, *, reviewer: User, partner: User) -> Engagement:
    """All reviewed, the memorandum signed by the partner too, every request settled."""
    sign_all(engagement, "reviewed", by=reviewer)
    sign_all(engagement, "approved", by=partner, template="memorandum")
    settle_requests(engagement)
    return advance(engagement, expected=Stage.REVIEW, by=partner)


def in_quality_review(engagement: Engagement, *, partner: User) -> Engagement:
    """Concluded, represented by management, and signed by the partner."""
    conclude(engagement, kind="unmodified", rationale="無重大缺失。", by=partner)
    represent(engagement, by=partner)
    sign_file(engagement, EngagementSignOff.Role.FINAL, seen=fingerprint(engagement), by=partner)
    return advance(engagement, expected=Stage.REPORTING, by=partner)


@transaction.atomic
def represent(engagement: Engagement, *, by: User, dated_on: date | None = None) -> SignedRepresentation:
    """The representation letter drafted, and back signed today, whether or not the period is over."""
    letter = draft_representation(engagement, "# 客戶聲明書\n\n本公司已提供全部資料。", by=by)
    day = dated_on or timezone.localdate()
    file = store([PDF], name="客戶聲明書.pdf", by=by)
    scan = number_evidence(engagement, file, Covered.state(day), by=by)
    signed = SignedRepresentation.objects.create(
        letter=letter, dated_on=day, signatory="董事長", scan=scan, recorded_by=by
    )
    facts = signed_facts(signed)
    record("representation.signed", chain=engagement.chain, by=by, about=letter, facts=facts)
    return signed
