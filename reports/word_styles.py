"""A Word document as the report needs one: A4, typefaces by name, headings, numbered pages, contents, draft mark.

What python-docx has no words for (fields, bookmarks, repeated rows, East Asian typefaces) is written as OOXML here.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any

import docx
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table
from docx.text.paragraph import Paragraph

# What Word has on every machine in Taiwan; elsewhere the named language makes it choose a Traditional Chinese one.
TYPEFACE = "Microsoft JhengHei"
TEXT_WIDTH = Mm(162)
_CELL = "Table Cell"
BLUE, RED, GREY = RGBColor(0x17, 0x37, 0x5E), RGBColor(0xB3, 0x31, 0x2B), RGBColor(0x5A, 0x66, 0x73)
_SPACES = {"auditee": (40, 4), "kind": (4, 1), "span": (0, 36), "restriction": (8, 0)}  # the cover's; before, after
_NUMBERED = re.compile(r"[lh]\d")  # a line with hanging number: its level; the number's width in half ems
_HEADINGS = {1: 17, 2: 13, 3: 11.5, 4: 10.5}  # sizes in points


def new_document(*, title: str, author: str) -> Document:
    """An empty one with its styles."""
    document = docx.Document()
    document.core_properties.title, document.core_properties.author = title, author
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(24)
    section.top_margin, section.bottom_margin = Mm(27), Mm(24)
    section.different_first_page_header_footer = True
    _style(document, "Normal", size=9.5, after=2)
    cell = document.styles.add_style(_CELL, WD_STYLE_TYPE.PARAGRAPH)
    cell.base_style = document.styles["Normal"]
    _style(document, _CELL, size=8.5, after=1)
    _style(document, "Title", size=26, colour=BLUE, after=12)
    for level, size in _HEADINGS.items():
        _style(document, f"Heading {level}", size=size, colour=BLUE, before=12, after=4)
    return document


def _style(
    document: Document, name: str, *, size: float, colour: RGBColor | None = None, before: float = 0, after: float
) -> None:
    style = document.styles[name]
    assert isinstance(style, ParagraphStyle)  # noqa: S101 -- of python-docx's own template
    style.font.size, style.font.italic, style.font.color.rgb = Pt(size), False, colour
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
    properties = style.element.get_or_add_rPr()
    for old in (*properties.findall(qn("w:rFonts")), *properties.findall(qn("w:lang"))):
        properties.remove(old)
    properties.insert(0, _element("rFonts", ascii=TYPEFACE, hAnsi=TYPEFACE, eastAsia=TYPEFACE, cs=TYPEFACE))
    properties.append(_element("lang", val="zh-TW", eastAsia="zh-TW"))


def add_head_and_foot(document: Document, *, head: str, firm: str, auditee: str, draft: bool) -> None:
    """On every page but the cover: what this is (and that it is a draft), whose it is, the page out of all pages."""
    section = document.sections[0]
    above = section.header.paragraphs[0]
    _small(above, head)
    if draft:
        _small(above, "　草稿　僅供討論，不得對外提供", colour=RED)
    below = section.footer.paragraphs[0]
    below.paragraph_format.tab_stops.clear_all()
    below.paragraph_format.tab_stops.add_tab_stop(Length(TEXT_WIDTH // 2), WD_TAB_ALIGNMENT.CENTER)
    below.paragraph_format.tab_stops.add_tab_stop(TEXT_WIDTH, WD_TAB_ALIGNMENT.RIGHT)
    _small(below, f"{firm}\t第 ")
    add_field(below, "PAGE", small=True)
    _small(below, " 頁，共 ")
    add_field(below, "NUMPAGES", small=True)
    _small(below, f" 頁\t{auditee}")


def _small(paragraph: Paragraph, text: str, *, colour: RGBColor = GREY) -> None:
    run = paragraph.add_run(text)
    run.font.size, run.font.color.rgb = Pt(8), colour


def add_contents(document: Document, entries: Sequence[tuple[int, str, str]]) -> None:
    """Contents: (level, heading, its bookmark), the pages as fields. A TOC field is worked out by Word alone."""
    for level, heading, bookmark in entries:
        paragraph = document.add_paragraph()
        paragraph.paragraph_format.left_indent = Mm(6 * (level - 1))
        paragraph.paragraph_format.tab_stops.add_tab_stop(TEXT_WIDTH, WD_TAB_ALIGNMENT.RIGHT)
        paragraph.add_run(f"{heading}\t")
        add_field(paragraph, f"PAGEREF {_bookmark(bookmark)} \\h")


def add_field(paragraph: Paragraph, instruction: str, *, small: bool = False) -> None:
    """A value that the program that shows the document works out."""
    paragraph.add_run()._r.append(_element("fldChar", fldCharType="begin", dirty="true"))
    text = _element("instrText")
    text.text = instruction
    paragraph.add_run()._r.append(text)
    paragraph.add_run()._r.append(_element("fldChar", fldCharType="separate"))
    _small(paragraph, "–") if small else paragraph.add_run("–")
    paragraph.add_run()._r.append(_element("fldChar", fldCharType="end"))


def add_bookmark(paragraph: Paragraph, number: int, name: str) -> None:
    """Name the paragraph's place; numbers and names are unique in the document."""
    start = _element("bookmarkStart", id=str(number), name=_bookmark(name))
    paragraph._p.append(start)
    paragraph._p.append(_element("bookmarkEnd", id=str(number)))


