"""What an engagement was accepted and planned on, changed behind the guards' back, is found."""

import pytest

from engagements.models import Acceptance, AreaRisk, Declaration, Engagement, EngagementLetter, PlanApproval
from signoff.lifecycle import send_back, withdraw_engagement
from tests import beginnings
from tests.tampering import DIFFERS, answers_told, found, missing, remove, tamper

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def planned(planned, partner) -> Engagement:
    beginnings.lettered(planned, partner=partner)
    return answers_told(planned, by=partner)


def test_an_untouched_engagement_is_whole(planned):
    assert found() == []


CHANGES = [
    (Declaration, {"threats": "無"}, "declaration.made: texts"),
    (EngagementLetter, {"dated_on": "2026-02-01"}, "terms.recorded: dated"),
    (EngagementLetter, {"has_clause": False}, "terms.recorded: clause"),
    (Acceptance, {"form": "attestation"}, "engagement.accepted: form"),
    (Acceptance, {"criteria": "不適合"}, "engagement.accepted: criteria"),
    (Acceptance, {"rationale": "另有考量"}, "engagement.accepted: reason"),
    (AreaRisk, {"level": "low", "why": "無"}, "risk.assessed: level, reason"),
    (AreaRisk, {"version": 7}, "risk.assessed: version"),
    (PlanApproval, {"fingerprint": "ab" * 32}, "plan.approved: fingerprint"),
]


@pytest.mark.parametrize(("model", "change", "told"), CHANGES, ids=lambda value: getattr(value, "__name__", ""))
def test_a_changed_row_is_found(planned, model, change, told):
    row = model.objects.latest("pk")
    tamper(model, **change)
    assert f"engagements.{model.__name__} {row.pk}: {DIFFERS} {told}" in found()


@pytest.mark.parametrize(
    ("model", "event"),
    [
        (Declaration, "declaration.made"),
        (EngagementLetter, "terms.recorded"),
        (Acceptance, "engagement.accepted"),
        (AreaRisk, "risk.assessed"),
        (PlanApproval, "plan.approved"),
    ],
)
def test_a_deleted_row_is_found(planned, model, event):
    row = model.objects.latest("pk")
    remove(row)
    assert len(missing(f"engagements.{model.__name__} {row.pk}", event)) == 1


def test_a_declaration_that_nobody_made_is_found(planned, preparer):
    row = Declaration.objects.create(engagement=planned, competence="CISA", declared_by=preparer)
    assert found() == [f"engagements.Declaration {row.pk}: the trail has no event declaration.made about it"]


def test_an_acceptance_or_approval_that_is_brought_back_is_found(planned, partner):
    send_back(planned, reason="發現其他服務", by=partner)
    assert found() == []
    decision = Acceptance.objects.get()
    tamper(Acceptance, lapsed_at=None)
    assert missing(f"engagements.Acceptance {decision.pk}", "engagement.acceptance-lapsed") == found()


def test_a_withdrawn_engagement_that_is_brought_back_is_found(planned, partner):
    withdraw_engagement(planned, reason="範圍受限", by=partner)
    assert found() == []
    Engagement.objects.filter(pk=planned.pk).update(stage="planning")
    assert any("engagement.withdrawn" in problem for problem in found())
