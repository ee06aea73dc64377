"""The first visit in headless Chromium with an empty cache: requests, kilobytes, largest contentful paint."""

from collections.abc import Iterator
from statistics import median

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from tests.bench.measure import Measure
from tests.bench.pages import inside
from tests.browser.conftest import ARGUMENTS, CHROMIUM, sign_in
from tests.browser.servers import Installation

VISITS = 5
LCP_SECONDS, REQUESTS, KILOBYTES = 0.5, 12, 150
LCP = """() => new Promise(done => new PerformanceObserver(list => done(list.getEntries().at(-1).startTime))
    .observe({type: "largest-contentful-paint", buffered: true}))"""


class Wire:
    """Counts what one page loads."""

    def __init__(self, session: CDPSession) -> None:
        self.requests, self.bytes = 0, 0
        session.on("Network.loadingFinished", self.count)
        session.send("Network.enable")

    def count(self, event: dict) -> None:
        self.requests += 1
        self.bytes += event["encodedDataLength"]


def measure(installation: Installation) -> Iterator[Measure]:
    known = inside(installation, "facts")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        cookies = cookies_of(browser, installation, known["person"])
        for name, path in known["pages"].items():
            visits = [visit(browser, installation.base_url + path, cookies) for _ in range(VISITS)]
            yield Measure(f"{name}, first visit", median(lcp for lcp, _, _ in visits), "s LCP", LCP_SECONDS)
            yield Measure(f"{name}, first visit", max(count for _, count, _ in visits), "requests", REQUESTS)
            yield Measure(f"{name}, first visit", max(size for _, _, size in visits), "KB", KILOBYTES)
        browser.close()


def cookies_of(browser: Browser, installation: Installation, person: str) -> list:
    context = browser.new_context(base_url=installation.base_url)
    sign_in(context.new_page(), person)
    cookies = context.cookies()
    context.close()
    return cookies


def visit(browser: Browser, url: str, cookies: list) -> tuple[float, int, float]:
    """Seconds to the largest contentful paint, requests, kilobytes; in a context without a cache."""
    context = browser.new_context()
    context.add_cookies(cookies)
    page: Page = context.new_page()
    wire = Wire(context.new_cdp_session(page))
    answer = page.goto(url, wait_until="networkidle")
    assert answer.ok, f"{url}: {answer.status}"
    lcp = page.evaluate(LCP)
    context.close()
    return lcp / 1000, wire.requests, wire.bytes / 1000
