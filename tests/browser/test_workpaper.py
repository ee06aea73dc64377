"""The workpaper's page in a real browser: nothing typed is lost, nobody signs what they haven't seen.

Each test has a paper of its own of the engagement under way, which nobody has begun.
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import annual_of

STAFF, SECOND, MANAGER = "staff@firm.example", "staff2@firm.example", "manager@firm.example"
REFUSED = r"status of 4(09|22)"  # the browser logs them; to the page they are answers
DROP = """([selector, kind]) => {
    const data = new DataTransfer()
    data.items.add(new File([`截圖 ${Math.random()}`], "截圖.txt", {type: "text/plain"}))
    const place = document.querySelector(selector)
    if (kind === "paste") return place.dispatchEvent(new ClipboardEvent("paste", {bubbles: true, cancelable: true, clipboardData: data}))
    for (const name of ["dragover", "drop"]) place.dispatchEvent(new DragEvent(name, {bubbles: true, cancelable: true, dataTransfer: data}))
}"""  # noqa: E501 -- JavaScript


@pytest.fixture
def open_paper(page_of) -> Callable[[str, str], Page]:
    """`open_paper(who, code)`: somebody's page, open on a paper of the engagement under way."""

    def opened(who: str, code: str) -> Page:
        page = page_of(who)
        page.goto(f"{annual_of(page)}papers/{code}/")
        return page

    return opened


def procedure(page: Page, number: int) -> Locator:
    return page.locator(".procedure").nth(number - 1)


def enter(page: Page, number: int, *, work: str = "取得並檢視，核對相符。") -> Locator:
    """Type a result without exception, and wait until it is saved."""
    block = procedure(page, number)
    block.get_by_text("無例外", exact=True).click()
    block.locator("[data-fill]").click()
    block.locator(".work").fill(work)
    block.locator(".work").blur()
    saved(block)
    return block


def saved(block: Locator) -> None:
    expect(block.locator("[data-save-state]")).to_have_attribute("data-state", "saved")


def cite(page: Page, number: int, kind: str = "drop") -> None:
    """Drop or paste a file on a procedure and cite it."""
    block = procedure(page, number)
    page.evaluate(DROP, [f"#{block.get_attribute('id')} .text", kind])
    expect(page.locator("#dialog [data-files] li")).to_contain_text("截圖")
    page.locator("#dialog [name=nature][value=occurrence]").check()
    page.locator("#dialog [name=covered_from]").fill("115/03/31")
    page.locator("#dialog").get_by_role("button", name="引用", exact=True).click()
    expect(block.locator(".cited")).to_have_count(1)


def fill(page: Page) -> None:
    for number in range(1, page.locator(".procedure .choice").count() + 1):
        enter(page, number)
        cite(page, number, "paste" if number % 2 else "drop")


def test_what_is_typed_shows_at_once_in_the_index_and_the_gate(open_paper):
    page = open_paper(STAFF, "3.16")
    expect(page.locator("#row .mark")).to_have_class("mark none")
    expect(page.locator("#acts")).to_contain_text("尚缺 4 項")
    enter(page, 1)
    expect(page.locator("#row .mark")).to_have_class("mark doing")
    expect(procedure(page, 1).locator(".missing")).to_be_visible()
    cite(page, 1)
    expect(page.locator("#acts")).to_contain_text("尚缺 3 項")
    expect(procedure(page, 1).locator(".missing")).to_have_count(0)


DROP_AT_REFRESH = f"""async place => {{
    const refreshed = new Promise(done => document.body.addEventListener("htmx:oobAfterSwap", done, {{once: true}}))
    document.querySelector(".procedure .choice input[value=exception]").click()
    await refreshed
    await ({DROP})([place, "drop"])
}}"""


def test_a_file_dropped_the_moment_the_page_refreshes_is_not_lost(open_paper):
    page = open_paper(STAFF, "3.18.1.4")
    page.evaluate(DROP_AT_REFRESH, f"#{procedure(page, 1).get_attribute('id')} .text")
    expect(page.locator("#dialog [data-files] li")).to_contain_text("截圖")


def test_a_long_paste_is_kept_whole_and_said_to_be_too_long(open_paper, watch):
    watch.allow(REFUSED)
    page, text = open_paper(STAFF, "3.18.1.4"), "長" * 20_001
    work = procedure(page, 2).locator(".work")
    work.focus()
    page.keyboard.insert_text(text)
    work.blur()
    expect(procedure(page, 2).locator(".error")).to_contain_text("20000")
    expect(work).to_have_value(text)


def test_typing_on_in_an_old_tab_does_not_undo_a_signature_given_meanwhile(open_paper, watch):
    watch.allow(REFUSED)
    page = open_paper(STAFF, "3.17")
    fill(page)
    page.locator("[name=conclusion]").fill("控制有效。")
    page.locator("[name=conclusion]").blur()
    expect(page.locator("#acts form[data-signoff]")).to_be_visible()
    old = page.context.new_page()
    old.goto(page.url)
    page.locator("#acts form[data-signoff] button").click()
    expect(page.locator(".conclusion .written")).to_be_visible()

    old.locator("[name=conclusion]").fill("控制有效執行。")
    old.locator("[name=conclusion]").blur()
    expect(old.locator(".conclusion [data-save-state]")).to_contain_text("請先按「修改底稿」")
    page.reload()
    expect(page.locator("#signs .mark.prepared")).to_be_visible()

    page.get_by_role("link", name="修改底稿").click()
    expect(page.locator(".conclusion [data-save-state]")).to_have_attribute("data-state", "saved")
    expect(page.locator("[name=conclusion]")).to_have_value("控制有效執行。")
    expect(page.locator("#stale")).to_contain_text("簽核後異動")


