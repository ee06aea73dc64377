"""Looking at evidence in a real browser: a place is marked and cited, a page masked."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import annual_of

STAFF = "staff@firm.example"
PAPER = "3.10.6"


@pytest.fixture
def open_piece(page_of) -> Callable[..., Page]:
    """`open_piece()`: the first piece that a paper cites, opened to be cited for the paper's second procedure."""

    def opened(**query: str) -> Page:
        page = page_of(STAFF)
        page.goto(f"{annual_of(page)}papers/{PAPER}/?reopened=1")
        piece = page.locator(".cited-pages a").first.get_attribute("href").split("?")[0]
        result = page.locator(".procedure").nth(1).get_attribute("id").removeprefix("result-")
        page.goto(f"{piece}?result={result}")
        expect(page.locator("#page-1 img")).to_have_attribute("data-picture", "there", timeout=60_000)
        return page

    return opened


def draw(page: Page, start: tuple[int, int], end: tuple[int, int]) -> None:
    """Draw on the first page with the mouse; places in pixels from its corner."""
    box = page.locator("#page-1 .picture").bounding_box()
    page.mouse.move(box["x"] + start[0], box["y"] + start[1])
    page.mouse.down()
    page.mouse.move(box["x"] + end[0], box["y"] + end[1], steps=4)
    page.mouse.up()


def area_of(draft: Locator) -> list[int]:
    return [int(draft.get_attribute(f"data-{side}")) for side in ("left", "top", "right", "bottom")]


def test_a_rectangle_drawn_with_the_mouse_is_cited_and_seen_beside_the_paper(open_piece):
    page = open_piece()
    draw(page, (80, 90), (400, 160))
    left, top, right, _bottom = area_of(page.locator(".draft.cite"))
    assert 0 < left < right < 10_000
    page.locator("#citing").get_by_text("重新計算相符").click()
    page.locator("#citing .primary").click()
    back = page.locator("[data-cited] a")
    expect(back).to_be_visible()
    expect(page.locator("[data-cited]")).to_be_focused()
    expect(page.locator(".mark-link text")).to_contain_text("∧")
    expect(page.locator("#cited-by")).to_contain_text("∧")
    expect(page.locator(".draft")).to_have_count(0)
    back.click()
    mark = page.locator(".cited-pages rect").first
    expect(mark).to_have_attribute("x", f"{left / 100:g}%")
    expect(mark).to_have_attribute("y", f"{top / 100:g}%")
    page.locator(".cited-pages a").first.click()
    expect(page.locator(".mark-link.target, .mark-link").first).to_be_visible()
    expect(page.locator(".mark-link text").first).to_contain_text("∧")


def test_a_rectangle_is_placed_moved_and_sized_by_keyboard_alone(open_piece):
    page = open_piece()
    page.locator("#citing [data-put]").press("Enter")
    draft = page.locator(".draft.cite")
    expect(draft).to_be_focused()
    before = area_of(draft)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Shift+ArrowDown")
    assert area_of(draft) == [before[0] + 100, before[1] - 100, before[2] + 100, before[3]]
    page.keyboard.press("Delete")
    expect(draft).to_have_count(0)


def test_a_rectangle_is_dragged_and_sized_at_its_corner(open_piece):
    page = open_piece()
    draw(page, (100, 100), (300, 200))
    draft = page.locator(".draft.cite")
    left, top, right, bottom = area_of(draft)
    draw(page, (150, 150), (200, 150))
    moved = area_of(draft)
    assert moved[0] > left
    assert (moved[2] - moved[0], moved[1], moved[3]) == (right - left, top, bottom)
    draw(page, (345, 195), (345, 260))
    sized = area_of(draft)
    assert (sized[:3], sized[3] > moved[3]) == (moved[:3], True)


def test_leaving_with_a_rectangle_that_is_not_cited_is_asked_about(open_piece):
    page = open_piece()
    asked = []
    page.on("dialog", lambda question: (asked.append(question.type), question.accept()))
    draw(page, (80, 90), (400, 160))
    page.reload()
    assert asked == ["beforeunload"]


def test_a_page_is_masked_into_a_copy_of_its_own(open_piece):
    page = open_piece()
    page.locator("[data-tool=mask]").click()
    draw(page, (80, 240), (380, 300))
    draw(page, (80, 340), (380, 380))
    expect(page.locator(".draft.mask")).to_have_count(2)
    page.locator("#masks .primary").click()
    copy = page.locator("#masking .actions a")
    expect(copy).to_be_visible(timeout=60_000)
    original = page.locator("h1").inner_text()
    copy.click()
    expect(page.locator("#page-1 img")).to_have_attribute("data-picture", "there", timeout=60_000)
    expect(page.locator(".particulars")).to_contain_text(original)
    colour = page.evaluate(
        """() => {
            const image = document.querySelector("#page-1 img"), canvas = document.createElement("canvas")
            const scale = image.naturalWidth / image.clientWidth
            Object.assign(canvas, {width: image.naturalWidth, height: image.naturalHeight})
            const pen = canvas.getContext("2d")
            pen.drawImage(image, 0, 0)
            return [...pen.getImageData(200 * scale, 270 * scale, 1, 1).data].slice(0, 3)
        }"""
    )
    assert max(colour) < 60


def test_a_mask_without_areas_is_refused_in_its_form_until_something_is_drawn(open_piece, watch):
    watch.allow(r"status of 422")
    page = open_piece()
    page.locator("[data-tool=mask]").click()
    page.locator("#masks .primary").click()
    refused = page.locator("#masks .refused")
    expect(refused).to_contain_text("遮蔽")
    expect(page.locator("#masking")).to_be_empty()
    draw(page, (80, 240), (380, 300))
    expect(refused).to_be_hidden()


def test_pages_are_turned_by_number_and_zoomed_within_a_phone_s_width(open_piece):
    page = open_piece()
    page.set_viewport_size({"width": 390, "height": 844})
    page.locator('[data-zoom="1"]').click()
    assert page.locator(".leaf").first.bounding_box()["width"] > page.locator(".pages").bounding_box()["width"]
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.locator('[data-zoom="0"]').click()
    page.locator("[data-go]").fill("999")
    page.locator("[data-go]").press("Enter")
    last = page.locator("[data-go]").get_attribute("data-last")
    expect(page.locator("[data-go]")).to_have_value(last)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_viewer_is_accessible(open_piece, scheme):
    page = open_piece()
    page.emulate_media(color_scheme=scheme)
    draw(page, (80, 90), (400, 160))
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
