"""Who works on a job: a lease of a minute, taken by one conditional UPDATE and renewed by a thread.

A lease is known by job and attempt. Every write of a worker asks for both, so a worker that was
thought dead and comes back changes nothing.
"""

import logging
from datetime import timedelta
from threading import Event, Thread
from time import monotonic
from types import TracebackType
from typing import Self
from uuid import UUID

from django.db import DatabaseError, connection
from django.db.models import F, QuerySet
from django.db.models.functions import Now

from foundation.jobs.models import Job

LEASE = timedelta(seconds=60)
HEARTBEAT_SECONDS = 15
LOOK_SECONDS = 1.0

logger = logging.getLogger(__name__)


class RunningJob:
    """What a task function gets: its job, and where it says how far it is."""

    def __init__(self, job: Job) -> None:
        self.pk: UUID = job.pk
        self.ids: dict[str, str] = job.ids
        self.attempt = job.attempts
        self.requested_by = job.requested_by
        self.told: dict[str, int | str] = {}

    def progress(self, done: int, total: int, label: str = "") -> None:
        """Say that `done` of `total` steps are behind us, and what comes now.

        Costs nothing: the heartbeat writes it, on a connection of its own, so that it is seen
        while the task's transaction is still open and never holds the row's lock there.
        """
        self.told = {"done": done, "total": total, "label": label[:200]}

    def held(self) -> QuerySet[Job]:
        """Return the job's row as long as this attempt is the one that may write it."""
        return Job.objects.filter(pk=self.pk, state=Job.State.RUNNING, attempts=self.attempt)


def take(job_id: UUID) -> RunningJob | None:
    """Start the next attempt at a job, or return None: somebody has it, or it is over."""
    waiting = Job.objects.filter(pk=job_id, state__in=[Job.State.QUEUED, Job.State.SENT])
    started = {"state": Job.State.RUNNING, "attempts": F("attempts") + 1, "started_at": Now()}
    if not waiting.update(lease_until=Now() + LEASE, **started):
        return None
    return RunningJob(Job.objects.get(pk=job_id))


class Heartbeat:
    """Context manager: while inside, a thread renews the lease and writes progress."""

    def __init__(self, job: RunningJob) -> None:
        self.job = job
        self.stop = Event()
        self.written: dict[str, int | str] = {}
        self.thread = Thread(target=self._beat, name=f"heartbeat {job.pk}", daemon=True)

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop.set()
        self.thread.join()

    def _beat(self) -> None:
        last = monotonic()
        try:
            while not self.stop.wait(LOOK_SECONDS):
                if self.job.told != self.written or monotonic() - last >= HEARTBEAT_SECONDS:
                    self._renew()
                    last = monotonic()
        finally:
            connection.close()

    def _renew(self) -> None:
        """Write once; a failure is logged and tried again, as there is time for three more before the lease ends."""
        told = self.job.told
        try:
            if not self.job.held().update(lease_until=Now() + LEASE, **told):
                logger.warning("Job %s: the lease of attempt %s is lost", self.job.pk, self.job.attempt)
            self.written = told
        except DatabaseError as error:
            logger.warning("Job %s: no heartbeat: %s", self.job.pk, error)
            connection.close()
