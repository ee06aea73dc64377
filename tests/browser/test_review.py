"""Two people side by side: each sees where the other is and what changes; one reviews in one sitting, by keyboard."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import annual_of

STAFF, MANAGER = "staff@firm.example", "manager@firm.example"
OFTEN = """addEventListener("DOMContentLoaded", () => {
    const hurry = () => document.querySelectorAll("[data-every]").forEach(place => { place.dataset.every = "300" })
    hurry()
    document.body.addEventListener("htmx:afterSwap", hurry)
})"""


@pytest.fixture
def beside(page_of) -> Callable[[str, str], Page]:
    """`beside(who, path)`: somebody's page of the engagement under way, which tells often where they are."""

    def opened(who: str, path: str) -> Page:
        page = page_of(who)
        page.add_init_script(OFTEN)
        page.goto(annual_of(page) + path)
        return page

    return opened


def enter(page: Page, text: str) -> None:
    """Type a result without exception on the first procedure, and wait until it is saved."""
    block = page.locator(".procedure").first
    block.get_by_text("無例外", exact=True).click()
    block.locator(".work").fill(text)
    block.locator(".work").blur()
    expect(block.locator("[data-save-state]")).to_have_attribute("data-state", "saved")


def test_two_people_see_each_other_s_face_and_progress(beside):
    mine, theirs = beside(STAFF, "papers/3.15/"), beside(MANAGER, "papers/3.15/")
    expect(mine.locator(".company + .faces .face")).to_have_count(1)
    expect(theirs.locator(".company + .faces .face")).to_have_count(1)

    enter(mine, "取得並檢視。")

    expect(theirs.locator("#row .mark")).to_have_class("mark doing")
    expect(theirs.locator("#acts .changed")).to_be_visible()
    theirs.close()
    expect(mine.locator(".company + .faces .face")).to_have_count(0)


def test_what_somebody_types_is_not_disturbed_by_what_others_do(beside):
    mine, theirs = beside(STAFF, "papers/3.14.5/"), beside(MANAGER, "papers/3.18.1.1/")
    work = mine.locator(".procedure .work").first
    work.fill("")
    work.press_sequentially("取得")
    enter(theirs, "主管先行檢視。")
    expect(mine.locator('.index-row[href$="/papers/3.18.1.1/"] .mark')).to_have_class("mark doing")
    work.press_sequentially("並檢視")
    expect(work).to_have_value("取得並檢視")
    expect(work).to_be_focused()


def test_the_map_follows_what_is_done_elsewhere(beside):
    overview, theirs = beside(MANAGER, ""), beside(STAFF, "papers/3.20/")
    cell = overview.locator('.heatmap a[href$="/papers/3.20/"]')
    expect(cell).to_have_class(re.compile(r"\bnone\b"))
    expect(overview.locator(".whereabouts")).to_contain_text("C-3.20")
    enter(theirs, "取得並檢視。")
    expect(cell).to_have_class(re.compile(r"\bdoing\b"))


def test_selected_words_become_a_note_that_leads_back_to_them(beside):
    page = beside(MANAGER, "papers/3.14.1/")
    page.locator(".procedure .text").first.select_text()
    page.locator(".note-here").click()
    expect(page.locator("#note-new [data-quoted]")).to_be_visible()
    page.locator("#note-text").fill("何時執行？")
    page.locator("#note-new button.button:not(.quiet)").click()
    thread = page.locator("#side .thread").first
    expect(thread).to_contain_text("何時執行？")
    expect(page.locator(".note-mark a").first).to_be_visible()
    thread.locator('a[href^="#result-"]').click()
    assert "#result-" in page.url


def test_ctrl_enter_in_a_note_sends_the_note_and_signs_nothing(beside):
    page = beside(MANAGER, "papers/3.10.8/?side=notes")
    page.locator("#note-text").fill("請說明演練範圍。")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#side .thread")).to_contain_text("請說明演練範圍。")
    expect(page.locator("#signs")).to_contain_text("尚未")


def test_nobody_signs_over_a_note_that_isn_t_sent(beside):
    page = beside(MANAGER, "papers/3.11/?side=notes")
    page.locator("#note-text").fill("請補充簽到紀錄。")
    page.locator("form[data-signoff] button").click()
    expect(page.locator("#messages")).to_contain_text("尚未送出的覆核意見")
    expect(page.locator("#signs")).to_contain_text("尚未")
    page.locator("#note-text").fill("")


def test_a_review_in_one_sitting_by_keyboard(beside):
    page = beside(MANAGER, "papers/3.14.2/")
    page.locator(".sitting-start button").press("Enter")
    expect(page.locator("#sitting-count")).to_contain_text("1")
    page.keyboard.press("Control+m")
    expect(page.locator("#note-text")).to_be_focused()
    page.keyboard.type("請補充母體來源。")
    page.locator("#note-new button.button:not(.quiet)").press("Enter")
    expect(page.locator("#side .badge.draft")).to_have_count(1)

    page.locator(".sitting a").press("Enter")
    expect(page.locator(".opened > li")).to_have_count(1)
    expect(page.locator(".opened [name=sign]")).to_be_disabled()
    page.locator("[name=summary]").fill("請依意見補充。")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".flash")).to_be_visible()
    page.goto(f"{annual_of(page)}papers/3.14.2/?side=notes")
    expect(page.locator("#side .thread")).to_contain_text("請補充母體來源。")
    expect(page.locator("#side .badge.draft")).to_have_count(0)


def test_a_paper_signed_and_changed_shows_what_changed(beside):
    page = beside(MANAGER, "papers/3.10.1/")
    expect(page.locator("#stale .lapsed")).to_have_attribute("open", "")
    expect(page.locator("#stale .difference ins, #stale .difference del").first).to_be_visible()
