"""Eight things that somebody may try on the trail, and on the rows and files that it tells of.

Edit a body, delete a row, cut the tail, reorder, replace a file's bytes, truncate, INSERT OR REPLACE, put an older copy
back. The database refuses them; somebody with the owner's rights takes the guards away, and then verify_trail says what
is wrong and where. Every test runs on both databases.
"""

import pytest
from django.db import connection

from engagements.models import Engagement
from evidence.decisions import withdraw
from evidence.models import Evidence
from findings.actions import raise_finding
from findings.releasing import first_due, release_findings
from findings.responding import Answer, respond
from foundation.trail.actions import record
from foundation.trail.models import Event
from procedures.actions import Entry, save_result
from procedures.models import Outcome
from signoff.fingerprint import fingerprint
from signoff.models import EngagementSignOff
from tests import beginnings
from tests.findings.conftest import WORDING
from tests.papers import sign
from tests.tampering import GUARDED, answers_told, found
from tests.uploads import deposit, pdf, text


@pytest.fixture(autouse=True)
def _english(english: None) -> None:
    """The words that the suite compares."""


@pytest.fixture
def fieldwork(fieldwork, partner) -> Engagement:
    beginnings.lettered(fieldwork, partner=partner)
    return answers_told(fieldwork, by=partner)


@pytest.fixture
def file(fieldwork, paper, result, issued, preparer, partner, broker) -> Engagement:
    """An engagement with a row in every guarded table; its last events tell of downloads, which leave no row."""
    piece, mistaken = deposit(fieldwork, [pdf(), text()], by=preparer)
    withdraw(mistaken, reason="誤傳", by=partner)
    save_result(result, Entry(Outcome.EXCEPTION, "未執行。"), version=result.version, by=preparer)
    (told,) = release_findings(fieldwork, [raise_finding(result, WORDING, by=preparer)], due_on=first_due(), by=partner)
    respond(told.finding, Answer("given", "同意。", "資訊部"), seen=told.pk, by=broker)
    sign(paper, by=preparer)
    now = fingerprint(fieldwork)
    signed = EngagementSignOff.objects.create(engagement=fieldwork, role="final", user=partner, fingerprint=now)
    facts = {"role": "final", "fingerprint": now, "signoff": signed.pk}
    record("file.signed", chain=fieldwork.chain, by=partner, about=fieldwork, facts=facts)
    for _ in range(3):
        record(
            "evidence.downloaded", chain=fieldwork.chain, by=partner, about=piece, facts={"sha256": piece.file.sha256}
        )
    assert all(model.objects.exists() for model in GUARDED)
    assert found() == []
    connection.check_constraints()  # PostgreSQL truncates no table with deferred checks on it
    return fieldwork


@pytest.fixture
def piece(file) -> Evidence:
    return Evidence.objects.select_related("file").get(number=1)


@pytest.fixture
def last(file) -> Event:
    """The last event of the engagement's chain."""
    return Event.objects.filter(chain__key=file.chain).latest("seq")
