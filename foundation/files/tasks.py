"""What a worker does for stored files: draw their pages, keep the pictures within their bounds."""

from django.conf import settings

from foundation.files.kinds import kind_of
from foundation.files.models import StoredFile
from foundation.files.previews import BATCH, TASK, keep, trim_previews
from foundation.files.sandbox import rendered, workshop
from foundation.jobs.execution import job_task
from foundation.jobs.lease import RunningJob


@job_task(TASK)
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
