"""Every kind of file becomes pages: pictures that look like it, texts that say the same."""

import io

import pytest
from PIL import Image

from foundation.files.rendering.__main__ import draw
from foundation.files.rendering.outcomes import CannotShow, Reason
from foundation.files.rendering.pages import open_pages
from foundation.files.rendering.scale import ON_PAPER, ON_SCREEN
from tests.foundation.files.specimens import (
    document,
    paragraph,
    pdf_of,
    picture,
    pixel_bomb,
    scan,
    talkative,
    with_part,
    workbook,
)


@pytest.fixture
def opened(tmp_path):
    """Open content as a kind of file; the program itself ends with its file open."""
    images = []

    def opened(content: bytes, kind: str):
        source = tmp_path / "source"
        source.write_bytes(content)
        pages = open_pages(source, kind)
        images.extend([pages.image] if kind == "picture" else [])
        return pages

    yield opened
    for image in images:
        image.close()


@pytest.fixture
def text_of(opened):
    """All that the pages say, without line ends."""

    def text_of(content: bytes, kind: str) -> str:
        pages = opened(content, kind)
        return " ".join(" ".join(pages.text(n).split()) for n in range(1, len(pages) + 1))

    return text_of


def reason_of(opened, content: bytes, kind: str) -> Reason:
    """Why it can't be shown, be it found on opening or on drawing."""
    with pytest.raises(CannotShow) as refusal:
        opened(content, kind).picture(1, ON_SCREEN)
    return refusal.value.reason


# PDF ----------------------------------------------------------------------------------------


def test_a_pdf_has_its_pages_with_their_texts(opened):
    pages = opened(pdf_of("Alpha", "Beta"), "pdf")
    assert [pages.text(number) for number in (1, 2)] == ["Alpha", "Beta"]


def test_a_page_of_a4_is_drawn_large_enough_to_read_small_print(opened):
    assert opened(pdf_of("Alpha"), "pdf").picture(1, ON_SCREEN).size == (1405, 1989)


def test_a_masked_copy_s_pages_have_at_least_150_dots_an_inch(opened):
    width, _height = opened(pdf_of("Alpha"), "pdf").picture(1, ON_PAPER).size
    assert width / (595 / 72) >= 150


def test_a_pdf_s_script_and_attachment_leave_no_trace(opened, tmp_path):
    pages = opened(pdf_of("Alpha", script="app.alert('boo')", attachment=b"hidden words"), "pdf")
    draw(pages, 1, 1, tmp_path)
    assert (tmp_path / "000001.txt").read_text() == "Alpha"
    assert sorted(place.name for place in tmp_path.iterdir()) == [
        *("000001-small.webp", "000001.txt", "000001.webp", "source"),
    ]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (pdf_of("Alpha", password="geheim"), Reason.ENCRYPTED),
        (pdf_of("Alpha")[:200], Reason.DAMAGED),
        (b"%PDF-1.7\nnothing follows", Reason.DAMAGED),
    ],
    ids=["encrypted", "truncated", "empty"],
)
def test_a_pdf_that_can_t_be_read_says_why(opened, content, reason):
    assert reason_of(opened, content, "pdf") == reason


def test_of_ten_thousand_pages_two_thousand_may_be_seen_and_those_asked_for_are_drawn(opened, tmp_path):
    pages = opened(pdf_of(*(f"Page {number}" for number in range(1, 10_001))), "pdf")
    assert draw(pages, 1_999, 2_001, tmp_path) == {"pages": 2_000, "cut": True}
    assert {place.name for place in tmp_path.glob("*.txt")} == {"001999.txt", "002000.txt"}
    assert (tmp_path / "002000.txt").read_text() == "Page 2000"


# Pictures -----------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "WEBP", "TIFF", "BMP"])
def test_a_picture_is_one_page_in_its_own_size(opened, form):
    pages = opened(picture((640, 400), "navy", form), "picture")
    drawn = pages.picture(1, ON_SCREEN)
    assert (len(pages), drawn.size, drawn.mode, pages.text(1)) == (1, (640, 400), "RGB", "")
    assert drawn.getpixel((300, 200))[2] == pytest.approx(128, abs=4)


def test_a_scan_of_several_frames_has_a_page_for_each(opened):
    pages = opened(scan("red", "lime", "blue"), "picture")
    middles = [pages.picture(number, ON_SCREEN).getpixel((300, 400)) for number in (1, 2, 3)]
    assert middles == [(255, 0, 0), (0, 255, 0), (0, 0, 255)]


def test_a_photograph_is_turned_upright(opened):
    turned = Image.Exif()
    turned[0x0112] = 6  # held upright: turn right by a quarter
    assert opened(picture((640, 400), form="JPEG", exif=turned), "picture").picture(1, ON_SCREEN).size == (400, 640)


def test_what_is_transparent_is_white_as_paper(opened):
    clear = io.BytesIO()
    Image.new("RGBA", (20, 20), (255, 0, 0, 0)).save(clear, "PNG")
    assert opened(clear.getvalue(), "picture").picture(1, ON_SCREEN).getpixel((5, 5)) == (255, 255, 255)


def test_a_scan_of_sixteen_bits_keeps_its_greys(opened):
    grey = io.BytesIO()
    Image.new("I;16", (20, 20), 32_768).save(grey, "PNG")
    assert opened(grey.getvalue(), "picture").picture(1, ON_SCREEN).getpixel((5, 5)) == (128, 128, 128)


def test_a_pixel_bomb_is_not_unpacked(opened):
    assert reason_of(opened, pixel_bomb(), "picture") == Reason.TOO_LARGE


