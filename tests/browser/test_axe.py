"""axe on every kind of page, in both themes; on dialogs where they live, and on what only work brings about.

The page of the API is left out: Swagger UI draws it, from start to end, for programmers.
"""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import resolve
from playwright.sync_api import Page, expect

from tests.browser.axe import UNFOLD, AxeCrawl, faults
from tests.browser.conftest import annual_of
from tests.browser.crawl import DOORS, EVERYBODY, START

STAFF, MANAGER, PARTNER = "staff@firm.example", "manager@firm.example", "partner@firm.example"
REFUSED = r"status of 4(09|22)"  # the browser logs them; to the page they are answers
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
TEMPLATES = Path(__file__).parents[2] / "templates"
OPENER = '[hx-target="#dialog"]'
OF_THE_MAIN_PANE = ("landmark-one-main", "page-has-heading-one")  # which a phone shows one press away, like a tab
UNBEGUN, TYPED_IN = "3.12.6", "3.12.7"  # papers that no other test needs untouched


@pytest.fixture(scope="module")
def known() -> dict[str, set[str]]:
    """What pages of each kind were seen to consist of, by whoever came first."""
    return {}


@pytest.fixture
def opened(page_of) -> Callable[..., Page]:
    """`opened(who, path)`: somebody's page of the engagement under way."""

    def opening(who: str, path: str, size: dict[str, int] = DESK) -> Page:
        page = page_of(who)
        page.set_viewport_size(size)
        page.emulate_media(reduced_motion="reduce")
        page.goto(f"{annual_of(page)}{path}")
        return page

    return opening


@pytest.mark.parametrize("who", EVERYBODY)
def test_pages_of_every_kind(page_of, known, who):
    page = page_of(who)
    page.set_viewport_size(DESK)
    assert AxeCrawl(page, known).run(*START).faults == []


def test_what_stands_before_the_house(page, watch):
    watch.allow(r"the server responded with a status of 404 \(Not Found\)")
    assert AxeCrawl(page, {}).run(*DOORS).faults == []


# Papers and lists ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "path"),
    [
        (MANAGER, "papers/3.10.1/"),  # signed and changed: what changed is shown
        (MANAGER, "papers/3.4/?reopened=1"),  # reviewed, opened for change, with a coverage that has a gap
        (PARTNER, "papers/3.10.2/?side=notes"),  # prepared, with a note
        (PARTNER, "papers/B-2/"),  # a memo
        (STAFF, "papers/3.14.3/"),  # a matrix of clauses
        (STAFF, "papers/3.13/"),  # suggestions
    ],
)
def test_papers_of_every_state(opened, who, path):
    page = opened(who, path)
    page.evaluate(UNFOLD)
    assert faults(page) == []


@pytest.mark.parametrize("side", ["evidence", "requests", "notes", "history"])
def test_what_stands_beside_a_paper(opened, side):
    page = opened(STAFF, "papers/3.10.3/")
    page.locator(f'.tabs a[href="?side={side}"]').click()
    expect(page.locator("#side-shown")).to_have_value(side)
    page.evaluate(UNFOLD)
    assert faults(page) == []


@pytest.mark.parametrize("query", ["?by=person", "?turn=review", "?turn=returned"])
def test_the_list_queued_and_filtered(opened, query):
    assert faults(opened(MANAGER, f"papers/{query}")) == []


@pytest.mark.parametrize("pane", ["index", "main", "side"])
def test_a_paper_on_a_phone(opened, pane):
    page = opened(STAFF, "papers/3.10.1/", PHONE)
    page.locator(f'.switch [data-show="{pane}"]').click()
    assert faults(page, without=() if pane == "main" else OF_THE_MAIN_PANE) == []


@pytest.mark.parametrize("path", ["", "papers/", "papers/?by=person"])
def test_lists_and_the_map_on_a_phone(opened, path):
    page = opened(MANAGER, path, PHONE)
    page.evaluate(UNFOLD)
    assert faults(page) == []


# Dialogs ---------------------------------------------------------------------------------------


def kinds_of_dialogs() -> set[str]:
    """The names of the addresses that templates ask for a dialog."""
    opener = re.compile(r"""hx-get="{% url '([a-z-]+)'[^>]*hx-target="#dialog\"""")
    return {name for path in TEMPLATES.rglob("*.html") for name in opener.findall(path.read_text())}


def dialogs(page: Page) -> dict[str, str]:
    """The dialogs that the page offers: name of the address → address."""
    asked = page.locator(OPENER).evaluate_all("buttons => buttons.map(button => button.getAttribute('hx-get'))")
    return {resolve(address.split("?")[0]).url_name: address for address in asked}


def open_dialog(page: Page, address: str) -> None:
    page.locator(f'[hx-get="{address}"]').first.click()
    expect(page.locator("#dialog")).to_be_visible()


def close_dialog(page: Page) -> None:
    page.keyboard.press("Escape")
    expect(page.locator("#dialog")).to_be_hidden()


