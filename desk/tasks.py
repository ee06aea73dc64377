"""What a worker does for the whole installation once a day."""

from datetime import date

from django.utils import timezone

from desk.checkpoints import checkpoint_of, mail_checkpoint
from desk.reminders import REMINDER_TASK, ask_for_reminders, remind
from foundation.accounts.models import User
from foundation.jobs.execution import job_task
from foundation.jobs.lease import RunningJob


@job_task("desk.checkpoint", daily=True)
def checkpoint(job: RunningJob, *, day: str) -> None:
    """Keep where all chains stand. Safe to run again: a day has one file, which may be mailed twice."""
    mail_checkpoint(checkpoint_of(day))


@job_task("desk.reminders", daily=True)
def reminders(job: RunningJob, *, day: str) -> None:
    """Ask for the day's reminders. Safe to run again; a day that is over reminds nobody any more."""
    if day == timezone.localdate().isoformat():
        ask_for_reminders(date.fromisoformat(day))


@job_task(REMINDER_TASK)
def reminder(job: RunningJob, *, day: str, person: str) -> None:
    """Mail one person. Run again after a crash, it may mail them twice."""
    remind(User.objects.get(pk=person), date.fromisoformat(day))
