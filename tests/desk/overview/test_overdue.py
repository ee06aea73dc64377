"""What is overdue in each engagement."""

from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone

from desk.overview.overdue import overdue_in
from engagements.models import Engagement, Note, Stage
from engagements.noting import write_note
from evidence.models import Request
from findings.models import FindingRelease, ManagementResponse
from findings.words import words
from tests.desk.overview.test_yearly import write

TODAY = "2026-11-29 12:00 +0800"


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(TODAY):
        yield


def found() -> list[tuple[str, int, int]]:
    """(what, how many, the oldest in days) of every line."""
    rows = overdue_in(Engagement.objects.select_related("auditee"))
    return [(line.what, line.number, line.days) for row in rows for line in row.lines]


def ask(engagement: Engagement, number: int, due_on: date, state: str = Request.State.REQUESTED) -> None:
    """So many of the engagement's requests are due on that day, the others long from now."""
    requests = Request.objects.filter(engagement=engagement).order_by("number")
    requests.update(due_on=date(2027, 1, 31))
    requests.filter(number__lte=number).update(due_on=due_on, state=state)


def test_requests_are_overdue_from_the_day_after(fieldwork):
    ask(fieldwork, 3, date(2026, 11, 29))
    assert found() == []
    ask(fieldwork, 3, date(2026, 11, 28))
    assert found() == [("request", 3, 1)]


def test_what_is_settled_is_not_overdue(fieldwork):
    ask(fieldwork, 3, date(2026, 11, 1), state=Request.State.ACCEPTED)
    assert found() == []


def test_review_notes_are_overdue_after_their_day(fieldwork, paper, reviewer):
    ask(fieldwork, 0, date(2026, 11, 1))
    note = write_note(fieldwork, anchor=paper, text="請附掃描件", by=reviewer)
    Note.objects.filter(pk=note.pk).update(due_on=timezone.localdate() - timedelta(days=4))
    write_note(fieldwork, anchor=paper, text="未定期限", by=reviewer)
    assert found() == [("note", 1, 4)]


def test_a_report_that_was_to_be_filed_is_overdue(engagement):
    Engagement.objects.update(deadline=date(2026, 11, 19))
    assert found() == [("filing", 1, 10)]


def test_a_report_that_was_issued_is_not_to_be_filed_again_while_it_is_reissued(engagement):
    Engagement.objects.update(deadline=date(2026, 11, 19), issued_on=date(2026, 11, 18))
    assert found() == []


def test_findings_are_overdue_until_management_answers(fieldwork, partner):
    ask(fieldwork, 0, date(2026, 11, 1))
    [finding] = write(fieldwork, "minor", by=partner)
    told = {"wording": words(finding), "due_on": date(2026, 11, 26), "released_by": partner}
    release = FindingRelease.objects.create(finding=finding, number=1, **told)
    assert found() == [("response", 1, 3)]
    ManagementResponse.objects.create(release=release, kind="given", text="已改善。", recorded_by=partner)
    assert found() == []


def test_nothing_is_overdue_in_what_is_issued(fieldwork):
    ask(fieldwork, 3, date(2026, 11, 1))
    Engagement.objects.update(stage=Stage.ISSUED)
    assert found() == []


def test_lines_are_as_long_as_their_numbers(fieldwork, paper, reviewer):
    ask(fieldwork, 4, date(2026, 11, 1))
    note = write_note(fieldwork, anchor=paper, text="請附掃描件", by=reviewer)
    Note.objects.filter(pk=note.pk).update(due_on=date(2026, 11, 1))
    [row] = overdue_in([fieldwork])
    assert [line.width for line in row.lines] == ["100.00%", "25.00%"]
