"""Parts of drafts, laid out once: kept in a folder that may be emptied at any time, under the hash of all they show.

Parts that are missing are laid out together, since each document costs typefaces of its own. FRAGMENT_ROOT/<key>.json
says which pages of which document a part is; <hash>.pdf is the document. The key covers text, styles, typefaces and
engine, so a fragment is right as long as it is found. Files appear as a whole, documents first; what a crash left
damaged is laid out again.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from itertools import pairwise
from os import utime
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.conf import settings
from weasyprint import Document, Page

from reports import engine, typefaces
from reports.assets import registered

VARIANT = "pdf/a-3u"
Place = tuple[float, float]  # from the sheet's upper left corner, in CSS pixels
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Leaf:
    """What a page has beside its drawing: named places, bookmarks (level, label, place), links (name, box)."""

    anchors: tuple[tuple[str, Place], ...]
    bookmarks: tuple[tuple[int, str, Place], ...]
    links: tuple[tuple[str, Box], ...]


@dataclass(frozen=True, slots=True)
class Fragment:
    """The pages of one part: from `first` on (0 is the document's first), a leaf for each."""

    document: str  # SHA-256 (hex) of the PDF
    first: int
    leaves: tuple[Leaf, ...]


def key_of(html: str, around: str) -> str:
    """What a part is kept under; `around` is whatever else its pages show."""
    return sha256(f"{_surroundings()}\n{around}\n{html}".encode()).hexdigest()


def lay_out(html: str, keys: Mapping[str, str]) -> "tuple[bytes, dict[str, Fragment]]":
    """Lay out a document of parts: its PDF, and the fragments by key. `keys` names the anchor where each part begins,
    in the document's order. Expects engine.at_work.
    """
    document = engine.lay_out(html, VARIANT)
    begins = _beginnings(document)
    leaves = [_leaf(page, number, begins) for number, page in enumerate(document.pages)]  # writing moves every place
    content: bytes = document.write_pdf(pdf_variant=VARIANT)
    digest = sha256(content).hexdigest()
    ends = [*(begins[name] for name in keys), len(leaves)]
    spans = zip(keys.values(), pairwise(ends), strict=True)
    return content, {key: Fragment(digest, first, tuple(leaves[first:end])) for key, (first, end) in spans}


def _beginnings(document: Document) -> dict[str, int]:
    """The page on which each named element begins; the engine names it again on every page that it goes on to."""
    begins: dict[str, int] = {}
    for number, page in enumerate(document.pages):
        for name in page.anchors:
            begins.setdefault(name, number)
    return begins


def _leaf(page: Page, number: int, begins: Mapping[str, int]) -> Leaf:
    return Leaf(
        anchors=tuple((name, tuple(place[:2])) for name, place in page.anchors.items() if begins[name] == number),
        bookmarks=tuple((level, label, tuple(place)) for level, label, place, _state in page.bookmarks),
        links=tuple((name, tuple(box)) for kind, name, box, _drawn in page.links if kind == "internal"),
    )


@cache
def _surroundings() -> str:
    """Everything beside a part's HTML that decides how it is laid out."""
    assets = (f"{name} {sha256(asset.content).hexdigest()}" for name, asset in registered().items())
    libraries = (f"{library} {version(library)}" for library in ("weasyprint", "pydyf"))
    return "\n".join((*assets, *libraries, typefaces.identity(), VARIANT))


# The folder -----------------------------------------------------------------------------------


@dataclass(slots=True)
class Shelf:
    """The folder as one draft uses it: `documents` are the PDFs of what was found or kept, by their hash."""

    documents: dict[str, bytes] = field(default_factory=dict)

    def find(self, key: str) -> Fragment | None:
        """The fragment, unless it or its document isn't there or isn't whole."""
        try:
            told = json.loads(_used(f"{key}.json"))
            fragment = Fragment(told["document"], told["first"], tuple(Leaf(**leaf) for leaf in told["leaves"]))
            content = self.documents.get(fragment.document) or _used(f"{fragment.document}.pdf")
        except (OSError, ValueError, KeyError, TypeError):
            return None
        if sha256(content).hexdigest() != fragment.document:
            return None
        self.documents[fragment.document] = content
        return fragment

    def keep(self, content: bytes, found: Mapping[str, Fragment]) -> None:
        """Keep a document, then what says which of its pages are whose."""
        digest = sha256(content).hexdigest()
        self.documents[digest] = content
        _write(f"{digest}.pdf", content)
        for key, fragment in found.items():
            _write(f"{key}.json", json.dumps(asdict(fragment)).encode())


def _root() -> Path:
    return Path(settings.FRAGMENT_ROOT)


def _used(name: str) -> bytes:
    content = (_root() / name).read_bytes()
    with suppress(FileNotFoundError):  # another worker clears away
        utime(_root() / name)
    return content


def _write(name: str, content: bytes) -> None:
    _root().mkdir(mode=0o700, parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=_root(), prefix="new-", delete=False) as file:
        file.write(content)
    Path(file.name).replace(_root() / name)


def trim(most: int) -> None:
    """Clear away what was used longest ago beyond `most` bytes; what a killed worker left goes the same way."""
    files = [(place, place.stat()) for place in _root().glob("*")]
    total = sum(stat.st_size for _place, stat in files)
    for place, stat in sorted(files, key=lambda each: each[1].st_mtime):
        if total <= most:
            return
        place.unlink(missing_ok=True)
        total -= stat.st_size
