"""The trail: events appended per second by eight writers, each a process, on one chain and on eight; time to verify.

On the installation's database, and where that is PostgreSQL on the embedded one too.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.measure import Measure
from tests.browser.servers import ROOT, Installation

WRITERS, SECONDS, START_SECONDS = 8, 10, 20
EVENTS, RUNS = 10_000, 3
VERIFY_SECONDS = 1.0


def measure(installation: Installation) -> Iterator[Measure]:
    with tempfile.TemporaryDirectory(prefix="digao-bench-trail-") as folder:
        if "DATABASE_URL" in installation.environment:
            yield from on("PostgreSQL", installation)
        yield from on("SQLite", embedded(Path(folder)))


def embedded(folder: Path) -> Installation:
    """An installation on a file, with tables and nothing in them."""
    installation = Installation(folder)
    installation.environment.pop("DATABASE_URL", None)
    installation.manage("migrate", "--verbosity", "0")
    return installation


def on(database: str, installation: Installation) -> Iterator[Measure]:
    for chains in (1, WRITERS):
        rate = appended(installation, [f"bench:{chains}:{number % chains}" for number in range(WRITERS)]) / SECONDS
        name = f"appends, {WRITERS} writers on {chains} chain{'s' if chains > 1 else ''}, {database}"
        yield Measure(name, rate, "/s")
    inside(installation, "fill", "bench:verified", str(EVENTS))
    seconds = min(inside(installation, "verify", "bench:verified") for _ in range(RUNS))
    yield Measure(f"verifying {EVENTS:,} events, {database}", seconds, "s", VERIFY_SECONDS)


def appended(installation: Installation, chains: list[str]) -> int:
    """How many events one writer for each name appended in all, having begun together."""
    start = time.time() + START_SECONDS
    writers = [writer(installation, chain, start) for chain in chains]
    said = [process.communicate()[0] for process in writers]
    assert all(process.returncode == 0 for process in writers), "a writer failed"
    return sum(map(json.loads, said))


def writer(installation: Installation, chain: str, start: float) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.bench.trail_inside", "append", chain, str(start), str(SECONDS)]
    return subprocess.Popen(command, cwd=ROOT, env=installation.environment, stdout=subprocess.PIPE, text=True)


def inside(installation: Installation, *arguments: str) -> float:
    return json.loads(installation.python("-m", "tests.bench.trail_inside", *arguments))
