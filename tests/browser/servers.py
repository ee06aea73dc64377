"""A real installation for the browser tests: database, catalogue, demo data, web, worker, beat, as bin/demo starts it.

With DATABASE_URL and CELERY_BROKER_URL in the environment (bin/with-servers sets them) it gets a PostgreSQL database
and Redis databases of its own; without, the embedded default in its own folder. The database guards refuse a flush,
so pytest-django's live server is no choice.
"""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 60


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def with_path(address: str, path: str) -> str:
    """The same server, another database on it."""
    return urlunsplit(urlsplit(address)._replace(path=path))


def own_database(address: str) -> str:
    """Create a PostgreSQL database beside the given one and return its address."""
    import psycopg2  # noqa: PLC0415  an extra: missing where only the embedded default is tested

    name = f"browser_{uuid4().hex[:8]}"
    connection = psycopg2.connect(address)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    connection.close()
    return with_path(address, f"/{name}")


def own_servers() -> dict[str, str]:
    """The addresses of databases that no other test uses; empty for the embedded default."""
    addresses = {}
    if "DATABASE_URL" in os.environ:
        addresses["DATABASE_URL"] = own_database(os.environ["DATABASE_URL"])
    if "CELERY_BROKER_URL" in os.environ:
        addresses["CELERY_BROKER_URL"] = with_path(os.environ["CELERY_BROKER_URL"], "/2")
        addresses["CACHE_URL"] = with_path(os.environ["CACHE_URL"], "/3")
    return addresses


@dataclass
class Installation:
    """One installation in `folder`; `start()` prepares and serves it, `stop()` ends it."""

    folder: Path
    port: int = field(default_factory=free_port)

    def __post_init__(self) -> None:
        own = {
            "DIGAO_MODE": "demo",
            "DIGAO_DATA": str(self.folder),
            "DIGAO_PORT": str(self.port),
            "DJANGO_SECRET_KEY": uuid4().hex * 2,
        }
        self.environment = os.environ | own | own_servers()

    @property
    def base_url(self) -> str:
        return f"http://localhost:{self.port}"

    def manage(self, *arguments: str) -> str:
        """Run a management command on this installation; return what it printed."""
        return self.python("manage.py", *arguments)

    def python(self, *arguments: str) -> str:
        """Run Python with this installation's settings; return what it printed."""
        command = [sys.executable, *arguments]
        run = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False)
        assert run.returncode == 0, f"{' '.join(arguments)} failed:\n{run.stdout}{run.stderr}"
        return run.stdout

    def perform(self, what: str, engagement: str) -> None:
        """Do what fills weeks of an engagement (tests/browser/performing.py)."""
        self.manage("shell", "-c", f"from tests.browser import performing; performing.{what}({engagement!r})")

    @property
    def said(self) -> str:
        """What bin/serve printed so far."""
        return (self.folder / "serve.out").read_text()

    def prepare(self) -> None:
        """What bin/demo does before it serves."""
        self.manage("migrate", "--verbosity", "0")
        self.manage("load_catalogue")
        self.manage("collectstatic", "--no-input", "--verbosity", "0")
        self.manage("seed_demo")

    def serve(self) -> None:
        """Start bin/serve; return when it answers."""
        with (self.folder / "serve.out").open("wb") as output:
            command = [sys.executable, "bin/serve"]
            self.supervisor = subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=output, stderr=output)
        deadline = time.monotonic() + START_SECONDS
        while not self.answers():
            assert self.supervisor.poll() is None, f"bin/serve ended early:\n{self.said}"
            assert time.monotonic() < deadline, f"no answer within {START_SECONDS} s"
            time.sleep(0.1)

    def answers(self) -> bool:
        return self.answers_on(self.port)

    @staticmethod
    def answers_on(port: int) -> bool:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz/", timeout=2).close()
        except OSError:
            return False
        return True

    def stop(self) -> int:
        """Stop as Ctrl-C would; return bin/serve's exit code."""
        if self.supervisor.poll() is None:
            self.supervisor.send_signal(signal.SIGINT)
        return self.supervisor.wait(60)
