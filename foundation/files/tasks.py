"""What workers do about files: look through those that came in whole, and remove what nobody took."""

from foundation.files import checking, reaping
from foundation.files.models import Upload
from foundation.jobs.execution import job_task
from foundation.jobs.lease import RunningJob
from foundation.jobs.models import MAX_ATTEMPTS


@job_task(checking.TASK)
def check(job: RunningJob, *, upload: str) -> None:
    """Check an upload, unless its sender gave it up meanwhile. When the last attempt fails, its sender is told why."""
    found = Upload.objects.filter(pk=upload).first()
    if found is None:
        return
    try:
        checking.settle(found)
    except Exception as error:
        if job.attempt >= MAX_ATTEMPTS:
            checking.refuse(found, f"{type(error).__name__}: {error}"[:2000])
        raise


@job_task("files.reap", daily=True)
def reap(job: RunningJob, *, day: str) -> None:
    """Remove what was left alone for a day."""
    reaping.reap()
