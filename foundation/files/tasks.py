"""What workers do about files: look through those that came in whole, remove what nobody took, draw pages."""

from django.conf import settings

from foundation.files import checking, reaping
from foundation.files.kinds import kind_of
from foundation.files.models import StoredFile, Upload
from foundation.files.previews import BATCH, QUEUE, TASK, keep, trim_previews
from foundation.files.sandbox import rendered, workshop
from foundation.jobs.execution import job_task
from foundation.jobs.lease import RunningJob
from foundation.jobs.models import MAX_ATTEMPTS


@job_task(checking.TASK)
def check(job: RunningJob, *, upload: str) -> None:
    """Check an upload, unless its sender gave it up meanwhile. When the last attempt fails, its sender is told."""
    found = Upload.objects.filter(pk=upload).first()
    if found is None:
        return
    try:
        checking.settle(found)
    except Exception:  # the job logs it
        if job.attempt >= MAX_ATTEMPTS:
            checking.refuse(found, checking.UNCHECKED)
        raise


@job_task("files.reap", daily=True)
def reap(job: RunningJob, *, day: str) -> None:
    """Remove what was left alone for a day."""
    reaping.reap()


@job_task(TASK, queue=QUEUE)
def preview(job: RunningJob, *, file: str, first: str) -> None:
    """Draw a batch of a file's pages. Safe to run again: the same pictures take the place of the former."""
    stored, start = StoredFile.objects.get(pk=file), int(first)
    kind = kind_of(stored.media_type, stored.name)
    if kind is None:
        return
    with workshop() as folder:
        out = folder / "out"
        outcome = rendered(stored, kind, out, "--first", first, "--last", str(start + BATCH - 1))
        keep(stored, out, outcome, first=start)


@job_task("files.trim_previews", daily=True)
def trim(job: RunningJob, *, day: str) -> None:
    """Clear away the oldest pictures beyond what the installation gives them."""
    trim_previews(settings.PREVIEW_CACHE_BYTES)
