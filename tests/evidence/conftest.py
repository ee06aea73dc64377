"""Requests in every state."""

from typing import Any

import pytest

from evidence.models import Request
from tests.uploads import answer_request, pdf


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
