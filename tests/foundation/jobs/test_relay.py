"""The relay sends each job once, by its task's name; the sweeper brings back what was lost."""

from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.utils import timezone, translation

from foundation.jobs.actions import request_job
from foundation.jobs.clock import PAUSE_SECONDS, RELAY_SECONDS, RelayingScheduler
from foundation.jobs.models import Job
from foundation.jobs.relay import request_daily, requeue_lost, send_due


def states() -> list[str]:
    return list(Job.objects.order_by("created_at").values_list("state", flat=True))


@pytest.fixture
def job(db) -> Job:
    return request_job("tests.greet", {}, by=None)


@pytest.fixture
def scheduler(broker) -> RelayingScheduler:
    scheduler = RelayingScheduler.__new__(RelayingScheduler)
    scheduler.app = broker
    return scheduler


def age(**fields) -> None:
    """Make the only job's times lie in the past, by seconds."""
    Job.objects.update(**{name: timezone.now() - timedelta(seconds=seconds) for name, seconds in fields.items()})


def test_a_queued_job_is_sent_by_name_to_its_queue(job, broker):
    assert send_due(broker) == 1
    assert broker.sent == [("tests.greet", [str(job.pk)], "render")]
    assert states() == ["sent"]


def test_a_sent_job_is_not_sent_again(job, broker):
    send_due(broker)

    assert send_due(broker) == 0
    assert len(broker.sent) == 1


def test_a_job_in_its_pause_is_not_sent(job, broker):
    age(due_at=-60)

    assert send_due(broker) == 0


def test_jobs_are_sent_in_the_order_they_were_asked_for(job, broker):
    older = request_job("tests.greet", {}, by=None)
    Job.objects.filter(pk=older.pk).update(due_at=timezone.now() - timedelta(hours=1))
    send_due(broker)

    assert [args for _, args, _ in broker.sent] == [[str(older.pk)], [str(job.pk)]]


def test_a_job_that_could_not_be_published_stays_queued(job, broker):
    broker.down = True
    with pytest.raises(ConnectionError):
        send_due(broker)
    assert states() == ["queued"]

    broker.down = False
    assert send_due(broker) == 1


def test_a_task_that_nobody_knows_fails_with_words(broker, db):
    request_job("tests.unknown", {}, by=None)

    assert send_due(broker) == 0
    with translation.override("en"):
        assert (states(), Job.objects.get().cause_text) == (["failed"], "No worker knows this kind of work.")


@pytest.mark.usefixtures("own_database")
def test_two_relays_at_once_send_each_job_once(broker, together: Callable[..., None]):
    jobs = sorted(str(request_job("tests.greet", {}, by=None).pk) for _ in range(20))

    together(lambda _number: send_due(broker), 4)

    assert sorted(args[0] for _, args, _ in broker.sent) == jobs
    assert states() == ["sent"] * 20


def test_a_job_whose_worker_died_is_queued_again(job):
    Job.objects.update(state="running", attempts=1)
    age(lease_until=1)

    assert requeue_lost() == 1
    with translation.override("en"):
        assert (states(), Job.objects.get().cause_text) == (["queued"], "The worker stopped in the middle of the work.")


def test_a_job_whose_worker_lives_is_left_alone(job):
    Job.objects.update(state="running", attempts=1)
    age(lease_until=-30)

    assert requeue_lost() == 0
    assert states() == ["running"]


def test_a_job_whose_last_worker_died_has_failed(job):
    Job.objects.update(state="running", attempts=3)
    age(lease_until=1)

    assert requeue_lost() == 1
    assert (states(), Job.objects.get().is_over) == (["failed"], True)


@pytest.mark.parametrize(("seconds", "state"), [(60, "sent"), (121, "queued")])
def test_a_job_that_never_reached_a_worker_is_queued_again_after_two_minutes(job, seconds, state):
    Job.objects.update(state="sent")
    age(sent_at=seconds)
    requeue_lost()

    assert states() == [state]


def test_an_idle_sweep_reads_once_and_writes_nothing(db, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert requeue_lost() == 0


@pytest.mark.usefixtures("own_database")
def test_the_clock_sweeps_and_sends(scheduler, broker):
    request_job("tests.greet", {}, by=None)
    Job.objects.update(state="running", attempts=1)
    age(lease_until=1)

    assert scheduler.relay() == RELAY_SECONDS
    assert states() == ["sent"]


@pytest.mark.usefixtures("own_database")
def test_the_clock_outlives_a_broker_that_is_away(scheduler, broker, caplog):
    request_job("tests.greet", {}, by=None)
    broker.down = True

    assert scheduler.relay() == PAUSE_SECONDS
    assert [record.message for record in caplog.records] == [
        "The relay pauses for 5.0 s: ConnectionError: the broker is away"
    ]

    broker.down = False
    assert scheduler.relay() == RELAY_SECONDS
    assert states() == ["sent"]


# Daily tasks -------------------------------------------------------------------------------


@pytest.fixture
def daily(broker) -> None:
    broker.tasks["tests.daily"] = SimpleNamespace(job_queue="default", job_daily=True)


def asked() -> list[tuple[str, dict[str, str]]]:
    return list(Job.objects.order_by("key").values_list("task", "ids"))


@pytest.mark.usefixtures("daily")
def test_a_daily_task_is_asked_for_once_a_day(broker, db):
    for day in (28, 28, 29):
        request_daily(broker, date(2026, 11, day))

    assert asked() == [("tests.daily", {"day": "2026-11-28"}), ("tests.daily", {"day": "2026-11-29"})]


@pytest.mark.usefixtures("own_database", "daily")
def test_the_clock_asks_for_daily_tasks_as_the_day_begins_in_taipei(scheduler):
    with time_machine.travel("2026-11-28T15:59:00Z", tick=False) as clock:
        for _ in range(2):
            scheduler.relay()
        assert asked() == [("tests.daily", {"day": "2026-11-28"})]

        clock.move_to("2026-11-28T16:00:00Z")
        scheduler.relay()
    assert asked() == [("tests.daily", {"day": "2026-11-28"}), ("tests.daily", {"day": "2026-11-29"})]


@pytest.mark.usefixtures("own_database", "daily")
def test_a_clock_that_is_started_again_asks_for_nothing_twice(scheduler, broker):
    scheduler.relay()
    another = RelayingScheduler.__new__(RelayingScheduler)
    another.app = broker
    another.relay()

    assert Job.objects.count() == len(broker.sent) == 1
