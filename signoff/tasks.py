"""What a worker does once a report is issued."""

from foundation.jobs.execution import job_task
from foundation.jobs.lease import RunningJob
from signoff import sealing
from signoff.models import ReportVersion


@job_task(sealing.SEAL_TASK)
def seal(job: RunningJob, *, report: str) -> None:
    """Seal what an issued report's file consists of. Safe to run again."""
    sealing.seal(ReportVersion.objects.select_related("engagement").get(pk=report), job.progress)
