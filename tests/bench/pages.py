"""CPU that the web process spends per request, and queries, in the demo as seeded and at 200 engagements."""

import http.client
import json
import os
import re
from collections.abc import Callable, Iterator
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

from tests.bench.measure import Measure
from tests.browser.servers import Installation

WARM_UP, BATCHES, REQUESTS = 10, 5, 40
# A paper carries the index of all others, what its evidence covers, suggestions, references, notes and forms.
PAGE_MS = {"engagement page": 40, "list of papers": 40, "workpaper page": 55}
PAGE_QUERIES = 18
# A save also tells the trail which revision it left: who wrote decides who may review.
SAVE_MS, SAVE_QUERIES = 15, 12
MANY = 200


class Browser:
    """One person's connection, kept open, with its cookies."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("localhost", port, timeout=30)
        self.cookies: dict[str, str] = {}

    def ask(self, path: str, form: dict | None = None) -> bytes:
        """GET, or POST what is typed; anything but 200 and 302 is an error."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        body = None
        if form is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": self.cookies["csrftoken"]}
            body = urlencode(form)
        self.connection.request("POST" if form is not None else "GET", path, body, headers)
        answer = self.connection.getresponse()
        content = answer.read()
        assert answer.status in {200, 302}, f"{path}: {answer.status} {content[:300]!r}"
        for line in answer.headers.get_all("Set-Cookie") or []:
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        return content

    def sign_in(self, person: str, password: str) -> None:
        self.ask("/login/")
        self.ask("/login/", {"login": person, "password": password})
        assert "sessionid" in self.cookies, "not signed in"


def web_processes(supervisor: int) -> list[int]:
    """Gunicorn's workers: grandchildren of bin/serve."""
    masters = [pid for pid in children(supervisor) if b"gunicorn" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    return [pid for master in masters for pid in children(master)]


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def cpu_seconds(pids: list[int]) -> float:
    """User and system time of these processes so far; the clock ticks every 10 ms."""
    ticks = 0
    for pid in pids:
        fields = re.sub(r"^.*\) ", "", Path(f"/proc/{pid}/stat").read_text()).split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def cpu_ms_per_call(pids: list[int], call: Callable[[], object]) -> float:
    """The cheapest of several batches: what else the machine is doing makes every instruction dearer."""
    repeat(call, WARM_UP)
    return min(batch(pids, call) for _ in range(BATCHES)) * 1000 / REQUESTS


def batch(pids: list[int], call: Callable[[], object]) -> float:
    before = cpu_seconds(pids)
    repeat(call, REQUESTS)
    return cpu_seconds(pids) - before


def repeat(call: Callable[[], object], times: int) -> None:
    for _ in range(times):
        call()


class Typist:
    """Saves one result again and again, each time with one more character and the version it was told."""

    def __init__(self, browser: Browser, path: str, version: int) -> None:
        self.browser, self.path, self.version, self.count = browser, path, version, 0

    def save(self) -> None:
        self.count += 1
        typed = {"outcome": "no_exception", "work": f"已檢視（{self.count}）。", "reason": "", "performed_on": ""}
        answer = self.browser.ask(self.path, typed | {"version": self.version})
        self.version = json.loads(answer)["version"]


def inside(installation: Installation, *arguments: str):
    return json.loads(installation.python("-m", "tests.bench.inside", *arguments).splitlines()[-1])


def measure(installation: Installation) -> Iterator[Measure]:
    yield from at_this_size(installation)
    inside(installation, "grow", str(MANY))
    yield from at_this_size(installation)


def at_this_size(installation: Installation) -> Iterator[Measure]:
    known = inside(installation, "facts")
    size = f"at {known['engagements']} engagements"
    browser = Browser(installation.port)
    browser.sign_in(known["person"], known["password"])
    pids = web_processes(installation.supervisor.pid)
    for name, path in known["pages"].items():
        yield Measure(
            f"{name}, {size}", cpu_ms_per_call(pids, lambda path=path: browser.ask(path)), "CPU ms", PAGE_MS[name]
        )
    typist = Typist(browser, known["save"], known["version"])
    yield Measure(f"saving a result, {size}", cpu_ms_per_call(pids, typist.save), "CPU ms", SAVE_MS)
    for name, number in inside(installation, "queries").items():
        budget = SAVE_QUERIES if name.startswith("saving") else PAGE_QUERIES
        yield Measure(f"{name}, {size}", number, "queries", budget)