def _bookmark(name: str) -> str:
    """Word takes letters, digits and underscores."""
    return name.replace("-", "_")


def set_up_table(table: Table, widths: Sequence[Length], *, heads: int) -> None:
    """Fixed columns; the first `heads` rows stand again on each page, and no row is torn."""
    table.style = "Table Grid"
    table.autofit = False
    borders = _element("tblBorders")
    for edge in ("top", "bottom", "insideH"):
        borders.append(_element(edge, val="single", sz="4", color="9AA7B5"))
    for edge in ("left", "right", "insideV"):
        borders.append(_element(edge, val="nil"))
    table._tbl.tblPr.append(borders)
    margins = _element("tblCellMar")
    margins.extend(_element(side, w="57", type="dxa") for side in ("left", "right"))  # 1 mm: columns are narrow
    table._tbl.tblPr.append(margins)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for number, row in enumerate(table.rows):
        properties = row._tr.get_or_add_trPr()
        properties.append(_element("cantSplit"))
        if number < heads:
            properties.append(_element("tblHeader"))
        for cell, width in zip(row._tr.tc_lst, widths, strict=True):
            cell.width = width


def shape(paragraph: Paragraph, element: Any) -> None:
    """Indents, spaces and company of a paragraph, as the classes of the element say that it types."""
    names, form = frozenset(element.get("class", "").split()), paragraph.paragraph_format
    form.keep_with_next = _belongs_to_next(element) or None
    for name in names & _SPACES.keys():
        form.space_before, form.space_after = map(Mm, _SPACES[name])
    numbers = {name[0]: int(name[1]) for name in names if _NUMBERED.fullmatch(name)}
    if numbers:
        hang = Pt(numbers.get("h", 0) * 4.5)
        form.left_indent, form.first_line_indent = Length(Mm(4 * numbers.get("l", 0)) + hang), Length(-hang)
    elif "signature" in names:
        form.left_indent = Mm(45)
        form.space_before = None if _is_of(element.getprevious(), "signature") else Mm(12)
    elif "signed" in names:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    elif "text" in names:
        form.first_line_indent = Mm(7)
    elif "item" in names:
        form.left_indent, form.first_line_indent = Mm(5), Mm(-5)


def _belongs_to_next(element: Any) -> bool:
    """A label, references above a table, a conclusion, the last words above signatures: not the last on their page."""
    signed = _is_of(element.getnext(), "signature")
    return signed or _is_of(element, "label") or element.getparent().get("class") in {"references", "verdict"}


def _is_of(element: Any, name: str) -> bool:
    return element is not None and element.get("class") == name


def add_gap(room: Any) -> Paragraph:
    """What Word wants behind a table, hardly visible."""
    gap: Paragraph = room.add_paragraph()
    gap.paragraph_format.line_spacing, gap.paragraph_format.space_after = Pt(3), Pt(0)
    return gap


def keep_together(paragraphs: Iterable[Paragraph]) -> None:
    """With each other and with what follows."""
    for paragraph in paragraphs:
        paragraph.paragraph_format.keep_with_next = True


def make_cell_text(paragraph: Paragraph) -> None:
    """Give the paragraph the style of tables. By its id: to look styles up by name takes most of the time."""
    paragraph._p.style = _CELL.replace(" ", "")


def shade(cell: Any, colour: str = "EEF2F6") -> None:
    """Colour a cell's ground."""
    cell._tc.get_or_add_tcPr().append(_element("shd", val="clear", color="auto", fill=colour))


def _element(tag: str, **attributes: str) -> Any:
    element = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)
    return element
