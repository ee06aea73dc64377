"""What a sheet holds beside results, in a real browser: suggestions, matrices, phrases, references, keys.

Each test has a paper of its own of the engagement under way, which nobody has begun.
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import annual_of

STAFF, MANAGER = "staff@firm.example", "manager@firm.example"
REFUSED = r"status of 4(09|22)"  # the browser logs them; to the page they are answers


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


def saved(form: Locator) -> None:
    expect(form.locator("[data-save-state]")).to_have_attribute("data-state", "saved")


# Suggestions --------------------------------------------------------------------------------


def test_a_suggestion_is_adopted_with_one_click_and_the_new_procedure_has_the_focus(open_paper):
    page = open_paper(STAFF, "3.18.1.3")
    before = page.locator(".procedure .choice").count()
    page.locator(".suggestion.open button").first.click()
    wording = page.locator("#dialog [name=text]")
    expect(wording).not_to_be_empty()
    wording.fill("檢查契約是否載明主管機關及櫃買中心之查核權。")
    page.locator("#dialog .primary").click()
    added = page.locator("#added .procedure")
    expect(added).to_contain_text("櫃買中心之查核權")
    expect(page.locator(".suggestion")).to_have_count(0)
    expect(page.locator(".procedure .choice")).to_have_count(before + 1)
    expect(added.locator("[name=outcome]").first).to_be_focused()
    added.locator(".work").fill("取得契約第 12 條，已載明。")
    added.locator(".work").blur()
    saved(added)


def test_what_is_typed_in_one_added_procedure_survives_adding_another(open_paper):
    page = open_paper(STAFF, "3.18.1.5")
    for text in ("甲程序。", "乙程序。"):
        page.locator(".suggestions .cite.add").click()
        page.locator("#dialog [name=text]").fill(text)
        page.locator("#dialog .primary").click()
        expect(page.locator("#added")).to_contain_text(text)
        page.locator("#added .work").first.fill("打到一半")
    expect(page.locator("#added .work").first).to_have_value("打到一半")


def test_a_suggestion_is_declined_with_a_reason_and_taken_back(open_paper, watch):
    watch.allow(REFUSED)
    page = open_paper(STAFF, "3.15")
    blockers = page.locator("#before-signing a[href^='#gap-']")
    expect(blockers).to_have_count(1)
    page.locator(".suggestion.open button").nth(1).click()
    page.locator("#dialog .primary").click()
    expect(page.locator("#dialog .error")).to_be_visible()
    page.locator("#dialog [name=reason]").fill("無國際標準之查核報告。")
    page.locator("#dialog .primary").click()
    expect(page.locator(".suggestion")).to_contain_text("無國際標準之查核報告。")
    expect(blockers).to_have_count(0)
    page.locator(".suggestion form button").click()
    expect(blockers).to_have_count(1)


# Departures ---------------------------------------------------------------------------------


def test_a_departure_is_saved_with_its_result_and_stands_open(open_paper):
    page = open_paper(STAFF, "3.18.1.6")
    departure = procedure(page, 1).locator(".departure")
    departure.locator("summary").click()
    departure.locator("textarea").fill("改以全查執行，因母體僅 3 筆。")
    departure.locator("textarea").blur()
    saved(procedure(page, 1))
    page.reload()
    expect(departure.locator("textarea")).to_be_visible()
    expect(departure.locator("textarea")).to_have_value("改以全查執行，因母體僅 3 筆。")


# Matrix -------------------------------------------------------------------------------------


def test_a_matrix_is_filled_by_keyboard_alone(open_paper):
    page = open_paper(STAFF, "3.14.3")
    form = page.locator("form[data-matrix]")
    form.locator("[name=item-0]").focus()
    page.keyboard.insert_text("合約甲")
    page.keyboard.press("ArrowDown")
    expect(form.locator("[name=item-1]")).to_be_visible()  # saved: the next column is ready
    expect(form.locator("[name=mark-0-0]")).to_be_focused()
    page.keyboard.type("yyyynn-")
    marks = [form.locator(f"[name=mark-{clause}-0]") for clause in range(7)]
    for mark, value in zip(marks, ["yes"] * 4 + ["no"] * 2 + ["na"], strict=True):
        expect(mark).to_have_value(value)
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Delete")
    saved(form)
    expect(page.locator("#before-signing")).to_contain_text("(6) 合約甲")
    page.reload()
    expect(form.locator("[name=mark-4-0]")).to_have_value("no")
    expect(form.locator("[name=mark-5-0]")).to_have_value("")


def test_an_item_is_taken_out_and_the_others_stay(open_paper):
    page = open_paper(MANAGER, "3.19")
    page.on("dialog", lambda dialog: dialog.accept())
    box = page.locator("details.matrix").first
    box.locator("summary").click()
    form = box.locator("form[data-matrix]")
    for number, name in enumerate(("平台甲", "平台乙")):
        form.locator(f"[name=item-{number}]").fill(name)
        form.locator(f"[name=mark-0-{number}]").focus()
        page.keyboard.press("y")
        expect(form.locator(f"[name=item-{number + 1}]")).to_be_visible()
    form.locator("[data-drop-column='0']").click()
    expect(form.locator("[name=item-0]")).to_have_value("平台乙")
    expect(form.locator("[name=item-2]")).to_have_count(0)
    expect(form.locator("[name=mark-0-0]")).to_have_value("yes")


def test_two_people_in_one_matrix_are_shown_both_marks(open_paper, watch):
    watch.allow(REFUSED)
    mine, theirs = open_paper(STAFF, "3.14.2"), open_paper(MANAGER, "3.14.2")
    for page in (mine, theirs):
        page.locator("details.matrix summary").first.click()
    for page, value in ((theirs, "no"), (mine, "yes")):
        form = page.locator("form[data-matrix]").first
        form.locator("[name=item-0]").fill("契約")
        form.locator("[name=mark-0-0]").select_option(value)
        if page is theirs:
            saved(form)
    expect(mine.locator("form[data-matrix] .conflict")).to_contain_text("✗")


# Phrases and references ---------------------------------------------------------------------


def test_a_phrase_goes_in_at_the_caret_with_its_first_blank_selected(open_paper):
    page = open_paper(STAFF, "3.18.1.7")
    work = procedure(page, 1).locator(".work")
    work.fill("前。後。")
    work.evaluate("field => field.setSelectionRange(2, 2)")
    page.keyboard.press("Alt+p")
    expect(page.locator("#insert-list li").first).to_be_visible()
    page.keyboard.type("重新執行")
    page.keyboard.press("Enter")
    expect(work).to_be_focused()
    expect(work).to_have_value("前。以〔測試帳號〕於〔日期〕重新執行〔操作〕，系統〔反應〕，與規定相符。後。")
    assert work.evaluate("field => field.value.slice(field.selectionStart, field.selectionEnd)") == "〔測試帳號〕"
    page.keyboard.insert_text("測試帳號 A")
    work.blur()
    saved(procedure(page, 1))


def test_the_list_shows_phrases_for_the_text_at_hand_and_escape_leaves_it_alone(open_paper):
    page = open_paper(STAFF, "3.18.1.7")
    conclusion = page.locator("[name=conclusion]")
    conclusion.focus()
    page.keyboard.press("Alt+p")
    expect(page.locator("#insert-list li:visible").first).to_have_attribute("data-use", "conclusion")
    page.keyboard.type("沒有這種句子")
    expect(page.locator("#insert .nothing")).to_be_visible()
    page.keyboard.press("Escape")
    expect(conclusion).to_be_focused()
    expect(conclusion).to_have_value("")


def test_nothing_opens_while_an_input_method_composes(open_paper):
    page = open_paper(STAFF, "3.18.1.7")
    page.locator("[name=conclusion]").focus()
    page.evaluate("""() => document.activeElement.dispatchEvent(
        new KeyboardEvent("keydown", {key: "p", code: "KeyP", altKey: true, isComposing: true, bubbles: true}))""")
    expect(page.locator("#insert")).not_to_be_visible()


def test_an_index_is_inserted_shown_as_a_link_and_followed_back(open_paper):
    page = open_paper(STAFF, "3.18.1.8")
    work = procedure(page, 1).locator(".work")
    work.focus()
    page.keyboard.press("Alt+i")
    page.keyboard.type("C-3.20")
    page.keyboard.press("Enter")
    expect(work).to_have_value("C-3.20")
    page.keyboard.insert_text("/1")
    work.blur()
    link = procedure(page, 1).locator(".refers-to a")
    expect(link).to_have_text("C-3.20/1")
    link.click()
    expect(page.locator("h1")).to_contain_text("C-3.20")
    assert page.url.endswith("#procedure-1")
    back = page.locator("#crossing a", has_text="C-3.18.1.8")
    back.click()
    expect(page.locator("h1")).to_contain_text("C-3.18.1.8")


# Keys ---------------------------------------------------------------------------------------


def test_results_are_chosen_and_procedures_gone_through_by_key(open_paper):
    page = open_paper(STAFF, "3.20")
    page.locator("#main").focus()
    page.keyboard.press("n")
    expect(procedure(page, 1).locator("[name=outcome]").first).to_be_focused()
    page.keyboard.press("2")
    expect(procedure(page, 1).locator("[value=exception]")).to_be_checked()
    page.keyboard.press("e")
    expect(procedure(page, 1).locator(".work")).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.type("n2 e")
    expect(procedure(page, 1).locator(".work")).to_have_value("n2 e")
    expect(procedure(page, 1).locator("[value=exception]")).to_be_checked()
    procedure(page, 1).locator("[value=exception]").focus()
    page.keyboard.press("n")
    expect(procedure(page, 2).locator("[name=outcome]").first).to_be_focused()
    page.keyboard.press("p")
    expect(procedure(page, 1).locator("[value=exception]")).to_be_focused()


def test_keys_do_nothing_while_an_input_method_composes(open_paper):
    page = open_paper(STAFF, "3.18.1.5")
    radio = procedure(page, 1).locator("[name=outcome]").first
    radio.focus()
    radio.dispatch_event("keydown", {"key": "2", "isComposing": True, "bubbles": True})
    expect(procedure(page, 1).locator("[name=outcome]:checked")).to_have_count(0)


def test_the_help_names_the_keys_of_the_sheet(open_paper):
    page = open_paper(STAFF, "3.18.1.5")
    page.locator("#main").focus()
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_contain_text("Alt")