def test_a_picture_that_ends_early_is_damaged(opened):
    assert reason_of(opened, picture((640, 400))[:600], "picture") == Reason.DAMAGED


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "WEBP", "TIFF"])
def test_a_picture_s_particulars_don_t_come_along(opened, tmp_path, form):
    pages = opened(talkative(form, "SECRETWORD"), "picture")
    draw(pages, 1, 1, tmp_path)
    assert pages.picture(1, ON_PAPER).info == {}
    assert [place.name for place in tmp_path.glob("*.webp") if b"SECRETWORD" in place.read_bytes()] == []


# Texts and tables ---------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp950"])
def test_a_text_is_read_in_the_character_sets_that_occur_here(text_of, encoding):
    assert text_of("弱點掃描紀錄 115/03/31".encode(encoding), "text") == "弱點掃描紀錄 115/03/31"


def test_bytes_that_are_no_text_are_damaged(opened):
    assert reason_of(opened, b"\xff\x80\x00\x01" * 50, "text") == Reason.DAMAGED


def test_markup_in_a_text_is_words(text_of):
    said = '<script>alert(1)</script><img src="http://evil.example/x.png"><style>*{display:none}</style>'
    assert text_of(said.encode(), "text") == said


def test_a_text_of_many_lines_stops_and_says_so(opened):
    pages = opened("\n".join(f"line {number}" for number in range(1, 3_200)).encode(), "text")
    last = pages.text(len(pages))
    assert pages.cut
    assert ("line 3000" in last, "line 3001" in last) == (True, False)


@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_a_table_keeps_its_cells_whatever_separates_them(text_of, separator):
    assert text_of(separator.join(["帳號", "單位", '"a, b; c"']).encode("cp950"), "table") == "帳號 單位 a, b; c"


def test_a_formula_in_a_table_stays_text(text_of):
    assert text_of(b'name,value\n"=HYPERLINK(""http://evil.example"")",2\n', "table").startswith(
        "name value =HYPERLINK"
    )


def test_a_workbook_shows_every_sheet_under_its_name(text_of):
    content = workbook(("帳號", [["王小明", 12, True]]), ("離職", [["李大華", 1.5, None]]))
    assert text_of(content, "xlsx").split() == [
        *("帳號", "王小明", "12", "True", "離職", "李大華", "1.5"),
    ]


@pytest.mark.parametrize(
    "rows",
    [[[number] for number in range(600)], [list(range(40))], [["長" * 600]]],
    ids=["rows", "columns", "letters"],
)
def test_a_large_workbook_stops_and_says_so(opened, rows):
    assert opened(workbook(("帳號", rows)), "xlsx").cut


def test_a_small_workbook_is_whole(opened):
    assert not opened(workbook(("帳號", [["王小明"]])), "xlsx").cut


def test_a_workbook_that_unpacks_to_a_lot_is_not_unpacked(opened):
    bomb = with_part(workbook(("帳號", [[1]])), "xl/worksheets/sheet1.xml", b" " * 300 * 1024**2)
    assert len(bomb) < 1024**2
    assert reason_of(opened, bomb, "xlsx") == Reason.TOO_LARGE


def test_entities_in_a_workbook_are_not_expanded(opened):
    laughs = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><worksheet>&b;</worksheet>'
    assert reason_of(opened, with_part(workbook(("帳號", [[1]])), "xl/worksheets/sheet1.xml", laughs), "xlsx")


@pytest.mark.parametrize("kind", ["xlsx", "docx"])
def test_an_office_file_with_a_password_says_so(opened, kind):
    assert reason_of(opened, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512, kind) == Reason.ENCRYPTED


@pytest.mark.parametrize("kind", ["xlsx", "docx"])
def test_an_office_file_that_is_none_is_damaged(opened, kind):
    assert reason_of(opened, b"PK\x03\x04 and nothing more", kind) == Reason.DAMAGED


# Text documents -----------------------------------------------------------------------------


def test_a_document_has_its_paragraphs_and_tables(text_of):
    cells = "".join(f"<w:tc>{paragraph(text)}</w:tc>" for text in ("欄一", "欄二"))
    body = f"{paragraph('目的')}<w:tbl><w:tr>{cells}</w:tr></w:tbl>{paragraph('結束')}"
    assert text_of(document(body), "docx") == "目的 欄一 欄二 結束"


def test_a_table_within_a_table_is_shown_once(text_of):
    body = paragraph("深")
    for _depth in range(3):
        body = f"<w:tbl><w:tr><w:tc>{paragraph('格')}{body}</w:tc></w:tr></w:tbl>"
    assert text_of(document(body), "docx").replace(" ", "") == "格格格深"


@pytest.mark.parametrize("part", ["header1", "footer2", "footnotes", "endnotes", "comments"])
@pytest.mark.parametrize(("content", "cut"), [(paragraph("附帶說明"), True), (paragraph(" "), False)])
def test_what_a_document_says_apart_from_its_body_is_cut(opened, part, content, cut):
    assert opened(document(paragraph("本文"), **{part: content}), "docx").cut == cut


def test_a_document_s_markup_is_words(text_of):
    assert text_of(document(paragraph("&lt;script&gt;alert(1)&lt;/script&gt;")), "docx").startswith("<script>alert(1)")


def test_what_was_deleted_with_tracking_isn_t_shown(text_of):
    deleted = "<w:p><w:del><w:r><w:delText>old</w:delText></w:r></w:del><w:ins><w:r><w:t>new</w:t></w:r></w:ins></w:p>"
    assert text_of(document(deleted), "docx") == "new"


def test_entities_in_a_document_are_not_expanded(opened):
    outside = '<!DOCTYPE x [<!ENTITY file SYSTEM "file:///etc/passwd">]>'
    assert reason_of(opened, document(paragraph("&file;"), outside), "docx") == Reason.DAMAGED
