"""Every page as everybody: no violation of the content security policy, no error, the same headers on all answers."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Response

EVERYBODY = (
    "staff@firm.example",
    "incharge@firm.example",
    "manager@firm.example",
    "partner@firm.example",
    "eqr@firm.example",
    "admin@firm.example",
    "broker@anshin.example",
    "staff@exchange.example",
    "operator@exchange.example",
)
OUTWARD = {  # headers of a page, by name: what the value must hold
    "content-security-policy": "default-src 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "x-frame-options": "DENY",
    "cache-control": "no-store",
}
DOWNLOAD = re.compile(r"/files?/|/export|/schema/$")
DOORS = ("/login/", "/password/", "/password/sent/", "/password/abc-def/", "/logout/", "/nothing/", "/api/schema/docs/")


def kind_of(path: str) -> str:
    """The path with its keys taken out."""
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d[\dA-Z.]*", "*", path.split("?", maxsplit=1)[0])


class Crawl:
    """Follows every link of one person's pages, one of each kind, and keeps what their headers lack."""

    def __init__(self, page: Page) -> None:
        self.page, self.seen, self.lacking = page, set(), []
        page.on("response", self.look_at)

    def look_at(self, response: Response) -> None:
        if response.request.resource_type == "document" and response.status < 300:
            headers = response.headers
            lacks = [name for name, value in OUTWARD.items() if value not in headers.get(name, "")]
            self.lacking += [(response.url, lacks)] if lacks else []
        elif response.headers.get("x-content-type-options") != "nosniff":
            self.lacking.append((response.url, ["x-content-type-options"]))

    def run(self, *paths: str) -> "Crawl":
        waiting = list(paths)
        while waiting:
            path = waiting.pop(0)
            if kind_of(path) in self.seen or DOWNLOAD.search(path):
                continue
            self.seen.add(kind_of(path))
            self.page.goto(path)
            waiting += self.page.eval_on_selector_all(
                "a[href^='/'], a[href^='?'], [hx-get]",
                "links => links.map(link => link.pathname ? link.pathname + link.search : link.getAttribute('hx-get'))",
            )
        return self


@pytest.mark.parametrize("who", EVERYBODY)
def test_no_page_violates_the_policy_or_lacks_a_header(page_of: Callable[[str], Page], watch, who: str):
    watch.allow("favicon.ico")  # a part of a page names no icon of its own, as no browser shows it alone
    crawl = Crawl(page_of(who)).run("/", "/account/", "/account/factors/", "/acts/", "/patterns/")
    assert crawl.lacking == []
    assert len(crawl.seen) >= 10


def test_what_stands_before_the_house_neither(page: Page, watch):
    watch.allow(r"the server responded with a status of 404 \(Not Found\)")
    crawl = Crawl(page).run(*DOORS)
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
