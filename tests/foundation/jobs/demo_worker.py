"""The product's Celery application plus one task that can be watched and killed: `celery -A demo_worker …`."""

import os
from pathlib import Path
from time import sleep

import django

from config.celery import app

__all__ = ["app"]

django.setup()
from foundation.jobs.execution import job_task  # noqa: E402  Celery imports this file before it starts Django


@job_task("tests.work", queue="render")
def work(job, folder, seconds):
    """Leave a file per attempt, named for it and holding the worker's process id; the first one lasts."""
    Path(folder, f"{job.pk}.{job.attempt}").write_text(str(os.getpid()))
    job.progress(1, 2, "half")
    if job.attempt == 1:
        sleep(float(seconds))
