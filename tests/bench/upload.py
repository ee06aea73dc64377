"""A file of 2 GiB through the web server in chunks: its speed against bare hashing and writing, the server's memory.

`bare` hashes the same bytes while it writes them to the same disk and syncs them once: what no upload can beat.
"""

import base64
import hashlib
import json
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from tests.bench.measure import Measure
from tests.bench.pages import Browser, inside, web_processes
from tests.browser.servers import Installation

CHUNK, SIZE = 8 * 1024**2, 2 * 1024**3
A_PART = SIZE // 8  # after each, the memory is looked at
BLOCKS = [os.urandom(CHUNK) for _ in range(8)]  # sent in turns: making 2 GiB of chance would be measured too
DIGESTS = [base64.b64encode(hashlib.sha256(block).digest()).decode() for block in BLOCKS]
RUNS = 2
GROWTH_MIB = 64
SLOWER = 1 / 0.6  # at least 60 % of the bare speed


def measure(installation: Installation) -> Iterator[Measure]:
    """Alternate both ways, so that a busy moment hits both; the fastest of each counts."""
    sender = Sender(installation)
    sender.send(2 * CHUNK)  # whatever the first upload costs once
    received, checked, alone, curve = [], [], [], []
    with Memory(web_processes(installation.supervisor.pid)) as memory:
        for _ in range(RUNS):
            alone.append(bare(Path(installation.environment["DIGAO_DATA"]) / "bare"))
            curve.clear()
            took = sender.send(SIZE, lambda: curve.append(memory.now))
            received.append(took[0])
            checked.append(took[1])
    yield Measure("2 GiB received", min(received), "s")
    yield Measure("2 GiB received and checked", min(checked), "s")
    yield Measure("2 GiB barely hashed, written, synced", min(alone), "s")
    yield Measure("receiving against barely", min(received) / min(alone), "ratio", SLOWER)
    yield Measure("receiving and checking against barely", min(checked) / min(alone), "ratio")
    yield Measure("web process grew while receiving 2 GiB", memory.growth, "MiB", GROWTH_MIB)
    for place, grown in enumerate(curve, start=1):
        yield Measure(f"web process, {place * A_PART // 1024**2} MiB received", grown, "MiB more", GROWTH_MIB)
    two = [Sender(installation), Sender(installation)]  # signing in takes memory of its own: Argon2's
    with Memory(web_processes(installation.supervisor.pid)) as memory, ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda sender: sender.send(SIZE // 4), two))
    yield Measure("web process grew while receiving two files", memory.growth, "MiB", GROWTH_MIB)


def bare(place: Path) -> float:
    """Seconds to hash and write the bytes and to sync them at the end."""
    started, whole = time.perf_counter(), hashlib.sha256()
    with place.open("wb") as file:
        for number in range(SIZE // CHUNK):
            whole.update(BLOCKS[number % len(BLOCKS)])
            file.write(BLOCKS[number % len(BLOCKS)])
        os.fsync(file.fileno())
    took = time.perf_counter() - started
    place.unlink()
    return took


class Memory:
    """How much the web processes grew while inside, at their largest, over what they had before (Linux)."""

    def __init__(self, pids: list[int]) -> None:
        self.pids = pids

    def __enter__(self) -> Self:
        self.before = {pid: self.of(pid, "VmRSS") for pid in self.pids}
        for pid in self.pids:
            Path(f"/proc/{pid}/clear_refs").write_text("5")  # the high-water mark starts anew
        return self

    def __exit__(self, *_error: object) -> None:
        self.growth = max(self.of(pid, "VmHWM") - before for pid, before in self.before.items())

    @property
    def now(self) -> float:
        """How much larger they are at this moment."""
        return max(self.of(pid, "VmRSS") - before for pid, before in self.before.items())

    @staticmethod
    def of(pid: int, line: str) -> float:
        """MiB, as the kernel counts them."""
        status = Path(f"/proc/{pid}/status").read_text()
        return int(status.split(f"{line}:")[1].split()[0]) / 1024


class Sender:
    """Somebody's page that sends files for the engagement under way."""

    def __init__(self, installation: Installation) -> None:
        known = inside(installation, "facts")
        self.browser = Browser(installation.port)
        self.browser.sign_in(known["person"], known["password"])
        self.uploads = f"{urlsplit(known['pages']['engagement page']).path}uploads/"

    def send(self, size: int, after_part: Callable[[], object] = lambda: None) -> tuple[float, float]:
        """Seconds until all is received, and until it is checked too; the file is given up then."""
        self.browser.connection.close()  # opened anew: the server may have ended one that was idle
        announced = {"Content-Type": "application/json"}
        begun = self.ask("POST", self.uploads, json.dumps({"name": "bench.bin", "size": size}).encode(), announced)
        started = time.perf_counter()
        for offset in range(0, size, CHUNK):
            self.put(begun["url"], offset)
            if (offset + CHUNK) % A_PART == 0:
                after_part()
        received = time.perf_counter() - started
        while (said := self.ask("GET", begun["url"]))["state"] == "checking":
            time.sleep(0.05)
        checked = time.perf_counter() - started
        assert said["state"] == "ready", said
        self.ask("DELETE", begun["url"])
        return received, checked

    def put(self, url: str, offset: int) -> None:
        number = offset // CHUNK % len(BLOCKS)
        about = {"Upload-Offset": str(offset), "Content-Digest": f"sha-256=:{DIGESTS[number]}:"}
        self.ask("PUT", url, BLOCKS[number], {"Content-Type": "application/octet-stream", **about})

    def ask(self, method: str, url: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> dict:
        cookies = "; ".join(f"{name}={value}" for name, value in self.browser.cookies.items())
        known = {"Cookie": cookies, "X-CSRFToken": self.browser.cookies["csrftoken"]}
        self.browser.connection.request(method, url, body, known | (headers or {}))
        answer = self.browser.connection.getresponse()
        content = answer.read()
        assert answer.status in {200, 201, 204}, f"{method} {url}: {answer.status} {content[:300]!r}"
        return json.loads(content or b"{}")
