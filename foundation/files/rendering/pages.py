"""What every kind of file becomes: numbered pages, each a picture with its text."""

from pathlib import Path
from typing import Protocol

from PIL import Image

from foundation.files.rendering.pdf import PdfPages
from foundation.files.rendering.pictures import PicturePages
from foundation.files.rendering.scale import Scale
from foundation.files.rendering.spreadsheets import sheets_of_csv, sheets_of_xlsx, tables_html
from foundation.files.rendering.texts import text_html
from foundation.files.rendering.typesetting import Composed, typeset
from foundation.files.rendering.word import docx_html


class Pages(Protocol):
    """The pages of one file. `cut` says that the file holds more than they show."""

    cut: bool

    def __len__(self) -> int: ...

    def picture(self, number: int, scale: Scale) -> Image.Image:
        """Return page `number` (from 1) in RGB, as large as `scale` allows."""

    def text(self, number: int) -> str:
        """Return the page's text, "" where it has none."""

    def size(self, number: int) -> tuple[float, float]:
        """Return the page's width and height in points."""


def open_pages(source: Path, kind: str) -> Pages:
    """Open a file of a kind that foundation/files/kinds.py names. Raises CannotShow."""
    if kind == "pdf":
        return PdfPages(source)
    if kind == "picture":
        return PicturePages(source)
    composed = _COMPOSERS[kind](source)
    return PdfPages(typeset(composed), cut=composed.cut)


def _table(source: Path) -> Composed:
    return tables_html(sheets_of_csv(source))


def _xlsx(source: Path) -> Composed:
    return tables_html(sheets_of_xlsx(source))


_COMPOSERS = {"text": text_html, "table": _table, "xlsx": _xlsx, "docx": docx_html}
