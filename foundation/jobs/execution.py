"""Running a job in a worker: take the lease, call the function, say how it ended."""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar
from uuid import UUID

from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded
from django.db.models.functions import Now
from django.utils.translation import gettext_noop

from foundation.jobs.lease import Heartbeat, RunningJob, take
from foundation.jobs.models import MAX_ATTEMPTS, Job

PAUSE_AFTER_ATTEMPT = timedelta(seconds=3)
TOO_LONG = gettext_noop("The work took longer than it may.")

logger = logging.getLogger(__name__)

Function = TypeVar("Function", bound=Callable[..., object])


class Hopeless(Exception):
    """Raised by a task function that another attempt can't help; its text is the cause shown to the reader."""


def job_task(name: str, *, queue: str = "default", daily: bool = False) -> Callable[[Function], Function]:
    """Make `function(job, **ids)` the Celery task `name`, which takes a job's id as its only argument.

    The function runs at least once and may run again after a crash, so what it writes must be idempotent. It itself is
    returned, for tests and for commands that need no worker. A `daily` one is asked for by the clock, once a day, with
    the day as its only id ("2026-11-28").
    """

    def register(function: Function) -> Function:
        # Attributes of ours: Celery deprecates its own `queue`, and the relay may send no task without one.
        @shared_task(name=name, job_queue=queue, job_daily=daily)  # type: ignore[untyped-decorator]  # celery has no types
        def run(job_id: str) -> None:
            perform(UUID(job_id), function)

        return function

    return register


def perform(job_id: UUID, function: Callable[..., object]) -> None:
    """Make one attempt at a job. A second delivery of the same job does nothing."""
    job = take(job_id)
    if job is None:
        logger.info("Job %s: nothing to do", job_id)
        return
    try:
        with Heartbeat(job):
            function(job, **job.ids)
    except BaseException as error:  # WeasyPrint's FatalURLFetchingError, like a shutdown, is no Exception
        logger.exception("Job %s: attempt %s failed", job.pk, job.attempt)
        _fail(job, error)
        if isinstance(error, KeyboardInterrupt | SystemExit):
            raise
    else:
        job.held().update(state=Job.State.DONE, cause="", lease_until=None, finished_at=Now(), **job.told)


def _fail(job: RunningJob, error: BaseException) -> None:
    """Record the cause; queue the next attempt after a pause, unless this was the last or there is no hope."""
    over = job.attempt >= MAX_ATTEMPTS or isinstance(error, Hopeless)
    end = (
        {"state": Job.State.FAILED, "finished_at": Now()}
        if over
        else {"state": Job.State.QUEUED, "due_at": Now() + PAUSE_AFTER_ATTEMPT * job.attempt}
    )
    job.held().update(cause=_cause(error), lease_until=None, **end, **job.told)


def _cause(error: BaseException) -> str:
    """Return what a person can read: our own words as they are, another exception with its name."""
    text = str(error).replace("\0", "")
    if isinstance(error, SoftTimeLimitExceeded):
        return TOO_LONG
    return (text if isinstance(error, Hopeless) else f"{type(error).__name__}: {text}")[:2000]
