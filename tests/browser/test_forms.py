"""Forms on ordinary pages: sent once, nothing typed is lost by leaving, a refusal is said."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Dialog, Page, expect

from tests.browser.conftest import annual_of

MANAGER, PARTNER = "manager@firm.example", "partner@firm.example"


@pytest.fixture
def engagement_page(page_of) -> Callable[[str, str], Page]:
    """`engagement_page(who, path)`: a page of the engagement under way, as somebody."""

    def opened(who: str, path: str) -> Page:
        page = page_of(who)
        page.goto(f"{annual_of(page)}{path}")
        return page

    return opened


def test_a_button_pressed_twice_acts_once(engagement_page):
    page = engagement_page(PARTNER, "reports/")
    address = page.url
    page.evaluate("() => [1, 2].forEach(() => document.querySelector('.head form button').click())")
    page.wait_for_url("**/reports/*-*-*-*-*/")
    page.goto(address)
    expect(page.locator("tbody tr")).to_have_count(1)


def test_leaving_a_page_with_text_that_isn_t_sent_asks_first(engagement_page):
    page = engagement_page(PARTNER, "conclusion/")
    asked: list[str] = []

    def stay(question: Dialog) -> None:
        asked.append(question.type)
        question.dismiss()

    page.locator("[name=rationale]").press_sequentially("就缺失個別及彙總評估。")
    page.once("dialog", stay)
    page.get_by_role("link", name="首頁").click()
    expect(page.locator("[name=rationale]")).to_have_value("就缺失個別及彙總評估。")
    assert asked == ["beforeunload"]
    page.once("dialog", lambda question: question.accept())
    page.get_by_role("link", name="首頁").click()
    expect(page).to_have_url(re.compile(r"//[^/]+/$"))


def test_whoever_is_signed_out_meanwhile_is_told_that_an_answer_was_not_saved(engagement_page, watch):
    watch.allow(r"(status of|Error Code) 403")
    page = engagement_page(MANAGER, "profile/")
    page.context.clear_cookies(name="sessionid")
    page.locator("form.question .choice label").first.click()
    expect(page.locator("#messages")).to_contain_text("您已登出")
