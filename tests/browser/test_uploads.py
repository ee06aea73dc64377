"""Files are sent by the page itself: at once, each for itself, and on through whatever happens to the line."""

import hashlib
import os
import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import annual_of

STAFF, BROKER = "staff@firm.example", "broker@haiyue.example"
MEBIBYTE = 1024**2
SLOW = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 6 * MEBIBYTE}
FAST = SLOW | {"uploadThroughput": -1}
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


def choose(page: Page, *files: dict[str, Any]) -> None:
    page.locator("form[data-drop] input[type=file]:not([data-folder])").set_input_files(list(files))


def row(page: Page, name: str) -> Locator:
    return page.locator("[data-files] > li", has_text=name)


def state(page: Page, name: str, expected: str) -> None:
    expect(row(page, name)).to_have_attribute("data-state", expected, timeout=RECEIVED_SECONDS * 1000)


def hand_in(page: Page) -> None:
    page.locator("form[data-drop] [name=covered_from]").first.fill("115/03/31")
    page.locator("form[data-drop] .send").click()


def throttle(page: Page, conditions: dict[str, Any]) -> None:
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", conditions)


def in_library(page: Page, content: bytes) -> None:
    """What was sent is there, whole."""
    page.wait_for_url(re.compile(r"/evidence/$"))
    page.goto(f"{page.url}?text={hashlib.sha256(content).hexdigest()}")
    expect(page.locator("#rows tbody tr")).to_have_count(1)


def test_several_files_are_sent_at_once_and_handed_in_together(library):
    contents = {f"檔案{number}.bin": os.urandom(1000 + number) for number in range(4)}
    contents["大檔.bin"] = os.urandom(20 * MEBIBYTE)
    choose(library, *(file(name, content) for name, content in contents.items()))
    for name in contents:
        state(library, name, "ready")
    hand_in(library)
    for content in contents.values():
        in_library(library, content)
        library.go_back()


def test_a_form_that_is_sent_early_waits_for_its_files_and_goes_on_by_itself(library):
    content = os.urandom(20 * MEBIBYTE)
    throttle(library, SLOW)
    choose(library, file("大檔.bin", content))
    hand_in(library)
    expect(library.locator("form[data-drop] .send")).to_have_attribute("aria-busy", "true")
    in_library(library, content)


def test_a_cut_line_is_waited_for_and_gone_on_from(library, watch):
    watch.allow(CUT)
    content = os.urandom(20 * MEBIBYTE)
    puts = []
    library.on("request", lambda sent: puts.append(sent.headers["upload-offset"]) if sent.method == "PUT" else None)
    throttle(library, SLOW)
    choose(library, file("大檔.bin", content))
    library.wait_for_function("document.querySelector('[data-files] progress')?.value > 0.5")
    throttle(library, SLOW | {"offline": True})
    state(library, "大檔.bin", "offline")
    throttle(library, FAST)
    state(library, "大檔.bin", "ready")
    assert puts.count("0") == 1, "what the server had wasn't sent again"
    hand_in(library)
    in_library(library, content)


def test_an_upload_goes_on_where_it_was_when_the_page_is_loaded_anew(library, watch, tmp_path):
    place = tmp_path / "大檔.bin"
    place.write_bytes(content := os.urandom(20 * MEBIBYTE))
    library.on("dialog", lambda question: question.accept())
    throttle(library, SLOW)
    library.locator("form[data-drop] input[type=file]:not([data-folder])").set_input_files(place)
    library.wait_for_function("document.querySelector('[data-files] progress')?.value > 0.5")
    library.reload()
    throttle(library, FAST)
    puts = []
    library.on("request", lambda sent: puts.append(sent.headers["upload-offset"]) if sent.method == "PUT" else None)
    library.locator(".adding summary").click()
    library.locator("form[data-drop] input[type=file]:not([data-folder])").set_input_files(place)
    state(library, "大檔.bin", "ready")
    assert "0" not in puts
    hand_in(library)
    in_library(library, content)


def test_a_file_that_is_refused_says_why_holds_the_form_and_can_be_removed(library, watch):
    watch.allow(r"status of 422")
    content = os.urandom(1000)
    choose(library, file("空白.txt", b""), file("可以.bin", content))
    state(library, "空白.txt", "error")
    expect(row(library, "空白.txt")).to_contain_text("空")
    state(library, "可以.bin", "ready")
    hand_in(library)
    expect(library.locator("form[data-drop] .refused")).not_to_be_empty()
    row(library, "空白.txt").locator("[data-remove]").click()
    expect(library.locator("[data-files] > li")).to_have_count(1)
    hand_in(library)
    in_library(library, content)


def test_what_is_removed_is_forgotten_by_the_server_too(library):
    choose(library, file("誤傳.bin", b"x"))
    state(library, "誤傳.bin", "ready")
    with library.expect_response(lambda answer: answer.request.method == "DELETE") as ended:
        row(library, "誤傳.bin").locator("[data-remove]").click()
    assert ended.value.status == 204
    expect(library.locator("[data-files] > li")).to_have_count(0)


def test_a_refused_form_keeps_its_files(library, watch):
    watch.allow(r"status of 422")
    content = os.urandom(1000)
    choose(library, file("留著.bin", content))
    state(library, "留著.bin", "ready")
    library.locator("form[data-drop] .send").click()
    expect(library.locator("form[data-drop] .refused")).not_to_be_empty()
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
    state(library, "screenshot-20", "ready")
