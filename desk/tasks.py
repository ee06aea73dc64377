"""What a worker does for the whole installation once a day."""

from desk.checkpoints import checkpoint_of, mail_checkpoint
from foundation.jobs.execution import job_task
from foundation.jobs.lease import RunningJob


@job_task("desk.checkpoint", daily=True)
def checkpoint(job: RunningJob, *, day: str) -> None:
    """Keep where all chains stand. Safe to run again: a day has one file, which may be mailed twice."""
    mail_checkpoint(checkpoint_of(day))
