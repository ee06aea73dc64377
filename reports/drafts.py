"""A draft as a PDF, laid out anew only where it changed: its parts are fragments (reports.fragments) upon a shell.

The shell is a document of ours like any other: cover and contents, and behind them an empty page for each page of a
fragment. It numbers the pages and carries watermark, bookmarks and links. Tags are left to the issued file, which is
laid out in one pass.
"""

import io
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Any

import pikepdf
from django.conf import settings
from django.template.loader import render_to_string

from reports import composing, engine, fragments
from reports.binder import Binder
from reports.engine import Progress, Rendering
from reports.fragments import Box, Fragment, Leaf, Place, Shelf

_SHELL, _FRAGMENTS = f"{composing.FOLDER}/shell.html", f"{composing.FOLDER}/fragments.html"


def render(binder: Binder, digest: str, progress: Progress) -> Rendering:
    """The draft as PDF/A-3u. `digest` is that of the frozen binder; raises RenderingFailed."""
    common = composing.context(binder, digest)
    with engine.at_work():
        progress("layout")
        shelf = Shelf()
        laid_out = _laid_out(shelf, common)
        engine.check_pages(sum(len(fragment.leaves) for fragment in laid_out))
        progress("write")
        shell = _shell(laid_out, common, identifier=bytes.fromhex(digest)[:16])
    fragments.trim(settings.FRAGMENT_CACHE_BYTES)
    return replace(shell, content=_merged(shell.content, laid_out, shelf))


def _laid_out(shelf: Shelf, common: dict[str, Any]) -> list[Fragment]:
    """A fragment for each part. Those that aren't on the shelf are laid out together."""
    html = {part.name: composing.part_html(part, common) for part in common["parts"]}
    around = f"{common['binder'].firm.name}\n{common['binder'].auditee.name}"
    keys = {name: fragments.key_of(text, around) for name, text in html.items()}
    found = {name: shelf.find(key) for name, key in keys.items()}
    missing = {name: keys[name] for name, fragment in found.items() if fragment is None}
    new: dict[str, Fragment] = {}
    if missing:
        document = render_to_string(_FRAGMENTS, {**common, "documents": [html[name] for name in missing]})
        content, new = fragments.lay_out(document, missing)
        shelf.keep(content, new)
    return [fragment or new[keys[name]] for name, fragment in found.items()]


# The shell ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Mark:
    """An invisible spot of an empty page: named, bookmarked, or leading to a name."""

    box: str  # its place as CSS
    id: str = ""
    level: str = ""
    label: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class EmptyPage:
    """A page that a fragment's page is laid upon; `page` as in Part."""

    page: str
    marks: tuple[Mark, ...]


def _shell(laid_out: Sequence[Fragment], common: dict[str, Any], *, identifier: bytes) -> Rendering:
    pages = [
        EmptyPage(part.page, tuple(_marks(leaf)))
        for part, fragment in zip(common["parts"], laid_out, strict=True)
        for leaf in fragment.leaves
    ]
    document = engine.lay_out(render_to_string(_SHELL, {**common, "leaves": pages}), fragments.VARIANT)
    outline = tuple(engine.headings(document))
    content = document.write_pdf(pdf_variant=fragments.VARIANT, pdf_identifier=identifier)
    return Rendering(content, len(document.pages), outline)


def _marks(leaf: Leaf) -> Iterator[Mark]:
    yield from (Mark(_spot(place), id=name) for name, place in leaf.anchors)
    yield from (Mark(_spot(place), level=f"b{level}", label=label) for level, label, place in leaf.bookmarks)
    yield from (Mark(_area(box), href=name) for name, box in leaf.links)


def _spot(place: Place) -> str:
    left, top = place
    return f"left:{left:.2f}px;top:{top:.2f}px"


def _area(box: Box) -> str:
    left, top, width, height = box
    return f"{_spot((left, top))};width:{width:.2f}px;height:{height:.2f}px"


# Fragments upon the shell ---------------------------------------------------------------------


def _merged(shell: bytes, laid_out: Sequence[Fragment], shelf: Shelf) -> bytes:
    drawn = [(part.document, part.first + place) for part in laid_out for place in range(len(part.leaves))]
    with ExitStack() as opened:
        document = opened.enter_context(pikepdf.open(io.BytesIO(shell)))
        sources = {
            digest: opened.enter_context(pikepdf.open(io.BytesIO(content)))
            for digest, content in shelf.documents.items()
        }
        for empty, (digest, number) in zip(document.pages[-len(drawn) :], drawn, strict=True):
            _lay_upon(empty, document.copy_foreign(sources[digest].pages[number].as_form_xobject()))
        written = io.BytesIO()
        document.save(written, deterministic_id=True)
        return written.getvalue()


def _lay_upon(empty: pikepdf.Page, drawn: pikepdf.Object) -> None:
    """Draw upon the page; under a name of its number, where pikepdf's own add_overlay takes one by chance."""
    name = empty.add_resource(drawn, pikepdf.Name.XObject, pikepdf.Name(f"/Page{empty.index}"))
    empty.contents_add(b"q", prepend=True)
    empty.contents_add(b"Q q %b Do Q" % bytes(name))
