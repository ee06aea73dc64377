"""A binder as a Word document: the very HTML that is printed, element by element, so that both say the same.

The templates are ours, so the elements are few; one that this module doesn't know raises KeyError rather than be left
out. Bars are pictures of counts that stand beside them, and are left out with their columns.
"""

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import lxml.html
import segno
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Length, Mm, Pt
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from reports import composing, readiness, word_styles, wording
from reports.binder import Binder

_SPACES = re.compile(r"[ \t\n\r]+")
_BLOCKS = frozenset({"p", "table"})
_SKIPPED = frozenset({"colgroup", "svg"})
_CONTENTS_LEVELS = {"section": 1, "chapter": 2, "area": 3}
_COVER_SIZES = {"firm": 14, "auditee": 19, "kind": 13.5, "span": 12}
# What the style sheet puts behind these.
_AFTER = {"key": "　", "firm-name": "\n", "no": "\t"}
Room = Document | _Cell


def render(binder: Binder) -> bytes:
    """The docx's bytes. Raises readiness.NotReady as the PDF does."""
    digest = binder.digest()
    binder = readiness.printable(binder)
    document = word_styles.new_document(title=f"{binder.auditee.name}　{wording.TITLE}", author=binder.firm.name)
    head = f"{wording.TITLE}（{wording.KINDS[binder.kind]}）"
    word_styles.add_head_and_foot(
        document, head=head, firm=binder.firm.name, auditee=binder.auditee.name, draft=binder.draft
    )
    body = lxml.html.document_fromstring(composing.document_html(binder, digest)).body
    _Typist(document).type_all(body)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


@dataclass(frozen=True, slots=True)
class _Manner:
    """How a stretch of text looks; what is inside inherits it."""

    bold: bool = False
    small: bool = False
    colour: Any = None
    size: float | None = None

    def within(self, element: Any) -> "_Manner":
        names = set(element.get("class", "").split())
        return _Manner(
            bold=self.bold or element.tag in {"strong", "th"} or bool(names & {"key", "label", "chip", "index", "sum"}),
            small=self.small or bool(names & {"small", "hash", "signed", "restriction", "cites", "references"}),
            colour=word_styles.RED if names & {"missing", "stamp", "pending"} else self.colour,
            size=next((_COVER_SIZES[name] for name in names if name in _COVER_SIZES), self.size),
        )


@dataclass(slots=True)
class _Typist:
    """Types elements one after another; `marks` counts the bookmarks."""

    document: Document
    marks: int = 0
    pending: list[str] = field(default_factory=list)  # names of places that the next heading gets
    on_new_page: bool = False  # what comes next

    def type_all(self, parent: Any) -> None:
        """Everything inside the body, a section or a part."""
        for element in parent.iterchildren(tag=lxml.etree.Element):
            self._type(element)

    def _type(self, element: Any) -> None:
        if name := element.get("id"):
            self.pending.append(name)
        if element.tag == "nav":
            self._contents(element)
        elif element.tag in {"section", "div"}:
            self._division(element)
        elif element.tag in {"h1", "h2", "h3", "h4"}:
            self._heading(element)
        elif element.tag == "p":
            self._begin(_paragraph(self.document, element, _Manner()))
        else:
            _TYPE[element.tag](self.document, element, _Manner())

    def _begin(self, paragraph: Paragraph) -> None:
        """Put it on a new page if it is the first of a part."""
        if self.on_new_page:
            paragraph.paragraph_format.page_break_before = True
            self.on_new_page = False

    def _division(self, element: Any) -> None:
        names = element.get("class", "").split()
        self.on_new_page = self.on_new_page or "part" in names
        if code := element.get("data-code"):
            _picture(self.document, code)
        else:
            self.type_all(element)

    def _heading(self, element: Any) -> None:
        is_title = "cover-title" in element.get("class", "")
        style = "Title" if is_title else f"Heading {element.tag[1]}"
        paragraph = self.document.add_paragraph(style=style)
        self._begin(paragraph)
        if style == "Heading 1" and "letter" in element.getparent().get("class", ""):
            paragraph.alignment, paragraph.paragraph_format.space_before = WD_ALIGN_PARAGRAPH.CENTER, Pt(14)
        _inline(paragraph, element, _Manner())
        for name in self.pending:
            word_styles.add_bookmark(paragraph, self.marks, name)
            self.marks += 1
        self.pending.clear()

    def _contents(self, element: Any) -> None:
        lines = element.findall("p")
        heading = self.document.add_paragraph()
        heading.paragraph_format.page_break_before = True
        _inline(heading, element.find("h1"), _Manner(bold=True, size=17, colour=word_styles.BLUE))
        entries = [
            (_CONTENTS_LEVELS[line.get("class")], line.text_content().strip(), line.find("a").get("href")[1:])
            for line in lines
        ]
        word_styles.add_contents(self.document, entries)


# Blocks ---------------------------------------------------------------------------------------


def _paragraph(room: Room, element: Any, manner: _Manner) -> Paragraph:
    paragraph = room.add_paragraph()
    if isinstance(room, _Cell):
        word_styles.make_cell_text(paragraph)
    word_styles.shape(paragraph, element)
    _inline(paragraph, element, manner.within(element))
    return paragraph


