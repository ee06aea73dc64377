"""Files are sent by the page itself: at once, each for itself, and on through whatever happens to the line."""

import hashlib
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import annual_of

STAFF, ASKED_BROKER, BROKER = "staff@firm.example", "broker@anshin.example", "broker@haiyue.example"
MEBIBYTE = 1024**2
SLOW = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": MEBIBYTE}
FAST = SLOW | {"uploadThroughput": -1}
NONE = SLOW | {"offline": True}
CUT = r"ERR_(INTERNET_DISCONNECTED|FAILED|CONNECTION)"  # the browser logs it; to the page it is a pause
RECEIVED_SECONDS = 60

DROP_FOLDER = """selector => {
    const entry = (name, inner) => inner
        ? {isFile: false, isDirectory: true, name, createReader: () => ({readEntries: done => done(inner.splice(0))})}
        : {isFile: true, isDirectory: false, name, file: done => done(new File([name], name))}
    const drop = new DragEvent("drop", {bubbles: true, cancelable: true, dataTransfer: new DataTransfer()})
    const folder = entry("底稿", [entry("甲.txt"), entry(".DS_Store"), entry("內", [entry("乙.txt")])])
    Object.defineProperty(drop.dataTransfer, "items", {value: [{webkitGetAsEntry: () => folder}]})
    document.querySelector(selector).dispatchEvent(drop)
}"""
PASTE = """() => {
    const data = new DataTransfer()
    data.items.add(new File(["screenshot"], "image.png", {type: "image/png"}))
    document.body.dispatchEvent(new ClipboardEvent("paste", {bubbles: true, cancelable: true, clipboardData: data}))
}"""


def file(name: str, content: bytes) -> dict[str, Any]:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


@pytest.fixture
def library(page_of) -> Page:
    """The evidence library of the engagement under way, open to add files."""
    page = page_of(STAFF)
    page.goto(f"{annual_of(page)}evidence/")
    page.locator(".adding summary").click()
    return page


@pytest.fixture
def big(tmp_path: Path) -> Path:
    """A file of two chunks and a half."""
    place = tmp_path / "大檔.bin"
    place.write_bytes(os.urandom(20 * MEBIBYTE))
    return place


def choose(page: Page, *files: dict[str, Any] | Path) -> None:
    page.locator("form[data-drop] input[type=file]:not([data-folder])").set_input_files(list(files))


def row(page: Page, name: str) -> Locator:
    return page.locator("[data-files] > li", has_text=name)


def state(page: Page, name: str, expected: str) -> None:
    expect(row(page, name)).to_have_attribute("data-state", expected, timeout=RECEIVED_SECONDS * 1000)


def hand_in(page: Page) -> None:
    page.locator("form[data-drop] [name=nature][value=occurrence]").first.check()
    page.locator("form[data-drop] [name=covered_from]").first.fill("115/03/31")
    page.locator("form[data-drop] .send").click()


def begins(page: Page, offset: int) -> Any:
    """Context manager: leave it when the chunk that begins at `offset` is being sent."""
    return page.expect_request(
        lambda sent: sent.method == "PUT" and sent.headers["upload-offset"] == str(offset), timeout=60_000
    )


@pytest.fixture
def line(library: Page) -> Callable[[dict[str, Any]], None]:
    """`line(SLOW)`: what the page's connection is like from now on."""
    session = library.context.new_cdp_session(library)
    session.send("Network.enable")
    return lambda conditions: session.send("Network.emulateNetworkConditions", conditions)


def in_library(page: Page, *contents: bytes) -> None:
    """What was sent is there, whole."""
    expect(page.locator("#messages")).to_contain_text(f"已存入 {len(contents)} 個檔案", timeout=RECEIVED_SECONDS * 1000)
    library = page.url
    for content in contents:
        page.goto(f"{library}?text={hashlib.sha256(content).hexdigest()}")
        expect(page.locator("#rows tbody tr")).to_have_count(1)


def test_several_files_are_sent_at_once_and_handed_in_together(library, tmp_path, big):
    places = [tmp_path / f"檔案{number}.bin" for number in range(4)]
    for place in places:
        place.write_bytes(os.urandom(1000))
    choose(library, *places, big)
    for place in (*places, big):
        state(library, place.name, "ready")
    hand_in(library)
    in_library(library, *(place.read_bytes() for place in (*places, big)))


def test_a_form_that_is_sent_early_waits_for_its_files_and_goes_on_by_itself(library, line, big):
    line(SLOW)
    choose(library, big)
    hand_in(library)
    expect(library.locator("form[data-drop] .send")).to_have_attribute("aria-busy", "true")
    line(FAST)
    in_library(library, big.read_bytes())


def test_a_cut_line_is_waited_for_and_gone_on_from(library, line, watch, big):
    watch.allow(CUT)
    puts = []
    library.on("request", lambda sent: puts.append(sent.headers["upload-offset"]) if sent.method == "PUT" else None)
    line(SLOW)
    with begins(library, 8 * MEBIBYTE):
        choose(library, big)
    line(NONE)
    state(library, "大檔.bin", "offline")
    line(FAST)
    state(library, "大檔.bin", "ready")
    assert puts.count("0") == 1, "what the server had wasn't sent again"
    hand_in(library)
    in_library(library, big.read_bytes())


