"""Every page as everybody: no violation of the content security policy, no error, the same headers on all answers."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Response

from tests.browser.crawl import DOORS, EVERYBODY, START, Crawl

OUTWARD = {  # headers of a page, by name: what the value must hold
    "content-security-policy": "default-src 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "x-frame-options": "DENY",
    "cache-control": "no-store",
}


class HeaderCrawl(Crawl):
    """Keeps what the headers lack, of pages and of the parts that htmx fetches."""

    links = f"{Crawl.links}, [hx-get]"

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self.lacking = []
        page.on("response", self.look_at)

    def look_at(self, response: Response) -> None:
        if response.request.resource_type == "document" and response.status < 300:
            headers = response.headers
            lacks = [name for name, value in OUTWARD.items() if value not in headers.get(name, "")]
            self.lacking += [(response.url, lacks)] if lacks else []
        elif response.headers.get("x-content-type-options") != "nosniff":
            self.lacking.append((response.url, ["x-content-type-options"]))


@pytest.mark.parametrize("who", EVERYBODY)
def test_no_page_violates_the_policy_or_lacks_a_header(page_of: Callable[[str], Page], watch, who: str):
    watch.allow("favicon.ico")  # a part of a page names no icon of its own, as no browser shows it alone
    crawl = HeaderCrawl(page_of(who)).run(*START)
    assert crawl.lacking == []
    assert len(crawl.seen) >= 10


def test_what_stands_before_the_house_neither(page: Page, watch):
    watch.allow(r"the server responded with a status of 404 \(Not Found\)")
    crawl = HeaderCrawl(page).run(*DOORS, "/api/schema/docs/")
    assert crawl.lacking == []


def test_the_api_s_page_shows_what_there_is(page: Page):
    page.goto("/api/schema/docs/")
    page.locator(".opblock", has_text="/api/v1/results/{id}/").first.wait_for()


def test_a_violation_would_be_seen(page: Page, watch):
    watch.allow("Content Security Policy")
    page.goto("/login/")
    page.evaluate("() => { const s = document.createElement('style'); s.textContent = 'b{}'; document.head.append(s) }")
    page.wait_for_timeout(300)
    assert [text for text in watch.problems if "Content Security Policy" in text]
