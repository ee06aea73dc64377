"""What is typed survives: a cut network, a lost answer, a closed tab, an expired session, a second tab, and an IME."""

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import PASSWORD, annual_of

STAFF = "staff@firm.example"
OFFLINE = r"ERR_INTERNET_DISCONNECTED|ERR_FAILED"
SAVE = "**/results/*/"


@pytest.fixture
def paper(page_of) -> Page:
    """The auditor's page, open on C-3.19, which nobody has begun: each test types in a procedure of its own."""
    page: Page = page_of(STAFF)
    page.goto(f"{annual_of(page)}papers/3.19/")
    return page


def box(page: Page, number: int) -> Locator:
    return page.locator(".procedure").nth(number - 1).locator(".work")


def says(page: Page, number: int, state: str) -> None:
    form = page.locator(".procedure").nth(number - 1).locator("form:has(.work)")
    expect(form.locator("[data-save-state]")).to_have_attribute("data-state", state, timeout=20_000)


def saved_text(page: Page, number: int) -> str:
    """What the server holds: asked by a browser of its own, which has no draft to put back."""
    other = page.context.browser.new_context(storage_state={"cookies": page.context.cookies(), "origins": []})
    fresh = other.new_page()
    fresh.goto(page.url)
    text = box(fresh, number).input_value()
    other.close()
    return text


def test_with_the_network_cut_the_text_is_kept_and_sent_when_it_is_back(paper, watch):
    watch.allow(OFFLINE)
    paper.context.set_offline(True)
    box(paper, 1).fill("斷線時輸入。")
    says(paper, 1, "offline")
    expect(paper.locator(".foot .saved")).to_contain_text("連線")
    paper.context.set_offline(False)
    says(paper, 1, "saved")
    assert saved_text(paper, 1) == "斷線時輸入。"


def test_a_tab_closed_without_a_network_leaves_nothing_behind(paper, watch):
    watch.allow(OFFLINE)
    address = paper.url
    paper.context.set_offline(True)
    box(paper, 2).fill("關閉分頁前輸入。")
    says(paper, 2, "offline")
    context = paper.context
    paper.close(run_before_unload=False)
    context.set_offline(False)
    again = context.new_page()
    again.goto(address)
    expect(box(again, 2)).to_have_value("關閉分頁前輸入。")
    says(again, 2, "saved")
    assert saved_text(again, 2) == "關閉分頁前輸入。"


SLOW_TO_READ = """
const read = Response.prototype.json
Response.prototype.json = async function () { await new Promise(done => setTimeout(done, 600)); return read.call(this) }
"""


def test_whoever_types_on_while_an_answer_is_read_isnt_in_their_own_way(paper):
    paper.evaluate(f"() => {{ {SLOW_TO_READ} }}")
    for text in ("第一句。", "第一句。第二句。"):
        with paper.expect_response(SAVE) as answered:
            box(paper, 4).fill(text)
            paper.keyboard.press("Control+s")
        assert answered.value.status == 200
    says(paper, 4, "saved")
    assert saved_text(paper, 4) == "第一句。第二句。"


def test_an_answer_that_got_lost_on_the_way_is_no_conflict(paper, watch):
    watch.allow(OFFLINE)
    lost = []

    def take_it_and_say_nothing(route: Route) -> None:
        if lost:
            route.continue_()
        else:
            lost.append(route.fetch().status)
            route.abort()

    paper.route(SAVE, take_it_and_say_nothing)
    box(paper, 3).fill("伺服器已收到。")
    says(paper, 3, "saved")
    assert lost == [200]
    expect(paper.locator(".conflict")).to_have_count(0)


def test_an_expired_session_keeps_the_text_until_one_is_signed_in_again(paper, watch):
    watch.allow(r"status of 40[13]")
    paper.context.clear_cookies(name="sessionid")
    box(paper, 4).fill("登出後輸入。")
    says(paper, 4, "signed-out")
    tab = paper.context.new_page()
    tab.goto("/login/")
    tab.fill("[name=login]", STAFF)
    tab.fill("[name=password]", PASSWORD)
    tab.locator("[name=password]").press("Enter")
    tab.wait_for_url(lambda url: "/login/" not in url)
    paper.bring_to_front()
    box(paper, 4).press("End")
    paper.keyboard.type("。")
    says(paper, 4, "saved")
    assert saved_text(paper, 4) == "登出後輸入。。"


def test_two_tabs_of_one_person_show_both_texts(paper, watch):
    watch.allow(r"status of 409")
    two = paper.context.new_page()
    two.goto(paper.url)
    box(paper, 5).fill("第一個分頁。")
    says(paper, 5, "saved")
    box(two, 5).fill("第二個分頁。")
    says(two, 5, "conflict")
    expect(two.locator(".conflict")).to_contain_text("第一個分頁。")
    expect(two.locator(".conflict")).to_contain_text("第二個分頁。")


def test_nothing_is_sent_and_no_key_acts_while_chinese_is_composed(paper):
    sent = []
    paper.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    box(paper, 6).focus()
    keyboard = paper.context.new_cdp_session(paper)
    keyboard.send("Input.imeSetComposition", {"text": "ㄐㄧㄢˇ", "selectionStart": 4, "selectionEnd": 4})
    paper.keyboard.press("Control+s")
    expect(box(paper, 6)).to_have_value("ㄐㄧㄢˇ")
    assert [url for url in sent if "/results/" in url] == []
    keyboard.send("Input.insertText", {"text": "檢視"})
    expect(box(paper, 6)).to_have_value("檢視")
    says(paper, 6, "saved")
