"""What the evidence's own time supports, in a real browser: C-3.4 asks for a security audit in every quarter."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import annual_of

MANAGER = "manager@firm.example"


@pytest.fixture
def page(page_of) -> Page:
    """C-3.4 of the engagement under way, opened for changes, with nothing told of its third quarter."""
    page = page_of(MANAGER)
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{annual_of(page)}papers/3.4/?reopened=1")
    told = duty(page).locator("li", has_text="第 3 季")
    if told.get_by_role("button", name="更正").count():
        told.get_by_role("button", name="更正").click()
        dialog(page).get_by_role("button", name="收回").click()
        expect(dialog(page)).to_be_hidden()
    return page


def duty(page: Page) -> Locator:
    return page.locator(".duties .duty")


def dialog(page: Page) -> Locator:
    return page.locator("#dialog")


def choose(page: Page, outcome: str) -> None:
    page.locator(".procedure .choice").get_by_text(outcome, exact=True).click()


def test_a_quarter_that_lacks_is_named_explained_and_closed_by_evidence_of_its_own_time(page):
    gap = duty(page).locator(".lacks", has_text="第 3 季無資訊安全查核作業之佐證")
    before = page.locator("#before-signing")
    expect(gap).to_be_visible()
    expect(before).to_contain_text("第 3 季無資訊安全查核作業之佐證")
    expect(page.locator("#acts form[data-signoff]")).to_have_count(0)

    gap.get_by_role("button", name="說明").click()
    dialog(page).get_by_text("未執行").click()
    dialog(page).locator("[name=reason]").fill("115/11/20 訪談資安主管，第三季未辦理。")
    dialog(page).get_by_role("button", name="儲存").click()
    expect(duty(page).locator(".told", has_text="訪談資安主管")).to_be_visible()
    expect(before).to_contain_text("第 3 季未執行資訊安全查核作業，結果應為有例外")

    choose(page, "有例外")
    expect(before).not_to_contain_text("第 3 季")
    choose(page, "無例外")
    expect(before).to_contain_text("第 3 季")

    page.locator(".procedure .cite.add").first.click()
    files = {"name": "第三季查核報告.txt", "mimeType": "text/plain", "buffer": "第三季查核報告".encode()}
    dialog(page).locator("input[type=file]").set_input_files(files)
    dialog(page).locator("[name=nature][value=occurrence]").check()
    dialog(page).locator("[name=covered_from]").fill("115/08/08")
    dialog(page).locator("[name=dates]").fill("115/09/02、2026-09-15")
    dialog(page).get_by_role("button", name="引用", exact=True).click()
    expect(before).not_to_contain_text("第 3 季")
    expect(duty(page).locator("svg line.occurrence")).not_to_have_count(0)


def test_only_the_days_that_a_kind_of_time_has_are_asked_for(page):
    page.locator(".procedure .cite.add").first.click()
    first, last, further = (dialog(page).locator(f"[name={name}]") for name in ("covered_from", "covered_to", "dates"))
    expect(first).to_be_hidden()
    for kind, shown in (
        ("occurrence", (True, False, True)),
        ("span", (True, True, False)),
        ("state", (True, False, False)),
    ):
        dialog(page).locator(f"[name=nature][value={kind}]").check()
        for field, visible in zip((first, last, further), shown, strict=True):
            expect(field).to_be_visible(visible=visible)
    dialog(page).locator("[name=nature][value=span]").check()
    dialog(page).get_by_role("button", name="整個查核期間").click()
    expect(last).not_to_have_value("")
