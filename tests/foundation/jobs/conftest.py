"""A broker that only remembers, for what must not need a real one."""

import pytest
from celery import Celery

from foundation.jobs.execution import job_task


@job_task("tests.greet", queue="render")
def greet(job, **ids):
    """A task that every worker of these tests knows; what it does is up to each test."""


class Broker:
    """Stands in for the Celery application: knows the tests' tasks, keeps what was published, or is down."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, list[str], str]] = []
        self.down = False
        app = Celery("tests", set_as_current=False)
        app.finalize()
        self.tasks = {name: task for name, task in app.tasks.items() if name.startswith("tests.")}

    def send_task(self, name: str, args: list[str], *, queue: str, retry: bool) -> None:
        if self.down:
            raise ConnectionError("the broker is away")
        assert not retry
        self.sent.append((name, args, queue))


@pytest.fixture
def broker() -> Broker:
    return Broker()