def add_a_procedure(page: Page) -> None:
    open_dialog(page, dialogs(page)["procedure-add"])
    page.locator("#dialog [name=text]").fill("檢查保全紀錄是否由專人保管。")
    page.locator("#dialog .primary").click()
    expect(page.locator("#added .procedure")).to_have_count(1)


def find_an_exception(page: Page) -> None:
    page.locator(".procedure").first.get_by_text("有例外", exact=True).click()
    expect(page.locator(".cite.raise")).to_be_visible()


def test_each_dialog_on_its_paper(opened):
    page = opened(STAFF, f"papers/{UNBEGUN}/")
    add_a_procedure(page)
    find_an_exception(page)
    seen, found = set(), []
    for code in (UNBEGUN, "3.13", "3.10.1"):
        page.goto(f"{annual_of(page)}papers/{code}/")
        for name, address in dialogs(page).items():
            if name not in seen:
                open_dialog(page, address)
                found += faults(page)
                close_dialog(page)
                seen.add(name)
    assert found == []
    assert seen == kinds_of_dialogs()


@pytest.mark.parametrize("name", ["citation-list", "procedure-add", "paper-new"])
def test_a_dialog_that_says_what_is_wrong(opened, watch, name):
    watch.allow(REFUSED)
    page = opened(STAFF, "papers/3.13/")
    open_dialog(page, dialogs(page)[name])
    page.locator("#dialog .primary").click()
    expect(page.locator("#dialog [aria-invalid=true], #dialog .error").first).to_be_visible()
    assert faults(page) == []


def test_the_phrases_and_the_help_for_the_keyboard(opened):
    page = opened(STAFF, "papers/3.13/")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    assert faults(page) == []
    page.keyboard.press("Escape")
    page.locator(".procedure .work").first.focus()
    page.keyboard.press("Alt+p")
    expect(page.locator("#insert-list li").first).to_be_visible()
    assert faults(page) == []


def test_the_menu_of_one_s_account(opened):
    page = opened(STAFF, "")
    page.locator(".menu-button").last.click()
    expect(page.locator(".menu:popover-open")).to_be_visible()
    assert faults(page) == []


# What work brings about --------------------------------------------------------------------------


def test_a_text_that_is_refused_at_its_field(opened, watch):
    watch.allow(REFUSED)
    page = opened(STAFF, f"papers/{TYPED_IN}/")
    work = page.locator(".procedure .work").first
    work.focus()
    page.keyboard.insert_text("長" * 20_001)
    work.blur()
    expect(page.locator(".procedure .error").first).to_be_visible()
    assert faults(page) == []


def test_two_texts_to_choose_from(opened, watch):
    watch.allow(REFUSED)
    page = opened(STAFF, f"papers/{TYPED_IN}/")
    other = page.context.new_page()
    other.set_viewport_size(DESK)
    other.goto(page.url)
    for tab, text, state in ((page, "第一個分頁。", "saved"), (other, "第二個分頁。", "conflict")):
        block = tab.locator(".procedure").nth(1)
        block.locator(".work").fill(text)
        expect(block.locator("[data-save-state]").first).to_have_attribute("data-state", state)
    expect(other.locator(".conflict")).to_be_visible()
    assert faults(other) == []


def test_a_review_under_way_and_before_it_is_submitted(opened):
    page = opened(PARTNER, "papers/3.12.5/")
    page.locator(".sitting-start button").click()
    expect(page.locator("#sitting-count")).to_contain_text("1")
    page.keyboard.press("Control+m")
    page.locator("#note-text").fill("請補充母體來源。")
    page.locator("#note-new button.button:not(.quiet)").click()
    expect(page.locator("#side .badge.draft")).to_have_count(1)
    assert faults(page) == []
    page.locator(".sitting a").click()
    page.locator("details.confirm summary").click()
    assert faults(page) == []
    page.locator("details.confirm .danger").click()
    expect(page.locator(".sitting")).to_have_count(0)


def test_forms_that_say_what_is_wrong(opened, watch):
    watch.allow(REFUSED)
    page = opened(MANAGER, "papers/handover/")
    for name in ("giver", "taker"):
        page.locator(f"[name={name}]").select_option(label="陳柏翰")
    page.locator("[name=reason]").fill("調任其他案件。")
    page.locator("form .primary").click()
    expect(page.locator(".errorlist, .error, .flash.error").first).to_be_visible()
    assert faults(page) == []


def test_a_door_that_stays_shut(page):
    page.goto("/login/")
    page.locator("input[name=login]").fill(STAFF)
    page.locator("input[name=password]").fill("wrong")
    page.locator("input[name=password]").press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    assert faults(page) == []


def test_a_violation_would_be_seen(page):
    page.goto("/login/")
    page.evaluate("document.querySelector('main').append(new Image(9, 9))")
    assert [line.split(" ")[0] for line in faults(page) if "image-alt" in line] == ["light", "dark"]
