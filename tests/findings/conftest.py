"""An exception and the finding raised from it."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from findings.actions import raise_finding
from findings.asking import Asked, asked_of
from findings.models import Finding, FindingRelease
from findings.releasing import first_due, release_findings
from procedures.actions import Entry, save_result
from procedures.models import ProcedureResult
from tests.tampering import unguarded

WORDING = {
    "title": "下半年弱點掃描未於期間內執行",
    "condition": "公司訂有每半年執行弱點掃描之程序，惟下半年未執行。",
    "criterion": "標準規範八、(八)、2",
    "severity": "significant",
    "type": "operation",
    "risk": "未及時發現弱點。",
    "recommendation": "排入年度計畫並追蹤。",
}


@pytest.fixture
def except_from(preparer) -> Any:
    """Make a result an exception."""

    def except_from(result: ProcedureResult, outcome: str = "exception") -> ProcedureResult:
        return save_result(result, Entry(outcome=outcome, work="下半年未執行。"), version=result.version, by=preparer)

    return except_from


@pytest.fixture
def exception(result, except_from) -> ProcedureResult:
    """The first procedure of C-3.8.2, with an exception."""
    made: ProcedureResult = except_from(result)
    return made


@pytest.fixture
def finding(exception, preparer) -> Finding:
    return raise_finding(exception, WORDING, by=preparer)


@pytest.fixture
def release(finding, reviewer) -> FindingRelease:
    """The finding, put before the broker."""
    (made,) = release_findings(finding.engagement, [finding], due_on=first_due(), by=reviewer)
    return made


@pytest.fixture
def overdue(release) -> FindingRelease:
    """The release, its day for an answer passed."""
    with unguarded(FindingRelease._meta.db_table):
        FindingRelease.objects.update(due_on=timezone.localdate() - timedelta(days=1))
    release.refresh_from_db()
    return release


def asked(finding: Finding) -> Asked:
    """Where the dialogue about a finding stands, as stored."""
    return asked_of(Finding.objects.get(pk=finding.pk))