def _table(room: Room, element: Any, _manner: _Manner) -> None:
    rows = [row for row in element.iter("tr") if next(row.iterancestors("table")) is element]
    if not rows:
        return
    widths = _widths(element, max(sum(map(_span, _printed(row))) for row in rows))
    table = room.add_table(len(rows), len(widths))
    word_styles.set_up_table(table, widths, heads=len(element.findall("thead/tr")))
    for row, source in zip(table.rows, rows, strict=True):
        _cells(row.cells, source)
    gap = word_styles.add_gap(room)
    if "procedures" in element.get("class", ""):  # what is concluded stands with the last row
        word_styles.keep_together((*(each for cell in table.rows[-1].cells for each in cell.paragraphs), gap))


def _widths(element: Any, count: int) -> list[Length]:
    """As the columns' classes say (w14: 14 %), the rest shared by those that say nothing."""
    classes = [column.get("class", "") for column in _printed(element.find("colgroup"))] or [""] * count
    said = [int(found[0]) if (found := re.search(r"(?<=\bw)\d+", names)) else 0 for names in classes]
    rest = max(100 - sum(said), 10) / max(said.count(0), 1)
    shares = [share or rest for share in said]
    return [Length(int(word_styles.TEXT_WIDTH * share / sum(shares))) for share in shares]


def _printed(row: Any) -> list[Any]:
    """The cells or columns without those that hold but a picture."""
    return [] if row is None else [each for each in row if "drawn" not in each.get("class", "")]


def _span(cell: Any) -> int:
    return int(cell.get("colspan", "1"))


def _cells(cells: Sequence[_Cell], row: Any) -> None:
    place = 0
    for source in _printed(row):
        span = _span(source)
        cell = cells[place] if span == 1 else cells[place].merge(cells[place + span - 1])
        place += span
        if source.tag == "th":
            word_styles.shade(cell)
        _fill(cell, source)
        _align(cell, source)


def _align(cell: _Cell, source: Any) -> None:
    """Counts stand at the right; the head of a table stays with its first row."""
    of_counts = source.get("class") == "number" and "procedures" not in next(source.iterancestors("table")).get("class")
    if of_counts:
        for paragraph in cell.paragraphs:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    if source.getparent().getparent().tag == "thead":
        word_styles.keep_together(cell.paragraphs)


def _fill(cell: _Cell, source: Any) -> None:
    """Inline content as one paragraph, blocks one below the other; the empty first paragraph of a cell is used."""
    manner = _Manner().within(source.getparent()).within(source)
    first = cell.paragraphs[0]
    word_styles.make_cell_text(first)
    if not any(child.tag in _BLOCKS for child in source):
        _inline(first, source, manner)
        return
    if text := _squeezed(source.text or "").strip():
        first.add_run(text)
    for child in source:
        _TYPE[child.tag](cell, child, manner)
        if tail := _squeezed(child.tail or "").strip():
            word_styles.make_cell_text(cell.add_paragraph(tail))
    if not first.text and len(cell.paragraphs) > 1:
        first._p.getparent().remove(first._p)


def _nothing(_room: Room, _element: Any, _manner: _Manner) -> None:
    """What is left out."""


def _inline_block(room: Room, element: Any, manner: _Manner) -> None:
    _inline(room.paragraphs[-1], element, manner.within(element))


_TYPE = {
    "p": _paragraph,
    "table": _table,
    "svg": _nothing,
    "span": _inline_block,
    "br": _nothing,
}


def _picture(document: Document, code: str) -> None:
    drawn = io.BytesIO()
    segno.make(code, error="m", micro=False).save(drawn, kind="png", scale=6, border=0)
    drawn.seek(0)
    document.add_picture(drawn, width=Mm(34))


# Inline ---------------------------------------------------------------------------------------


def _inline(paragraph: Paragraph, element: Any, manner: _Manner) -> None:
    """Type the element's text as a browser would show it: white space runs together, none at the ends of lines."""
    line = ""
    pieces = list(_pieces(element, manner))
    for place, (piece, own) in enumerate(pieces):
        text = piece.lstrip(" ") if not line or line.endswith("\n") else piece
        text = text.rstrip(" ") if place == len(pieces) - 1 else text
        line += text
        if text:
            _run(paragraph, text, own)


def _run(paragraph: Paragraph, text: str, manner: _Manner) -> None:
    run = paragraph.add_run(text)
    run.bold = manner.bold or None
    run.font.color.rgb = manner.colour
    if size := 8 if manner.small else manner.size:
        run.font.size = Pt(size)


def _pieces(element: Any, manner: _Manner) -> Iterator[tuple[str, _Manner]]:
    if element.text:
        yield _squeezed(element.text), manner
    for child in element:
        if child.tag == "br":
            yield "\n", manner
        elif child.tag not in _SKIPPED:
            yield from _pieces(child, manner.within(child))
            yield _AFTER.get(child.get("class"), ""), manner
        if child.tail:
            yield _squeezed(child.tail), manner


def _squeezed(text: str) -> str:
    return _SPACES.sub(" ", text)
