"""Text documents: paragraphs, headings, lists and tables of word/document.xml (ECMA-376 part 1, §17)."""

from collections.abc import Iterator
from html import escape
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError
from zipfile import BadZipFile, ZipFile

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from foundation.files.rendering.archives import check_size
from foundation.files.rendering.outcomes import CannotShow, Reason
from foundation.files.rendering.typesetting import Composed

PARTS = 4_000  # paragraphs and rows
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SIGNS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}drawing": "▣", f"{_W}pict": "▣"}  # ▣: a picture
_TITLES = ("title", "heading")


def docx_html(source: Path) -> Composed:
    """Compose a document's body, as far as `PARTS` reach."""
    body = _body(source)
    parts = list(_parts(body))
    return Composed("".join(parts[:PARTS]), cut=len(parts) > PARTS)


def _body(source: Path) -> Element:
    check_size(source)
    try:
        with ZipFile(source) as archive:
            document = fromstring(archive.read("word/document.xml"))
    except (BadZipFile, KeyError, ParseError, DefusedXmlException, ValueError, NotImplementedError) as error:
        raise CannotShow(Reason.DAMAGED) from error
    body = document.find(f"{_W}body")
    if body is None:
        raise CannotShow(Reason.DAMAGED)
    found: Element = body
    return found


def _parts(parent: Element) -> Iterator[str]:
    for child in parent:
        if child.tag == f"{_W}p":
            yield _paragraph(child)
        elif child.tag == f"{_W}tbl":
            yield _table(child)
        else:  # content controls and tracked moves hold paragraphs of their own
            yield from _parts(child)


def _paragraph(paragraph: Element) -> str:
    text = escape(_text(paragraph))
    style = paragraph.find(f"{_W}pPr/{_W}pStyle")
    named = "" if style is None else style.get(f"{_W}val", "").lower()
    if named.startswith(_TITLES) or named in set("123456789"):
        return f"<h3>{text}</h3>"
    listed = "・" if paragraph.find(f"{_W}pPr/{_W}numPr") is not None else ""
    return f"<p>{listed}{text}</p>"


def _text(parent: Element) -> str:
    """Join what is written, tracked insertions included and deletions (w:delText) left out."""
    return "".join(each.text or "" if each.tag == f"{_W}t" else _SIGNS.get(each.tag, "") for each in parent.iter())


def _table(table: Element) -> str:
    return f"<table>{''.join(map(_row, table.iter(f'{_W}tr')))}</table>"


def _row(row: Element) -> str:
    return f"<tr>{''.join(f'<td>{escape(_lines(cell))}</td>' for cell in row.iter(f'{_W}tc'))}</tr>"


def _lines(cell: Element) -> str:
    return "\n".join(_text(paragraph) for paragraph in cell.iter(f"{_W}p"))
