"""From paper to paper in a real browser: the page stays, and so does what was typed."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, Request, Route, expect

from tests.browser.conftest import annual_of

STAFF, SECOND = "staff@firm.example", "staff2@firm.example"


def opened(page: Page, code: str) -> Page:
    page.goto(f"{annual_of(page)}papers/{code}/")
    page.evaluate("window.stayed = true")
    return page


def stayed(page: Page) -> bool:
    return bool(page.evaluate("window.stayed === true"))


def test_a_paper_is_opened_from_the_index_without_loading_the_page(page_of):
    page = opened(page_of(STAFF), "3.16")
    page.locator("#index-rows a", has_text="3.17").first.click()
    expect(page.locator("h1")).to_contain_text("C-3.17")
    expect(page).to_have_url(re.compile(r"/papers/3\.17/$"))
    expect(page).to_have_title(re.compile("^C-3.17 "))
    expect(page.locator("#row .code")).to_have_text("3.17")
    expect(page.locator("#here")).to_have_text("C-3.17")
    assert stayed(page)


def test_j_and_k_walk_through_the_papers_and_the_keyboard_goes_on_at_the_heading(page_of):
    page = opened(page_of(STAFF), "3.16")
    page.keyboard.press("j")
    expect(page.locator("h1")).to_contain_text("C-3.17")
    expect(page.locator("h1")).to_be_focused()
    page.keyboard.press("k")
    expect(page.locator("h1")).to_contain_text("C-3.16")
    assert stayed(page)


def test_back_leads_to_the_paper_before(page_of):
    page = opened(page_of(STAFF), "3.16")
    page.keyboard.press("j")
    expect(page.locator("h1")).to_contain_text("C-3.17")
    page.go_back()
    expect(page.locator("h1")).to_contain_text("C-3.16")


def test_the_chosen_side_stays_chosen(page_of):
    page = opened(page_of(STAFF), "3.16")
    page.locator(".tabs a", has_text="歷程").click()
    expect(page.locator(".tabs [aria-current]")).to_contain_text("歷程")
    page.keyboard.press("j")
    expect(page.locator("h1")).to_contain_text("C-3.17")
    expect(page.locator(".tabs [aria-current]")).to_contain_text("歷程")


def test_what_is_typed_is_saved_before_the_paper_changes(page_of):
    page = opened(page_of(STAFF), "3.17")
    page.locator(".procedure .work").first.fill("取得並檢視規範。")
    page.locator("#index-rows a", has_text="3.16").first.click()
    expect(page.locator("h1")).to_contain_text("C-3.16")
    page.locator("#index-rows a", has_text="3.17").first.click()
    expect(page.locator(".procedure .work").first).to_have_value("取得並檢視規範。")
    assert stayed(page)


def hold(page: Page, wanted: Callable[[Request], bool]) -> list[Route]:
    """Hold back what the page asks for at the papers; `release` lets it through."""
    held: list[Route] = []
    page.route("**/papers/**", lambda route: held.append(route) if wanted(route.request) else route.fallback())
    page.route("**/results/**", lambda route: held.append(route) if wanted(route.request) else route.fallback())
    return held


def release(page: Page, held: list[Route]) -> None:
    """Let it through, and wait for its answer."""
    for route in held:
        with page.expect_event("requestfinished", lambda done, sent=route.request: done == sent):
            route.continue_()
    page.evaluate("() => new Promise(done => setTimeout(done, 100))")  # the page has taken it in


def until_held(page: Page, held: list[Route]) -> None:
    for _ in range(100):
        if held:
            return
        page.wait_for_timeout(50)
    raise AssertionError("nothing was asked for")


def test_what_follows_from_a_save_is_dropped_when_it_comes_after_the_paper_was_left(page_of):
    page = opened(page_of(STAFF), "3.17")
    held = hold(page, lambda sent: sent.headers.get("hx-target") == "acts")
    page.locator(".procedure .work").first.fill("取得存取控制清冊。")
    page.keyboard.press("Control+s")
    until_held(page, held)
    page.locator("#index-rows a", has_text="3.16").first.click()
    expect(page.locator("h1")).to_contain_text("C-3.16")
    ids = page.locator("#main").evaluate("main => [...main.querySelectorAll('[id]')].map(each => each.id)")
    release(page, held)
    expect(page.locator("#row .code")).to_have_text("3.16")
    assert page.locator("#main").evaluate("main => [...main.querySelectorAll('[id]')].map(each => each.id)") == ids


def test_a_save_that_is_answered_after_the_paper_was_left_says_nothing_of_the_paper_shown(page_of):
    page = opened(page_of(STAFF), "3.20")
    page.on("dialog", lambda question: question.accept())
    held = hold(page, lambda sent: sent.method == "POST" and "/results/" in sent.url)
    page.locator(".procedure .work").first.fill("取得變更紀錄。")
    page.locator("#index-rows a", has_text="3.16").first.click()
    expect(page.locator("h1")).to_contain_text("C-3.16")
    release(page, held)
    expect(page.locator(".foot [data-save-state]")).to_be_empty()
    page.locator("#index-rows a", has_text="3.20").first.click()
    expect(page.locator(".procedure .work").first).to_have_value("取得變更紀錄。")


def test_a_paper_on_its_way_arrives_whole_though_its_line_in_the_index_changed_meanwhile(page_of):
    page = opened(page_of(STAFF), "3.16")
    held = hold(page, lambda sent: sent.method == "GET" and "/papers/3.15/" in sent.url)
    page.locator("#index-rows a", has_text="3.15").first.click()
    until_held(page, held)
    begin(opened(page_of(SECOND), "3.15"))
    with page.expect_response(lambda answer: "/presence/" in answer.url and answer.status == 200):
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    release(page, held)
    expect(page.locator("#here")).to_have_text("C-3.15")
    expect(page.locator("#row")).to_have_attribute("href", re.compile(r"/papers/3\.15/$"))
    assert stayed(page)


def begin(page: Page) -> None:
    """Log the first result of a paper."""
    expect(page.locator("#row .mark")).to_have_class("mark none")
    page.locator(".procedure").first.get_by_text("有例外", exact=True).click()
    expect(page.locator("#row .mark")).to_have_class("mark doing")


def test_without_a_network_the_reader_is_asked_and_the_text_comes_back(page_of, watch):
    page = opened(page_of(STAFF), "3.19")
    watch.allow(r"ERR_INTERNET_DISCONNECTED")
    page.context.set_offline(True)
    page.locator(".procedure .work").first.fill("離線時輸入之文字。")
    page.once("dialog", lambda dialog: dialog.dismiss())
    page.locator("#index-rows a", has_text="3.16").first.click()
    expect(page.locator("h1")).to_contain_text("C-3.19")
    page.context.set_offline(False)
    expect(page.locator(".procedure [data-save-state]").first).to_have_attribute("data-state", "saved", timeout=15_000)
