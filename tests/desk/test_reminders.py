"""Reminders to a broker's people: one mail per person and day, of requests and of findings that await a response."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from desk.tasks import reminder, reminders
from engagements.models import Engagement, Stage
from evidence.models import Request
from findings.models import FindingRelease
from foundation.accounts.models import User
from foundation.accounts.policy import Role
from foundation.jobs.actions import request_job
from foundation.jobs.execution import perform
from foundation.jobs.models import Job
from foundation.web.roc import short
from tests.conftest import person
from tests.findings.conftest import except_from, exception, finding, release  # noqa: F401  fixtures
from tests.tampering import unguarded


def do_the_day_s_jobs(day=None) -> None:
    day = (day or timezone.localdate()).isoformat()
    perform(request_job("desk.reminders", {"day": day}, by=None).pk, reminders)
    for job in Job.objects.filter(task="desk.remind", state=Job.State.QUEUED):
        perform(job.pk, reminder)


def due_in(rows, days: int) -> None:
    with unguarded(rows.model._meta.db_table):
        rows.update(due_on=timezone.localdate() + timedelta(days=days))


@pytest.fixture
def requests(fieldwork, broker):
    """All requests, due in a month."""
    rows = Request.objects.filter(engagement=fieldwork)
    due_in(rows, 30)
    return rows


@pytest.mark.parametrize("days", [3, 1, 0, -3])
def test_a_request_is_reminded_of_before_on_and_after_its_day(requests, broker, days):
    due_in(requests.filter(number__in=(1, 2)), days)
    do_the_day_s_jobs()
    (message,) = mail.outbox
    assert message.to == [broker.email]
    assert f"/engagements/{requests[0].engagement_id}/requests/" in message.body


@pytest.mark.parametrize("days", [30, 4, 2, -1, -2, -4])
def test_on_other_days_nobody_is_reminded(requests, days):
    due_in(requests, days)
    do_the_day_s_jobs()
    assert mail.outbox == []


@pytest.mark.parametrize("days", [3, 0, -3])
def test_a_finding_that_awaits_a_response_is_reminded_of_too(requests, release, broker, days):  # noqa: F811
    due_in(FindingRelease.objects.all(), days)
    do_the_day_s_jobs()
    (message,) = mail.outbox
    assert f"/engagements/{release.finding.engagement_id}/responses/" in message.body
    assert release.finding.title not in message.body


def test_everything_of_a_day_is_in_one_mail_per_person(requests, release, broker, broker_company):  # noqa: F811
    colleague = person("周法遵", "colleague@broker.example", broker_company, Role.BROKER)
    due_in(requests, 0)
    due_in(FindingRelease.objects.all(), -3)
    do_the_day_s_jobs()
    do_the_day_s_jobs()
    assert sorted(message.to[0] for message in mail.outbox) == sorted([broker.email, colleague.email])
    assert all("/requests/" in message.body and "/responses/" in message.body for message in mail.outbox)


def test_what_was_handed_over_meanwhile_is_not_reminded_of(requests):
    due_in(requests, 0)
    requests.update(state=Request.State.SUBMITTED)
    do_the_day_s_jobs()
    assert mail.outbox == []


def test_a_closed_engagement_reminds_nobody(requests, fieldwork):
    due_in(requests, 0)
    Engagement.objects.filter(pk=fieldwork.pk).update(stage=Stage.ISSUED)
    do_the_day_s_jobs()
    assert mail.outbox == []


def test_only_the_broker_s_active_people_are_reminded(requests, broker, other_broker):
    due_in(requests, 0)
    User.objects.filter(pk=broker.pk).update(is_active=False)
    do_the_day_s_jobs()
    assert mail.outbox == []


def test_a_day_that_is_over_reminds_nobody(requests):
    due_in(requests, 0)
    do_the_day_s_jobs(timezone.localdate() - timedelta(days=1))
    assert mail.outbox == []


def test_the_mail_says_how_much_by_when_and_where(requests, fieldwork):
    today = timezone.localdate()
    due_in(requests.filter(number=1), -3)
    due_in(requests.filter(number=2), 0)
    due_in(requests.filter(number=3), 1)
    requests.exclude(number__in=(1, 2, 3)).update(state=Request.State.ACCEPTED)
    do_the_day_s_jobs()
    (message,) = mail.outbox
    assert str(fieldwork) in message.subject
    assert f"待提供資料 3 項，最早期限 {short(today - timedelta(days=3))}；已逾期 1 項。" in message.body
    assert "<" not in message.body
