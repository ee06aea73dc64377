"""A real worker and a real beat, in processes of their own: work is done once, and a killed worker's is done again."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic, sleep

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from foundation.jobs.actions import request_job
from foundation.jobs.models import Job
from foundation.trail.guards import drop_sql

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
WORKER = (
    "worker",
    "-Q",
    "default,render,preview",
    "--concurrency",
    "1",
    "-P",
    "prefork",
    "--without-gossip",
    "--without-mingle",
)
BEAT = ("beat", "--pidfile", "")
SECONDS = 60


@pytest.fixture
def celery(own_database: str, tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Start a Celery command on the test's own database, with a folder of its own as the broker."""
    (tmp_path / "queue" / "messages").mkdir(parents=True)
    environment = os.environ | {
        "DIGAO_MODE": "test",
        "DIGAO_DATA": str(tmp_path),
        "DATABASE_URL": database_url(own_database),
        "CELERY_BROKER_URL": "filesystem://",
        "PYTHONPATH": f"{ROOT}:{HERE}",
    }
    started = []

    def start(*command: str) -> subprocess.Popen[bytes]:
        arguments = [sys.executable, "-m", "celery", "-A", "demo_worker", *command]
        with (tmp_path / f"{command[0]}.log").open("wb") as log:
            process = subprocess.Popen(arguments, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT)
        started.append(process)
        return process

    yield start
    for process in started:
        process.terminate()
    for process in started:
        process.wait(SECONDS)


def database_url(name: str) -> str:
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    settings = connection.settings_dict
    return f"postgres://{settings['USER']}:{settings['PASSWORD']}@{settings['HOST']}:{settings['PORT']}/{name}"


def wait_for(holds: Callable[[], bool]) -> None:
    end = monotonic() + SECONDS
    while not holds():
        assert monotonic() < end, list(Job.objects.values("state", "attempts", "cause"))
        sleep(0.1)


def test_a_killed_worker_s_job_is_done_again_and_the_others_once(celery, tmp_path):
    long = request_job("tests.work", {"folder": str(tmp_path), "seconds": "600"}, by=None)
    celery(*WORKER)
    celery(*BEAT)
    wait_for(lambda: Job.objects.filter(pk=long.pk, done=1).exists())
    assert Job.objects.get(pk=long.pk).label == "half"

    os.kill(int((tmp_path / f"{long.pk}.1").read_text()), signal.SIGKILL)
    Job.objects.update(lease_until=timezone.now())  # a minute later
    short = request_job("tests.work", {"folder": str(tmp_path), "seconds": "0"}, by=None)
    wait_for(lambda: not Job.objects.filter(task="tests.work").exclude(state="done").exists())

    assert sorted(path.suffix for path in tmp_path.glob(f"{long.pk}.*")) == [".1", ".2"]
    assert [path.suffix for path in tmp_path.glob(f"{short.pk}.*")] == [".1"]


def test_a_day_begins_with_a_checkpoint_of_the_trail(celery, tmp_path):
    celery(*WORKER)
    celery(*BEAT)
    wait_for(lambda: Job.objects.filter(task="desk.checkpoint", state="done").exists())

    assert [path.name for path in (tmp_path / "checkpoints").iterdir()] == [f"checkpoint-{timezone.localdate()}.json"]


def test_a_worker_refuses_to_start_where_a_guard_is_lost(celery, tmp_path):
    # On a half-migrated database, such as this one, a lost guard is only a warning: mark everything as applied.
    mark_all_migrations_applied()
    with connection.cursor() as cursor:
        for statement in drop_sql("trail_event", connection.vendor):
            cursor.execute(statement)

    assert celery(*WORKER).wait(SECONDS) != 0
    assert "trail_event has lost the triggers" in (tmp_path / "worker.log").read_text()


def mark_all_migrations_applied() -> None:
    for app, name in MigrationLoader(connection).graph.nodes:
        MigrationRecorder(connection).record_applied(app, name)
