"""The docx says what the PDF says, as Word and LibreOffice keep it: headings, tables with repeated heads, fields."""

import io
import re
from functools import cache

import docx
import pytest
from docx.oxml.ns import qn

from reports import readiness, word
from tests.reports.binders import annual, final, small, with_work
from tests.reports.kinds import establishment


def squeezed(text: str) -> str:
    return "".join(text.split())


@cache
def opened(binder):
    return docx.Document(io.BytesIO(word.render(binder())))


def text_of(document) -> str:
    """Every text of the body, tables included."""
    return squeezed("".join(node.text or "" for node in document.element.body.iter(qn("w:t"))))


def headings(document, level: int) -> list[str]:
    return [each.text for each in document.paragraphs if each.style.name == f"Heading {level}"]


def test_every_control_text_work_and_finding_is_there():
    text = text_of(opened(annual))
    told = [
        line
        for point in annual().points()
        for piece in (
            point.text,
            point.conclusion,
            *(p.text for p in point.procedures),
            *(p.work for p in point.procedures),
        )
        for line in piece.splitlines()
    ]
    assert [line for line in told if squeezed(line) not in text] == []
    assert [finding.number for finding in annual().findings if squeezed(finding.recommendation) not in text] == []


def test_the_letter_and_every_chapter_are_headings():
    first = headings(opened(annual), 1)
    assert first[0] == "會計師獨立確信報告"
    assert [heading[:3] for heading in first[1:9]] == [f"第{n}章" for n in "二三四五六七八九"]
    areas = annual().chapters[2].areas
    assert len(headings(opened(annual), 4)) == sum(len(area.points) for area in areas)


def test_the_head_of_each_table_stands_again_on_the_next_page():
    tables = opened(annual).element.body.iter(qn("w:tbl"))
    with_heads = [table for table in tables if table.findall(f".//{qn('w:tblHeader')}")]
    assert len(with_heads) > 69


def test_pages_are_a4_and_numbered_by_fields():
    section = opened(annual).sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    fields = [node.text for node in section.footer._element.iter(qn("w:instrText"))]
    assert fields == ["PAGE", "NUMPAGES"]


def test_the_contents_refer_to_places_that_exist():
    body = opened(annual).element.body
    marks = {node.get(qn("w:name")) for node in body.iter(qn("w:bookmarkStart"))}
    asked = {node.text.split()[1] for node in body.iter(qn("w:instrText")) if node.text.startswith("PAGEREF")}
    assert len(asked) == 9 + 3 + 20 + 4
    assert asked <= marks


def test_chinese_typefaces_are_named():
    fonts = opened(annual).styles["Normal"].element.find(f".//{qn('w:rFonts')}")
    assert fonts.get(qn("w:eastAsia")) == "Microsoft JhengHei"


def test_a_draft_says_so_on_every_page_and_a_final_report_does_not():
    assert "草稿" in opened(annual).sections[0].header.paragraphs[0].text
    assert "草稿" not in opened(final).sections[0].header.paragraphs[0].text + text_of(opened(final))


def test_names_and_hashes_of_evidence_stay_in_the_file():
    digest = annual().evidence[0].sha256
    assert digest in text_of(opened(annual))
    assert digest not in text_of(opened(final))


def test_an_as_of_report_says_that_nothing_was_tested_over_time():
    assert "未測試控制之執行有效性" in text_of(opened(establishment))


def with_text(document, beginning):
    return next(each for each in document.paragraphs if each.text.startswith(beginning))


@pytest.mark.parametrize(
    "beginning", ["控制重點", "相關規定／參酌來源", "結論　", "本報告係為貴公司", "會計師　陳明德"]
)
def test_what_belongs_to_what_follows_is_never_last_on_its_page(beginning):
    assert with_text(opened(annual), beginning).paragraph_format.keep_with_next


def test_a_hanging_number_hangs():
    line = next(each for each in opened(annual).paragraphs if "\t公司應指派一人為主管" in each.text)
    assert line.paragraph_format.first_line_indent == -line.paragraph_format.left_indent < 0


def test_a_column_that_holds_but_bars_is_left_out():
    (table,) = (table for table in opened(annual).tables if table.cell(0, 0).text == "章及領域")
    assert [cell.text for cell in table.rows[-1].cells] == ["合計", "69", "230", "217", "4", "4", "3", "1", "1"]


def test_a_matrix_of_clauses_is_a_table_of_its_own():
    nested = [table for table in opened(annual).element.body.iter(qn("w:tbl")) if table.getparent().tag == qn("w:tc")]
    (table,) = nested
    assert re.match(r"受測項目\(1\)\(2\)", squeezed("".join(node.text for node in table.iter(qn("w:t")))))


@pytest.mark.parametrize("text", ["<b>x</b>", "a & b", "甲\n乙", "{{ binder }}", "\x0b"])
def test_what_was_typed_is_printed_as_typed(text):
    printed = text_of(docx.Document(io.BytesIO(word.render(with_work(text)))))
    assert squeezed(text).replace("\x0b", "") in printed


def test_a_binder_that_may_not_be_final_is_refused_as_in_print():
    with pytest.raises(readiness.NotReady, match="核准文號"):
        word.render(small(letter_values=(), draft=False))
