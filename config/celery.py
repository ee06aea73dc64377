"""The Celery application: tasks are found in each app's tasks.py and sent by name."""

import os
from typing import Any

from celery import Celery
from celery.signals import beat_init, worker_init
from django.core.management import call_command
from django.core.management.base import SystemCheckError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("digao")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect  # type: ignore[untyped-decorator]  # celery has no types
@beat_init.connect  # type: ignore[untyped-decorator]
def refuse_a_broken_start(**_kwargs: Any) -> None:
    """Run the system checks, those of the database included: no work on tables that lost their guards.

    Celery only logs an exception from here, which is right while the database is away; SystemExit ends the process.
    """
    try:
        call_command("check", databases=["default"])
    except SystemCheckError as error:
        raise SystemExit(str(error)) from error
