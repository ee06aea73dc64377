"""Requests in every state."""

from typing import Any

import pytest

from engagements.models import Engagement, Stage
from evidence.models import Evidence, Request
from foundation.accounts.models import Organization, User
from tests.stages import annual
from tests.uploads import answer_request, deposit, pdf


@pytest.fixture
def asked(fieldwork) -> Request:
    """The first request of the engagement: the organization chart."""
    found: Request = Request.objects.select_related("engagement__auditee").get(engagement=fieldwork, number=1)
    return found


@pytest.fixture
def answered(asked, broker) -> Request:
    """The same, handed over by the broker."""
    answer_request(asked, [pdf("組織圖.pdf")], answer="如附件。", by=broker)
    asked.refresh_from_db()
    return asked


@pytest.fixture
def state_of() -> Any:
    return lambda request: Request.objects.values_list("state", flat=True).get(pk=request.pk)


def in_another_year(auditee: Organization, filed_with: Organization, by: User, *, year: int) -> Engagement:
    """Another engagement, in fieldwork."""
    other = annual(auditee, filed_with, by=by, year=year)
    Engagement.objects.filter(pk=other.pk).update(stage=Stage.FIELDWORK)
    return Engagement.objects.get(pk=other.pk)


@pytest.fixture
def others_piece(other_firm, broker_company, exchange_company) -> Evidence:
    """What another firm got from the same broker."""
    engagement = in_another_year(broker_company, exchange_company, other_firm, year=2025)
    (piece,) = deposit(engagement, [pdf("乙.pdf", b"2")], by=other_firm)
    return piece
