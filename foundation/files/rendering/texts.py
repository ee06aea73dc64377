"""Texts: decoded by what they say themselves, else as UTF-8, else as Big5."""

import codecs
from html import escape
from pathlib import Path

from foundation.files.rendering.outcomes import CannotShow, Reason
from foundation.files.rendering.typesetting import Composed

LINES = 3_000
LINE_LENGTH = 2_000
BYTES = 4 * 1024**2
_CONTROLS = dict.fromkeys(set(range(32)) - {ord("\n"), ord("\t")}, "\ufffd")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read_text(source: Path) -> tuple[str, bool]:
    """Return the text, and whether there is more than `BYTES` of it. Raises CannotShow for bytes that are no text."""
    with source.open("rb") as file:
        content = file.read(BYTES + 1)
    cut = len(content) > BYTES
    return decoded(content[:BYTES], whole=not cut), cut


def decoded(content: bytes, *, whole: bool = True) -> str:
    """Decode a text; one that isn't `whole` may end within a character."""
    marked = next((name for mark, name in _MARKS if content.startswith(mark)), None)
    for encoding in [marked] if marked else ["utf-8", "cp950"]:
        try:
            return _printable(codecs.getincrementaldecoder(encoding)().decode(content, final=whole))
        except UnicodeDecodeError:
            continue
    raise CannotShow(Reason.DAMAGED)


def _printable(text: str) -> str:
    """Show control characters for what they are: they have no glyph."""
    return text.replace("\r\n", "\n").translate(_CONTROLS)


def text_html(source: Path) -> Composed:
    """Compose a text file line by line."""
    text, cut = read_text(source)
    lines = text.split("\n")
    shown = [line[:LINE_LENGTH] for line in lines[:LINES]]
    cut = cut or len(lines) > LINES or any(len(line) > LINE_LENGTH for line in lines[:LINES])
    # One block a line: a single one of many pages takes the engine a time that grows with its square.
    return Composed("".join(f"<pre>{escape(line) or ' '}</pre>" for line in shown), cut=cut)
