"""A page in headless Chromium, first with an empty cache, then again: requests, kilobytes, largest contentful paint.

Styles and scripts are small files, each one idea, without a build step; their names hold their hash and browsers keep
them for a year. So the first visit after a release may ask for some thirty, every later one for the page, its beat and
pictures of evidence, which no browser keeps.
"""

from collections.abc import Iterator, Sequence
from statistics import median

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from tests.bench.measure import Measure
from tests.bench.pages import inside
from tests.browser.conftest import ARGUMENTS, CHROMIUM, sign_in
from tests.browser.servers import Installation

VISITS = 5
UNITS = "s LCP", "requests", "KB"
FIRST, AGAIN = (0.8, 30, 150), (0.6, 8, 100)  # s, requests, KB
LCP = """() => new Promise(done => new PerformanceObserver(list => done(list.getEntries().at(-1).startTime))
    .observe({type: "largest-contentful-paint", buffered: true}))"""


class Wire:
    """Counts what one page loads."""

    def __init__(self, session: CDPSession) -> None:
        self.requests, self.bytes = 0, 0
        session.on("Network.loadingFinished", self.count)
        session.send("Network.enable")

    def count(self, event: dict) -> None:
        """What comes from the browser's cache costs nothing."""
        self.requests += bool(event["encodedDataLength"])
        self.bytes += event["encodedDataLength"]


def measure(installation: Installation) -> Iterator[Measure]:
    known = inside(installation, "facts")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        cookies = cookies_of(browser, installation, known["person"])
        for name, path in known["pages"].items():
            visits = [visits_of(browser, installation.base_url + path, cookies) for _ in range(VISITS)]
            first, again = zip(*visits, strict=True)
            yield from told(f"{name}, first visit", first, FIRST)
            yield from told(f"{name}, again", again, AGAIN)
        browser.close()


def cookies_of(browser: Browser, installation: Installation, person: str) -> list:
    context = browser.new_context(base_url=installation.base_url)
    sign_in(context.new_page(), person)
    cookies = context.cookies()
    context.close()
    return cookies


Visit = tuple[float, int, float]  # seconds to the largest contentful paint, requests, kilobytes


def told(name: str, visits: Sequence[Visit], budgets: Visit) -> Iterator[Measure]:
    paints, counts, sizes = zip(*visits, strict=True)
    for value, unit, budget in zip((median(paints), max(counts), max(sizes)), UNITS, budgets, strict=True):
        yield Measure(name, value, unit, budget)


def visits_of(browser: Browser, url: str, cookies: list) -> tuple[Visit, Visit]:
    """The first visit in a context without a cache, and one more."""
    context = browser.new_context()
    context.add_cookies(cookies)
    visits = visit(context.new_page(), url), visit(context.new_page(), url)
    context.close()
    return visits


def visit(page: Page, url: str) -> Visit:
    wire = Wire(page.context.new_cdp_session(page))
    answer = page.goto(url, wait_until="networkidle")
    assert answer.ok, f"{url}: {answer.status}"
    lcp = page.evaluate(LCP)
    page.close()
    return lcp / 1000, wire.requests, wire.bytes / 1000
