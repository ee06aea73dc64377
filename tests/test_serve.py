"""bin/serve: web, worker and beat live and die together, and a stop leaves nothing behind."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.browser.servers import ROOT, Installation

pytestmark = pytest.mark.only_on("sqlite")  # the embedded default; the browser tests serve both


@pytest.fixture(scope="module")
def tables(tmp_path_factory) -> Path:
    """A folder with a migrated database and nothing in it."""
    installation = embedded(tmp_path_factory.mktemp("tables"))
    installation.manage("migrate", "--verbosity", "0")
    return installation.folder


def embedded(folder: Path) -> Installation:
    installation = Installation(folder)
    for name in ("DATABASE_URL", "CELERY_BROKER_URL", "CACHE_URL"):
        installation.environment.pop(name, None)
    return installation


@pytest.fixture
def running(tables, tmp_path) -> Iterator[Installation]:
    """Served on a copy of the tables; stopped afterwards, however the test went."""
    installation = embedded(shutil.copytree(tables, tmp_path / "data"))
    installation.serve()
    until(lambda: len(family(installation.supervisor.pid)) >= 5)  # web and its worker, worker and its child, beat
    yield installation
    installation.stop()


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)


def children(pid: int) -> list[int]:
    """Its children now; none when it has ended meanwhile, as what a library runs to find its parts soon has."""
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except (FileNotFoundError, ProcessLookupError):
        return []


def family(pid: int) -> list[int]:
    """Children, their children, and so on."""
    return [one for child in children(pid) for one in (child, *family(child))]


def command_of(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()


def child_running(installation: Installation, words: str) -> int:
    return next(pid for pid in children(installation.supervisor.pid) if words in command_of(pid))


def is_alive(pid: int) -> bool:
    """Whether it runs; a zombie that nobody asked about is dead."""
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_asked_to_stop_it_ends_with_success_and_leaves_no_process(running, number):
    everybody = family(running.supervisor.pid)

    running.supervisor.send_signal(number)

    assert running.supervisor.wait(40) == 0
    assert [pid for pid in everybody if is_alive(pid)] == []


@pytest.mark.parametrize(("words", "name"), [("celery -A config worker", "worker"), ("gunicorn", "web")])
def test_a_process_that_ends_by_itself_is_named_and_takes_the_rest_along(running, words, name):
    everybody = family(running.supervisor.pid)

    os.kill(child_running(running, words), signal.SIGKILL)

    assert running.supervisor.wait(40) == 1
    assert f"{name} failed (exit code -9)" in running.said
    assert [command_of(pid) for pid in everybody if is_alive(pid)] == []


def test_a_port_in_use_is_said_before_anything_starts(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        environment = os.environ | {"DIGAO_PORT": str(other.getsockname()[1]), "DIGAO_DATA": str(tmp_path)}
        command = [sys.executable, "bin/serve"]
        run = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=20, check=False
        )
    assert run.returncode == 1
    assert "is in use" in run.stderr
    assert list(tmp_path.iterdir()) == []
