"""The only place that talks to the broker: rows go out as messages, lost ones go out again.

All functions are safe to run in several processes at once: each row is claimed by a conditional
UPDATE. (SKIP LOCKED is silently ignored on SQLite.)
"""

import logging
from datetime import date, timedelta
from uuid import UUID

from celery import Celery
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext_noop

from foundation.jobs.actions import request_job
from foundation.jobs.models import MAX_ATTEMPTS, Job

BATCH = 100
# A message may rightly wait this long behind others; sent again, it does nothing the second time.
PATIENCE = timedelta(minutes=2)
WORKER_LOST = gettext_noop("The worker stopped in the middle of the work.")
UNKNOWN_TASK = gettext_noop("No worker knows this kind of work.")

logger = logging.getLogger(__name__)


def send_due(app: Celery) -> int:
    """Send the queued jobs that are due, oldest first, and return how many were sent.

    Raises what the broker raises; the job concerned stays queued, and so do those behind it.
    """
    due = Job.objects.filter(state=Job.State.QUEUED, due_at__lte=Now()).order_by("due_at")
    return sum(_send(app, pk, task) for pk, task in due.values_list("pk", "task")[:BATCH])


def request_daily(app: Celery, day: date) -> None:
    """Ask for every daily task once for that day, however often this is called."""
    for name, task in app.tasks.items():
        if getattr(task, "job_daily", False):
            request_job(name, {"day": day.isoformat()}, by=None, key=f"{name}:{day.isoformat()}")


def requeue_lost() -> int:
    """Queue again what a dead worker held and what never reached one; return how many jobs were touched.

    A job whose last attempt was lost has failed.
    """
    lost = Job.objects.filter(state=Job.State.RUNNING, lease_until__lt=Now())
    unseen = Job.objects.filter(state=Job.State.SENT, sent_at__lt=Now() - PATIENCE)
    if not (lost | unseen).exists():  # an UPDATE, even of no rows, takes SQLite's only write lock
        return 0
    given_up = lost.filter(attempts__gte=MAX_ATTEMPTS).update(
        state=Job.State.FAILED, cause=WORKER_LOST, lease_until=None, finished_at=Now()
    )
    again = lost.update(state=Job.State.QUEUED, cause=WORKER_LOST, lease_until=None, due_at=Now())
    return given_up + again + unseen.update(state=Job.State.QUEUED)


def _send(app: Celery, pk: UUID, task: str) -> bool:
    """Claim a job and publish it by its task's name; return whether this relay was the one to send it."""
    queue = getattr(app.tasks.get(task), "job_queue", None)
    if queue is None:
        logger.error("Job %s: there is no task %s", pk, task)
        _queued(pk).update(state=Job.State.FAILED, cause=UNKNOWN_TASK, finished_at=Now())
        return False
    if not _queued(pk).update(state=Job.State.SENT, sent_at=Now()):
        return False
    try:
        app.send_task(task, [str(pk)], queue=queue, retry=False)
    except BaseException:
        Job.objects.filter(pk=pk, state=Job.State.SENT).update(state=Job.State.QUEUED)
        raise
    return True


def _queued(pk: UUID) -> QuerySet[Job]:
    return Job.objects.filter(pk=pk, state=Job.State.QUEUED)
