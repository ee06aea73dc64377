"""Management's answers are rows that are only added to: its own, or recorded by the team with where they come from."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from engagements.models import Engagement, Stage
from findings.models import AnswerState, ManagementResponse
from findings.releasing import first_due, release_findings
from findings.responding import Answer, record_response, record_silence, respond
from foundation.trail.models import Event
from foundation.web.refusals import Refused

from .conftest import asked

AGREED = Answer("given", "已排定補行。", "資訊部 張經理", date(2027, 1, 31))


def test_the_broker_s_answer_is_a_row_of_its_own_person(finding, release, broker):
    response = respond(finding, AGREED, seen=release.pk, by=broker)
    stored = ManagementResponse.objects.get()
    assert (stored, stored.recorded_by, stored.source) == (response, broker, "")
    assert (stored.text, stored.owner, stored.due_on) == ("已排定補行。", "資訊部 張經理", date(2027, 1, 31))
    event = Event.objects.get(name="finding.answered")
    assert (event.content["actor"]["id"], event.content["actor"]["role"]) == (str(broker.pk), "broker")
    assert "已排定補行" not in str(event.content["facts"])


def test_the_latest_answer_counts_and_the_earlier_ones_stay(finding, release, broker):
    respond(finding, AGREED, seen=release.pk, by=broker)
    respond(finding, Answer("refused", "另案處理。"), seen=release.pk, by=broker)
    assert asked(finding).state == AnswerState.REFUSED
    assert ManagementResponse.objects.count() == 2


def test_an_answer_to_words_that_were_changed_meanwhile_is_refused(finding, release, reviewer, broker):
    release_findings(finding.engagement, [finding], due_on=date(2099, 1, 1), by=reviewer)
    with pytest.raises(Refused):
        respond(finding, AGREED, seen=release.pk, by=broker)
    assert not ManagementResponse.objects.exists()


def test_the_team_can_not_answer_as_the_broker(finding, release, partner, other_broker):
    for stranger in (partner, other_broker):
        with pytest.raises(Refused):
            respond(finding, AGREED, seen=release.pk, by=stranger)
    assert not ManagementResponse.objects.exists()


def test_what_came_another_way_is_recorded_with_its_source(finding, release, reviewer):
    with pytest.raises(Refused):
        record_response(finding, AGREED, source=" ", by=reviewer)
    response = record_response(finding, AGREED, source="115/12/01 會議紀錄", by=reviewer)
    assert (response.source, response.recorded_by) == ("115/12/01 會議紀錄", reviewer)
    assert asked(finding).state == AnswerState.GIVEN


def test_what_was_not_released_is_not_answered(finding, reviewer):
    with pytest.raises(Refused, match="F-01"):
        record_response(finding, AGREED, source="函", by=reviewer)


def test_silence_is_recorded_only_once_the_day_has_passed(finding, release, reviewer):
    with pytest.raises(Refused):
        record_silence(finding, by=reviewer)
    assert asked(finding).state == AnswerState.AWAITED


def test_recorded_silence_counts_until_the_broker_answers_after_all(finding, overdue, reviewer, broker):
    record_silence(finding, by=reviewer)
    assert asked(finding).state == AnswerState.SILENT
    with pytest.raises(Refused):
        record_silence(finding, by=reviewer)
    respond(finding, AGREED, seen=overdue.pk, by=broker)
    assert asked(finding).state == AnswerState.GIVEN


def test_an_answer_says_something(finding, release, broker):
    with pytest.raises(Refused):
        respond(finding, Answer("refused", "  "), seen=release.pk, by=broker)
    with pytest.raises(IntegrityError), transaction.atomic():
        ManagementResponse.objects.create(release=release, kind="given", text="")


@pytest.mark.parametrize("stage", [Stage.ISSUED, Stage.ARCHIVED])
def test_once_issued_nothing_is_answered(finding, release, broker, reviewer, stage):
    Engagement.objects.update(stage=stage)
    with pytest.raises(Refused):
        respond(finding, AGREED, seen=release.pk, by=broker)
    with pytest.raises(Refused):
        record_response(finding, AGREED, source="函", by=reviewer)
    assert not ManagementResponse.objects.exists()


def test_the_database_lets_nobody_change_an_answer(finding, release, broker):
    respond(finding, AGREED, seen=release.pk, by=broker)
    with pytest.raises(IntegrityError), transaction.atomic():
        ManagementResponse.objects.update(text="同意一切。")


def test_an_answer_asked_for_by_a_working_day():
    assert first_due().weekday() < 5