def test_an_upload_goes_on_where_it_was_when_the_page_is_loaded_anew(library, line, big):
    library.on("dialog", lambda question: question.accept())
    line(SLOW)
    with begins(library, 8 * MEBIBYTE):
        choose(library, big)
    library.reload()
    line(FAST)
    puts = []
    library.on("request", lambda sent: puts.append(sent.headers["upload-offset"]) if sent.method == "PUT" else None)
    library.locator(".adding summary").click()
    choose(library, big)
    state(library, big.name, "ready")
    assert "0" not in puts
    hand_in(library)
    in_library(library, big.read_bytes())


def test_a_file_that_is_refused_says_why_holds_the_form_and_can_be_removed(library, watch):
    watch.allow(r"status of 422")
    content = os.urandom(1000)
    choose(library, file("空白.txt", b""), file("可以.bin", content))
    state(library, "空白.txt", "refused")
    expect(row(library, "空白.txt")).to_contain_text("空")
    expect(row(library, "空白.txt").locator("[data-again]")).to_be_hidden()
    state(library, "可以.bin", "ready")
    hand_in(library)
    expect(library.locator("form[data-drop] .refused")).not_to_be_empty()
    row(library, "空白.txt").locator("[data-remove]").click()
    expect(library.locator("[data-files] > li")).to_have_count(1)
    expect(library.locator("form[data-drop] .refused")).to_be_empty()
    hand_in(library)
    in_library(library, content)


def test_what_is_removed_is_forgotten_by_the_server_too(library):
    choose(library, file("誤傳.bin", b"x"))
    state(library, "誤傳.bin", "ready")
    with library.expect_response(lambda answer: answer.request.method == "DELETE") as ended:
        row(library, "誤傳.bin").locator("[data-remove]").click()
    assert ended.value.status == 204
    expect(library.locator("[data-files] > li")).to_have_count(0)


def test_leaving_with_files_that_are_not_handed_in_is_asked_about(library):
    asked = []
    library.on("dialog", lambda question: (asked.append(question.type), question.accept()))
    choose(library, file("未送.bin", b"x"))
    state(library, "未送.bin", "ready")
    library.reload()
    assert asked == ["beforeunload"]
    library.locator(".adding summary").click()
    choose(library, file("送出.bin", os.urandom(100)))
    state(library, "送出.bin", "ready")
    hand_in(library)
    expect(library.locator("#messages")).to_contain_text("已存入 1 個檔案")
    assert asked == ["beforeunload"]


def without_script(page: Page, address: str, name: str) -> Callable[[], None]:
    """Open a page whose script hasn't come yet; returns what lets it come."""
    held: list[Route] = []
    page.route(f"**/js/{name}*.js", lambda route: held.append(route))  # noqa: PLW0108  a builtin isn't taken
    page.goto(address, wait_until="commit")
    return lambda: [route.continue_() for route in held] and page.unroute_all()


def test_a_file_that_was_chosen_before_the_script_ran_is_taken_up(page_of):
    page, content = page_of(STAFF), os.urandom(1000)
    go_on = without_script(page, f"{annual_of(page)}evidence/", "upload")
    page.locator(".adding summary").click()
    choose(page, file("早選.bin", content))
    go_on()
    state(page, "早選.bin", "ready")
    hand_in(page)
    in_library(page, content)


def test_a_form_sent_before_the_script_ran_says_that_the_file_did_not_come_and_keeps_the_text(page_of, watch):
    watch.allow(r"status of 422")
    page, engagement = page_of(ASKED_BROKER), annual_of(page_of(STAFF))
    page.goto(f"{engagement}requests/")
    without_script(page, page.locator("main a[href^='/requests/']").first.get_attribute("href") or "", "upload")
    choose(page, file("早送.bin", b"x"))
    page.locator("form[data-drop] [name=nature][value=occurrence]").first.check()
    page.locator("form[data-drop] [name=covered_from]").first.fill("115/03/31")
    page.locator("form[data-drop] [name=answer]").fill("附上清冊。")
    page.locator("form[data-drop] .send").click()
    expect(page.locator("form[data-drop] .refused")).to_contain_text("請重新選擇")
    expect(page.locator("form[data-drop] [name=answer]")).to_have_value("附上清冊。")


def test_a_file_to_check_that_was_chosen_before_the_script_ran_is_checked(page_of):
    page = page_of("staff@exchange.example")
    go_on = without_script(page, "/filed/check/", "hashing")
    page.locator("input[type=file]").set_input_files([file("報告.pdf", b"other")])
    go_on()
    expect(page.locator("#answer .answer")).to_be_visible()


def test_a_refused_form_keeps_its_files(library, watch):
    watch.allow(r"status of 422")
    content = os.urandom(1000)
    choose(library, file("留著.bin", content))
    state(library, "留著.bin", "ready")
    library.locator("form[data-drop] .send").click()
    expect(library.locator("form[data-drop] [name=nature]").first).to_have_attribute("aria-invalid", "true")
    expect(library.locator('form[data-drop] [data-error="nature"]')).to_be_visible()
    expect(row(library, "留著.bin")).to_be_visible()
    hand_in(library)
    in_library(library, content)


def test_a_folder_is_opened_and_its_files_are_sent(library):
    library.evaluate(DROP_FOLDER, "form[data-drop] .drop")
    for name in ("甲.txt", "乙.txt"):
        state(library, name, "ready")
    expect(library.locator("[data-files] > li")).to_have_count(2)


def test_a_pasted_screenshot_is_named_after_its_time(library):
    library.evaluate(PASTE)
    pasted = library.locator("[data-files] > li", has_text=re.compile(r" 1\d{6}-\d{6}\.png"))
    expect(pasted).to_have_attribute("data-state", "ready", timeout=RECEIVED_SECONDS * 1000)
