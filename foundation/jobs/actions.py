"""Asking for work and asking again: rows only; the relay talks to the broker, never a request."""

from collections.abc import Mapping
from typing import Protocol

from django.db import transaction
from django.db.models.functions import Now

from foundation.jobs.models import Job


class Requester(Protocol):
    """Whoever asks: anything with a primary key and a name as its str()."""

    @property
    def pk(self) -> object: ...


class NotFailed(Exception):
    """Only a job that failed for good can be tried again."""


def request_job(task: str, ids: Mapping[str, str], *, by: Requester | None, key: str | None = None) -> Job:
    """Write a job into the caller's transaction; it is sent once that commits.

    `ids` are the task's keyword arguments, as text. With a `key` the job exists once: asking again
    returns it in whatever state it is (see `retry_job` for a failed one).
    """
    new = {"task": task, "ids": dict(ids), **_requester(by)}
    if key is None:
        return Job.objects.create(**new)
    job, _created = Job.objects.get_or_create(key=key, defaults=new)
    return job


@transaction.atomic
def retry_job(job: Job, *, by: Requester | None) -> Job:
    """Queue a failed job again, with all its attempts; whoever retries it is its requester from now on.

    Raises NotFailed if it isn't failed (any more): a second press of the button does nothing.
    """
    if not _queue_again(job, Job.State.FAILED, by=by):
        raise NotFailed(str(job))
    return job


@transaction.atomic
def repeat_job(job: Job, *, by: Requester | None) -> Job:
    """Queue a job that is over once more, because what it made is gone; one that isn't over stays as it is."""
    _queue_again(job, Job.State.DONE, Job.State.FAILED, by=by)
    return job


def _queue_again(job: Job, *states: Job.State, by: Requester | None) -> bool:
    """Queue the job as if new, if it is in one of these states; whoever asks is its requester from now on."""
    fresh = {"attempts": 0, "cause": "", "done": 0, "total": 0, "label": "", "finished_at": None}
    queued = Job.objects.filter(pk=job.pk, state__in=states).update(
        state=Job.State.QUEUED, due_at=Now(), **fresh, **_requester(by)
    )
    job.refresh_from_db()
    return bool(queued)


def _requester(by: Requester | None) -> dict[str, str]:
    return {"requested_by": "" if by is None else str(by.pk), "requested_by_label": "" if by is None else str(by)}
