"""A finding is released in the words of that moment; what the broker reads changes only by another release."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from engagements.models import Engagement, Stage
from findings.actions import raise_finding, save_finding, withdraw_finding
from findings.models import AnswerState, Finding, FindingRelease
from findings.releasing import first_due, release_findings
from findings.responding import Answer, respond
from findings.words import words
from foundation.trail.models import Event
from foundation.web.refusals import Refused
from tests import stages

from .conftest import WORDING, asked


def again(finding, by, **options):
    due_on = options.pop("due_on", first_due())
    return release_findings(finding.engagement, [finding], due_on=due_on, by=by, **options)[0]


def test_a_release_keeps_the_words_whatever_becomes_of_the_finding(finding, release, reviewer):
    save_finding(finding, {"risk": "更高的風險"}, version=1, by=reviewer)
    stored = FindingRelease.objects.get()
    assert (stored.wording["risk"], stored.number, stored.released_by) == (WORDING["risk"], 1, reviewer)
    assert asked(finding).is_changed


def test_releasing_anew_gives_the_broker_the_new_words(finding, release, reviewer):
    saved = save_finding(finding, {"risk": "更高的風險"}, version=1, by=reviewer)
    newer = again(finding, reviewer)
    assert (newer.number, newer.wording) == (2, words(saved))
    assert not asked(finding).is_changed


def test_what_it_weighs_is_nothing_that_the_broker_is_told(finding, release, reviewer):
    save_finding(finding, {"bears": "modifies", "bears_because": "無補償性控制。"}, version=1, by=reviewer)
    assert not asked(finding).is_changed
    assert "bears_because" not in release.wording


def test_the_same_words_are_not_released_twice_for_the_same_day(finding, release, reviewer):
    with pytest.raises(Refused, match="F-01"):
        again(finding, reviewer)
    assert again(finding, reviewer, due_on=first_due() + timedelta(days=7)).number == 2, "the day may be put off"


def test_several_are_released_together_or_not_at_all(finding, release, exception, reviewer):
    other = raise_finding(exception, WORDING | {"title": "乙"}, by=reviewer)
    with pytest.raises(Refused):
        release_findings(finding.engagement, [other, finding], due_on=first_due(), by=reviewer)
    assert FindingRelease.objects.count() == 1


def test_a_finding_is_released_for_its_own_engagement_alone(finding, partner, broker_company, exchange_company):
    other = stages.annual(broker_company, exchange_company, by=partner, year=2025)
    with pytest.raises(Refused):
        release_findings(other, [finding], due_on=first_due(), by=partner)
    assert not FindingRelease.objects.exists()


def test_a_release_asks_anew_unless_only_words_were_put_right(finding, release, reviewer, broker):
    respond(finding, Answer("given", "同意。", "資訊部"), seen=release.pk, by=broker)
    save_finding(finding, {"risk": "更高的風險"}, version=1, by=reviewer)
    again(finding, reviewer, asks=False)
    assert asked(finding).state == AnswerState.GIVEN
    save_finding(finding, {"risk": "再高的風險"}, version=2, by=reviewer)
    again(finding, reviewer)
    assert asked(finding).state == AnswerState.AWAITED


def test_a_first_release_always_asks(finding, reviewer):
    assert again(finding, reviewer, asks=False).asks


def test_an_answer_is_late_once_its_day_has_passed(finding, overdue):
    assert asked(finding).state == AnswerState.LATE


@pytest.mark.parametrize("stage", [Stage.ISSUED, Stage.ARCHIVED])
def test_nothing_is_released_in_a_closed_engagement(finding, reviewer, stage):
    Engagement.objects.update(stage=stage)
    with pytest.raises(Refused):
        again(finding, reviewer)
    assert not FindingRelease.objects.exists()


def test_neither_a_withdrawn_finding_nor_a_day_in_the_past_is_released(finding, reviewer):
    with pytest.raises(Refused):
        again(finding, reviewer, due_on=timezone.localdate() - timedelta(days=1))
    withdraw_finding(finding, reason="重複。", by=reviewer)
    with pytest.raises(Refused):
        again(finding, reviewer)


def test_the_trail_tells_of_a_release_by_its_digest(finding, release, reviewer):
    facts = Event.objects.get(name="finding.released").content["facts"]
    assert (facts["release"], facts["number"], facts["asks"]) == (release.pk, 1, True)
    assert WORDING["risk"] not in str(facts)


def test_the_database_lets_nobody_change_what_was_released(release):
    with pytest.raises(IntegrityError), transaction.atomic():
        FindingRelease.objects.update(wording={})


def test_the_broker_sees_a_finding_from_its_release_until_its_withdrawal(finding, reviewer, broker, other_broker):
    def seen_by(who):
        return list(Finding.objects.visible_to(who))

    assert seen_by(broker) == []
    again(finding, reviewer)
    again(finding, reviewer, due_on=first_due() + timedelta(days=7))
    assert (seen_by(broker), seen_by(other_broker)) == ([finding], [])
    withdraw_finding(finding, reason="重複。", by=reviewer)
    assert seen_by(broker) == []
