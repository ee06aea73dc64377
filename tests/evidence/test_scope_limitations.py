"""A request that is closed because the document wasn't provided, as a limitation of the scope."""

import pytest

from evidence.models import Request
from evidence.requests import dispose_request
from procedures.models import ProcedureResult


def list_url(engagement) -> str:
    return f"/engagements/{engagement.pk}/requests/"


@pytest.fixture
def limiting(asked, reviewer) -> Request:
    dispose_request(asked, disposition="limitation", reason="經多次催請仍未提供。", by=reviewer)
    return Request.objects.get(pk=asked.pk)


def test_a_scope_limitation_is_told_apart_in_the_list_and_can_be_filtered(sign_in, fieldwork, reviewer, limiting):
    client = sign_in(reviewer)
    other = Request.objects.filter(engagement=fieldwork).exclude(pk=limiting.pk).first()
    dispose_request(other, disposition="unneeded", reason="未適用。", by=reviewer)
    assert "未提供，列為範圍受限" in client.get(list_url(fieldwork)).content.decode()
    found = client.get(list_url(fieldwork), {"state": "limitation"}).content.decode()
    assert f"/requests/{limiting.pk}/" in found
    assert f"/requests/{other.pk}/" not in found


def test_a_scope_limitation_leads_to_the_procedures_that_needed_the_document(sign_in, fieldwork, reviewer, limiting):
    page = sign_in(reviewer).get(f"/requests/{limiting.pk}/").content.decode()
    assert "尚未作成結果" in page
    procedure = limiting.documents.first().procedure
    ProcedureResult.objects.filter(workpaper__engagement=fieldwork, procedure=procedure).update(
        outcome="scope_limitation"
    )
    page = sign_in(reviewer).get(f"/requests/{limiting.pk}/").content.decode()
    assert '<span class="badge scope_limitation">範圍受限</span>' in page
