"""What workers do once a report is issued: seal its file, mail about what became of it."""

from foundation.jobs.execution import job_task
from foundation.jobs.lease import RunningJob
from signoff import notices, sealing
from signoff.issued import NOTICE_TASK
from signoff.models import ReportVersion


@job_task(sealing.SEAL_TASK)
def seal(job: RunningJob, *, report: str) -> None:
    """Seal what an issued report's file consists of. Safe to run again."""
    sealing.seal(ReportVersion.objects.select_related("engagement").get(pk=report), job.progress)


@job_task(NOTICE_TASK)
def notice(job: RunningJob, *, what: str, row: str) -> None:
    """Mail what became of an issued report. Run again after a crash, it may mail somebody twice."""
    notices.tell(what, row)
