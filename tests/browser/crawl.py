"""Every link of one person's pages, followed once per kind of page."""

import re
from typing import Self

from playwright.sync_api import Page

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
START = ("/", "/account/", "/account/factors/", "/acts/", "/patterns/")
DOORS = ("/login/", "/password/", "/password/sent/", "/password/abc-def/", "/logout/", "/nothing/")
DOWNLOAD = re.compile(r"/files?/|/export|/pages/\d+/$|/schema/$")  # also pictures, which are no pages


def kind_of(path: str) -> str:
    """The path with its keys taken out."""
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d[\dA-Z.]*", "*", path.split("?", maxsplit=1)[0])


class Crawl:
    """Visits a page of each kind; what is done there is `arrive`, what is followed from there is `links`."""

    links = "a[href^='/'], a[href^='?']"

    def __init__(self, page: Page) -> None:
        self.page, self.seen = page, set()

    def run(self, *paths: str) -> Self:
        waiting = list(paths)
        while waiting:
            path = waiting.pop(0)
            if kind_of(path) in self.seen or DOWNLOAD.search(path):
                continue
            self.seen.add(kind_of(path))
            self.page.goto(path)
            waiting += self.page.eval_on_selector_all(
                self.links,
                "links => links.map(link => link.pathname ? link.pathname + link.search : link.getAttribute('hx-get'))",
            )
            self.arrive(path)
        return self

    def arrive(self, path: str) -> None:
        """Do what the crawl is for, on the page of `path`."""
