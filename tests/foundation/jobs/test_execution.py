"""An attempt at a job: taken once, its end recorded whatever it was, three attempts and no more."""

from collections.abc import Callable
from datetime import timedelta
from time import sleep

import pytest
from celery import current_app
from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction
from django.utils import timezone, translation

from foundation.jobs import lease
from foundation.jobs.actions import request_job
from foundation.jobs.execution import Hopeless, job_task, perform
from foundation.jobs.lease import take
from foundation.jobs.models import Job
from foundation.jobs.relay import requeue_lost


class FetchingRefused(BaseException):
    """Like WeasyPrint's FatalURLFetchingError: not an Exception."""


@pytest.fixture
def job(db) -> Job:
    return request_job("tests.greet", {"name": "林"}, by=None)


def fresh() -> Job:
    return Job.objects.get()


def nothing(job, **ids) -> None:
    pass


def failing(error: BaseException) -> Callable[..., None]:
    def function(job, **ids) -> None:
        raise error

    return function


def test_the_function_gets_the_job_s_ids_and_its_requester(job):
    got = []
    perform(job.pk, lambda running, **ids: got.append((running.pk, running.requested_by, ids)))

    assert got == [(job.pk, "", {"name": "林"})]


def test_a_job_that_returns_is_done(job):
    perform(job.pk, nothing)

    done = fresh()
    assert (done.state, done.attempts, done.lease_until, done.cause) == ("done", 1, None, "")
    assert done.started_at <= done.finished_at


def test_a_second_delivery_does_nothing(job):
    calls = []
    for _ in range(2):
        perform(job.pk, lambda running, **ids: calls.append(running))

    assert len(calls) == fresh().attempts == 1


def test_a_running_job_is_not_taken_a_second_time(job):
    assert take(job.pk) is not None
    assert take(job.pk) is None


def test_a_job_that_does_not_exist_is_nothing_to_do(job):
    missing = job.pk
    Job.objects.all().delete()
    perform(missing, failing(AssertionError("called")))


@pytest.mark.parametrize(
    "error", [ValueError("bad\0 colspan"), FetchingRefused("bad colspan"), GeneratorExit("bad colspan")]
)
def test_a_failed_attempt_is_queued_again_after_a_pause_with_its_cause(job, error):
    perform(job.pk, failing(error))

    failed = fresh()
    assert (failed.state, failed.attempts, failed.lease_until, failed.finished_at) == ("queued", 1, None, None)
    assert failed.cause == f"{type(error).__name__}: bad colspan"
    assert failed.due_at > timezone.now()


def test_the_third_failure_is_the_last(job):
    for _ in range(4):
        perform(job.pk, failing(ValueError("bad colspan")))

    failed = fresh()
    assert (failed.state, failed.attempts, failed.cause) == ("failed", 3, "ValueError: bad colspan")
    assert failed.finished_at is not None


def test_a_hopeless_failure_is_the_last_at_once_and_keeps_its_own_words(job):
    perform(job.pk, failing(Hopeless("字型缺少 U+2A700")))

    assert (fresh().state, fresh().attempts, fresh().cause_text) == ("failed", 1, "字型缺少 U+2A700")


def test_a_job_over_its_time_limit_says_so_in_words(job):
    perform(job.pk, failing(SoftTimeLimitExceeded()))

    with translation.override("en"):
        assert (fresh().state, fresh().cause_text) == ("queued", "The work took longer than it may.")


def test_a_success_after_a_failure_leaves_no_cause(job):
    perform(job.pk, failing(ValueError("once")))
    perform(job.pk, nothing)

    assert (fresh().state, fresh().attempts, fresh().cause) == ("done", 2, "")


@pytest.mark.parametrize("error", [SystemExit("shutdown"), KeyboardInterrupt()])
def test_a_shutdown_is_recorded_and_goes_on(job, error):
    with pytest.raises(type(error)):
        perform(job.pk, failing(error))

    assert fresh().state == "queued"


def test_what_the_function_wrote_in_its_transaction_goes_with_its_failure(job):
    def half(running, **ids) -> None:
        with transaction.atomic():
            Job.objects.create(task="tests.half-done")
            raise ValueError

    perform(job.pk, half)

    assert fresh().task == "tests.greet"


def test_progress_is_kept_with_the_end(job):
    perform(job.pk, lambda running, **ids: running.progress(230, 230, "PDF"))

    assert (fresh().done, fresh().total, fresh().label) == (230, 230, "PDF")


def test_a_worker_that_lost_its_lease_changes_nothing(job):
    def slow(running, **ids) -> None:
        Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
        requeue_lost()
        assert take(job.pk).attempt == 2

    perform(job.pk, slow)

    assert (fresh().state, fresh().attempts) == ("running", 2)


def test_the_decorated_function_is_a_celery_task_and_can_still_be_called():
    @job_task("tests.decorated", queue="render")
    def double(job, number):
        return number * 2

    assert double(None, number=21) == 42
    assert current_app.tasks["tests.decorated"].job_queue == "render"


@pytest.mark.usefixtures("own_database")
def test_progress_is_seen_while_the_work_goes_on_and_the_lease_is_renewed(monkeypatch):
    monkeypatch.setattr(lease, "LOOK_SECONDS", 0.02)
    monkeypatch.setattr(lease, "HEARTBEAT_SECONDS", 0.05)
    seen = []

    def work(running, **ids) -> None:
        running.progress(1, 2, "half")
        before = fresh().lease_until
        for _ in range(100):
            sleep(0.02)
            if fresh().done and fresh().lease_until > before:
                break
        seen.append((fresh().state, fresh().done, fresh().total, fresh().label, fresh().lease_until > before))

    job = request_job("tests.greet", {}, by=None)
    perform(job.pk, work)

    assert seen == [("running", 1, 2, "half", True)]
    assert (fresh().state, fresh().label) == ("done", "half")


@pytest.mark.usefixtures("own_database")
def test_a_heartbeat_that_cannot_write_is_logged_and_does_not_stop_the_work(monkeypatch, caplog):
    monkeypatch.setattr(lease, "LOOK_SECONDS", 0.02)
    monkeypatch.setattr(lease.RunningJob, "held", refuse_once(lease.RunningJob.held))

    def work(running, **ids) -> None:
        running.progress(1, 2)
        for _ in range(100):
            sleep(0.02)
            if fresh().done:
                break

    perform(request_job("tests.greet", {}, by=None).pk, work)

    assert fresh().state == "done"
    assert [record.message for record in caplog.records if "no heartbeat" in record.message] == [
        f"Job {fresh().pk}: no heartbeat: gone"
    ]


def refuse_once(real: Callable) -> Callable:
    refusals = [lease.DatabaseError("gone")]

    def held(running):
        if refusals:
            raise refusals.pop()
        return real(running)

    return held


@pytest.mark.usefixtures("own_database")
def test_workers_that_get_the_same_message_at_once_run_it_once(together: Callable[..., None]):
    calls = []
    job = request_job("tests.greet", {}, by=None)

    together(lambda number: perform(job.pk, lambda running, **ids: calls.append(number)), 6)

    assert len(calls) == fresh().attempts == 1
