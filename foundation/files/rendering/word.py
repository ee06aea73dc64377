"""Text documents: paragraphs, headings, lists and tables of word/document.xml (ECMA-376 part 1, §17)."""

import re
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
_APART = re.compile(r"word/(header|footer|footnotes|endnotes|comments)[0-9]*\.xml")


def docx_html(source: Path) -> Composed:
    """Compose a document's body, as far as `PARTS` reach; what stands apart from it is cut."""
    document, *apart = _read(source)
    parts = list(_parts(_body(document)))
    return Composed("".join(parts[:PARTS]), cut=len(parts) > PARTS or any(_text(each).strip() for each in apart))


def _read(source: Path) -> list[Element]:
    """Return the document, and all that stands apart: headers, footers, notes, comments."""
    check_size(source)
    try:
        with ZipFile(source) as archive:
            apart = filter(_APART.fullmatch, archive.namelist())
            return [fromstring(archive.read(name)) for name in ("word/document.xml", *apart)]
    except (BadZipFile, KeyError, ParseError, DefusedXmlException, ValueError, NotImplementedError) as error:
        raise CannotShow(Reason.DAMAGED) from error


def _body(document: Element) -> Element:
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
    return f"<table>{''.join(map(_row, _nearest(table, f'{_W}tr')))}</table>"


def _row(row: Element) -> str:
    return f"<tr>{''.join(f'<td>{escape(_lines(cell))}</td>' for cell in _nearest(row, f'{_W}tc'))}</tr>"


def _lines(cell: Element) -> str:
    """Join a cell's paragraphs, those of tables in it included."""
    return "\n".join(_text(paragraph) for paragraph in _nearest(cell, f"{_W}p"))


def _nearest(parent: Element, tag: str) -> Iterator[Element]:
    """Yield the elements of a kind, but none that is within another: a table in a cell has rows of its own."""
    for child in parent:
        if child.tag == tag:
            yield child
        else:
            yield from _nearest(child, tag)
