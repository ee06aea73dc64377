"""Fixtures of the browser tests: one real installation per run, Chromium from Debian, a fresh context per person.

A page that logs an error to its console (a CSP violation is one), throws, or answers 5xx fails the test.
"""

import re
import time
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response, sync_playwright

from tests.browser.servers import Installation

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",  # CI runs as root
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
PASSWORD = "digao-demo-2026"
SIGN_IN = "/login/"
MOST_A_MINUTE = 25  # the product takes 30 from one address; some tests fill in the form themselves
_sign_ins: deque[float] = deque(maxlen=MOST_A_MINUTE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def installation(tmp_path_factory) -> Iterator[Installation]:
    """Web, worker and beat on demo data of their own. It must stop as cleanly as it started."""
    running = Installation(tmp_path_factory.mktemp("installation"))
    running.prepare()
    running.serve()
    yield running
    assert running.stop() == 0


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


class Watch:
    """Collects what went wrong in the pages of one test."""

    def __init__(self) -> None:
        self.problems: list[str] = []
        self.allowed: list[str] = []

    def allow(self, pattern: str) -> None:
        """Say that a problem that matches is part of the test, such as a refusal with 403."""
        self.allowed.append(pattern)

    def listen(self, context: BrowserContext) -> None:
        context.on("console", self.on_console)
        context.on("weberror", lambda error: self.problems.append(f"exception: {error.error}"))
        context.on("response", self.on_response)

    def on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.problems.append(f"console: {message.text} ({message.location.get('url', '')})")

    def on_response(self, response: Response) -> None:
        if response.status >= 500:
            self.problems.append(f"answer {response.status}: {response.request.method} {response.url}")

    def verdict(self) -> list[str]:
        return [text for text in self.problems if not any(re.search(pattern, text) for pattern in self.allowed)]


@pytest.fixture
def watch() -> Iterator[Watch]:
    watching = Watch()
    yield watching
    assert watching.verdict() == []


@pytest.fixture
def new_page(chromium: Browser, installation: Installation, watch: Watch) -> Iterator[Callable[[], Page]]:
    """A maker of pages, each with cookies of its own, as on another person's computer."""
    contexts = []

    def make() -> Page:
        context = chromium.new_context(base_url=installation.base_url, locale="zh-TW", timezone_id="Asia/Taipei")
        context.set_default_timeout(15_000)
        watch.listen(context)
        contexts.append(context)
        return context.new_page()

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def page(new_page: Callable[[], Page]) -> Page:
    """A page on which nobody is signed in."""
    return new_page()


@pytest.fixture
def page_of(new_page: Callable[[], Page]) -> Callable[[str], Page]:
    """`page_of("partner@…")`: a page with that person signed in, on a computer of their own."""

    def signed_in(who: str) -> Page:
        return sign_in(new_page(), who)

    return signed_in


def annual_of(page: Page) -> str:
    """The address of the engagement under way, as the signed-in person's start page links to it."""
    page.goto("/")
    link = page.locator("main a[href^='/engagements/']", has_text=re.compile("安信數位證券 115")).first
    return re.match(r"/engagements/[0-9a-f-]+/", link.get_attribute("href") or "")[0]


def sign_in(page: Page, who: str) -> Page:
    """Sign in through the form as the demo's person with the mail address `who`."""
    _wait_for_turn()
    page.goto(SIGN_IN)
    page.locator("input[name=login]").fill(who)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url(lambda url: SIGN_IN not in url)
    return page


def _wait_for_turn() -> None:
    """Sign in no faster than people at one address may."""
    if len(_sign_ins) == MOST_A_MINUTE:
        time.sleep(max(0.0, _sign_ins[0] + 60 - time.monotonic()))
    _sign_ins.append(time.monotonic())
