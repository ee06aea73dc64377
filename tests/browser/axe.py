"""axe on a page as it stands: all of its rules (WCAG 2.x A and AA, best practice), in the light and the dark theme."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.crawl import Crawl, kind_of

AXE = Axe()
UNFOLD = "document.querySelectorAll('details').forEach(folded => { folded.open = true })"
ELEMENTS = """() => [...document.querySelectorAll("body *")].filter(element => element.checkVisibility()).map(
    element => [element.tagName, element.role, element.ariaCurrent, ...[...element.classList].sort()].join(" "))"""


def faults(page: Page, *, without: tuple[str, ...] = ()) -> list[str]:
    """What axe finds, a line for each rule and element; `without` are rules that somebody gave a reason against."""
    found = []
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # a colour half faded in is no colour of ours
        found += [f"{theme} {page.url} {rule}: {html}" for rule, html in violations(page) if rule not in without]
    return found


def violations(page: Page) -> list[tuple[str, str]]:
    rules = AXE.run(page).response["violations"]
    return [(rule["id"], node["html"]) for rule in rules for node in rule["nodes"]]


class AxeCrawl(Crawl):
    """Keeps what axe finds, with everything unfolded. `known` spares what others saw: a kind of page is looked at again
    only where it shows elements that it showed nobody before, by their tag, role and classes."""

    def __init__(self, page: Page, known: dict[str, set[str]]) -> None:
        super().__init__(page)
        self.known, self.faults = known, []

    def arrive(self, path: str) -> None:
        self.page.evaluate(UNFOLD)
        shown, known = set(self.page.evaluate(ELEMENTS)), self.known.setdefault(kind_of(path), set())
        if shown - known:
            known |= shown
            self.faults += faults(self.page)