def test_a_link_to_a_procedure_scrolls_the_sheet_and_not_the_page_around_it(open_paper):
    page = open_paper(STAFF, "3.13")
    last = page.locator(".procedure[id]").last.get_attribute("id")
    page.goto(f"{page.url}#{last}")
    expect(page.locator(f"#{last}")).to_be_in_viewport()
    assert page.evaluate("[document.scrollingElement.scrollHeight - innerHeight, scrollY]") == [0, 0]


def test_esc_does_not_throw_away_what_was_typed_into_a_dialog(open_paper):
    page = open_paper(STAFF, "3.18.1.7")
    procedure(page, 1).get_by_role("button", name="佐證").click()
    page.locator("#dialog [name=page]").fill("12")
    page.once("dialog", lambda question: question.dismiss())
    page.keyboard.press("Escape")
    expect(page.locator("#dialog [name=page]")).to_have_value("12")
    page.once("dialog", lambda question: question.accept())
    page.locator("#dialog [data-close]").click()
    expect(page.locator("#dialog")).to_be_hidden()


def test_a_result_that_is_no_test_asks_for_its_reason_at_once(open_paper):
    page = open_paper(STAFF, "3.18.1.2")
    block = procedure(page, 1)
    expect(block.locator("[name=reason]")).to_be_hidden()
    block.get_by_text("不適用", exact=True).click()
    expect(block.locator("[name=reason]")).to_be_visible()
    expect(block.get_by_label("不適用之理由")).to_be_visible()


def test_signing_sends_what_is_still_unsaved_first_and_signs_that(open_paper):
    page = open_paper(STAFF, "3.18.1.1")
    fill(page)
    page.locator("[name=conclusion]").fill("控制有效。")
    page.locator("[name=conclusion]").blur()
    expect(page.locator("#acts form[data-signoff]")).to_be_visible()
    page.locator("[name=conclusion]").fill("控制有效執行。")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#signs")).to_contain_text("陳柏翰")
    expect(page.locator(".conclusion .written")).to_have_text("控制有效執行。")
    expect(page.locator("#stale")).to_be_empty()


def test_whoever_comes_second_chooses_and_is_offered_no_signature(open_paper, watch):
    watch.allow(REFUSED)
    first, second = open_paper(STAFF, "3.18.1.5"), open_paper(SECOND, "3.18.1.5")
    enter(first, 1, work="甲的文字。")
    second_block = procedure(second, 1)
    second_block.locator(".work").fill("乙的文字。")
    second_block.locator(".work").blur()
    expect(second_block.locator(".conflict")).to_contain_text("甲的文字。")
    second_block.get_by_role("button", name="採用對方的").click()
    expect(second_block.locator(".work")).to_have_value("甲的文字。")
    enter(second, 2)
    expect(second.locator("#acts")).to_contain_text("這段期間有人異動了本底稿")


def test_a_wrong_date_is_told_at_its_field_and_stays_there(open_paper, watch):
    watch.allow(REFUSED)
    page = open_paper(STAFF, "3.18.1.6")
    block = procedure(page, 1)
    block.locator("[name=performed_on]").fill("115/02/30")
    block.locator("[name=performed_on]").blur()
    expect(block.locator(".error")).to_contain_text("115/02/30")
    expect(block.locator("[name=performed_on]")).to_have_value("115/02/30")


def test_errors_in_a_dialog_keep_what_was_typed(open_paper, watch):
    watch.allow(REFUSED)
    page = open_paper(STAFF, "3.18.1.7")
    procedure(page, 1).get_by_role("button", name="佐證").click()
    page.locator("#dialog [name=page]").fill("12")
    page.locator("#dialog").get_by_role("button", name="引用", exact=True).click()
    expect(page.locator("#dialog .error")).to_contain_text("請擇一")
    expect(page.locator("#dialog [name=page]")).to_have_value("12")


def test_a_note_that_isn_t_sent_yet_survives_another_tab_and_another_page(open_paper):
    page = open_paper(MANAGER, "3.18.1.8")
    page.get_by_role("link", name="覆核意見").click()
    page.locator("#note-text").fill("請補附頁次。")
    page.get_by_role("link", name="歷程").click()
    expect(page.locator(".history")).to_be_visible()
    page.goto(page.url + "?side=notes")
    expect(page.locator("#note-text")).to_have_value("請補附頁次。")
    page.get_by_role("button", name="送出意見").click()
    expect(page.locator(".thread")).to_contain_text("請補附頁次。")
    expect(page.locator("#row .notes")).to_have_text("✎1")
    expect(page.locator("#note-text")).to_have_value("")


def test_the_index_is_searched_and_the_neighbours_are_one_key_away(open_paper):
    page = open_paper(STAFF, "3.16")
    page.keyboard.press("/")
    page.keyboard.type("弱點掃描")
    expect(page.locator(".index-row:visible")).to_have_count(1)
    page.keyboard.press("Enter")
    page.wait_for_url("**/papers/3.8.2/")
    page.keyboard.press("j")
    page.wait_for_url("**/papers/3.8.3/")
    page.keyboard.press("k")
    page.wait_for_url("**/papers/3.8.2/")
