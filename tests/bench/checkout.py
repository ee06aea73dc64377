"""From a bare checkout to an answering server, by bin/demo; the caches of apt and uv may be warm."""

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.measure import Measure
from tests.browser.servers import ROOT, Installation, free_port

GIVE_UP_SECONDS = 600
INSTALLATION_VARIABLES = {
    "DATABASE_URL",
    "CELERY_BROKER_URL",
    "CACHE_URL",
    "DIGAO_DATA",
    "DIGAO_MODE",
    "DJANGO_SECRET_KEY",
}


def measure(_installation: Installation) -> Iterator[Measure]:
    """Time a clone of HEAD, then `bin/demo` twice: from nothing, and again."""
    with tempfile.TemporaryDirectory(prefix="digao-checkout-") as folder:
        started = time.monotonic()
        subprocess.run(["git", "clone", "--quiet", str(ROOT), folder], check=True)
        until_it_answers(Path(folder))
        yield Measure("checkout to running", time.monotonic() - started, "s", 120)
        yield Measure("bin/demo, second time", until_it_answers(Path(folder)), "s")


def until_it_answers(folder: Path) -> float:
    """Seconds until the demo answers; it is stopped afterwards."""
    environment = {name: value for name, value in os.environ.items() if name not in INSTALLATION_VARIABLES}
    port = free_port()
    started = time.monotonic()
    command = [str(folder / "bin" / "demo")]
    demo = subprocess.Popen(command, cwd=folder, env=environment | {"DIGAO_PORT": str(port)}, stdout=subprocess.DEVNULL)
    try:
        while not Installation.answers_on(port):
            assert demo.poll() is None, "bin/demo ended early"
            assert time.monotonic() < started + GIVE_UP_SECONDS, "bin/demo does not answer"
            time.sleep(0.1)
        return time.monotonic() - started
    finally:
        demo.send_signal(signal.SIGTERM)
        demo.wait(60)
