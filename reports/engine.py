"""The layout engine: HTML of ours, laid out by WeasyPrint with nothing to load but its own assets.

Meant for a worker process of its own: the garbage collector is stopped while the layout runs, since every
pass over half a million live boxes finds nothing and costs a fifth of the time.
"""

import gc
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from weasyprint import HTML, Document
from weasyprint.urls import FatalURLFetchingError

from reports.assets import AssetsOnly

PAGE_LIMIT = 1_500

Progress = Callable[[str], None]


def unheard(stage: str) -> None:
    """Progress that nobody follows."""


class RenderingFailed(RuntimeError):
    """The layout engine could not print everything; the message is its own."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A bookmark: its level (1 to 4), what it says, the page that it stands on."""

    level: int
    label: str
    page: int


@dataclass(frozen=True, slots=True)
class Rendering:
    content: bytes
    pages: int
    outline: tuple[Heading, ...] = ()


def print_html(html: str, progress: Progress = unheard, *, variant: str, identifier: bytes | None = None) -> Rendering:
    """Lay out and write HTML of ours. Any error that the engine would only have logged is raised."""
    with at_work():
        progress("layout")
        document = lay_out(html, variant)
        outline = tuple(headings(document))
        progress("write")
        content = document.write_pdf(pdf_variant=variant, pdf_identifier=identifier)
        return Rendering(content, len(document.pages), outline)


def lay_out(html: str, variant: str) -> Document:
    """Lay out HTML of ours; RenderingFailed beyond PAGE_LIMIT. Expects at_work."""
    document = HTML(string=html, base_url="asset:", url_fetcher=AssetsOnly()).render(pdf_variant=variant)
    check_pages(len(document.pages))
    return document


def check_pages(count: int) -> None:
    """RenderingFailed for more pages than anybody means to print."""
    if count > PAGE_LIMIT:
        raise RenderingFailed(f"{count} pages are more than {PAGE_LIMIT}")


def headings(document: Document) -> Iterator[Heading]:
    """The bookmarks in the order of the pages."""
    for number, page in enumerate(document.pages, start=1):
        for level, label, _place, _state in page.bookmarks:
            yield Heading(level, label, number)


@contextmanager
def at_work() -> Iterator[None]:
    """Raise what the layout engine would only have logged, and keep the collector from looking at its boxes."""
    with _failing_on_errors(), _collector_at_rest():
        yield


@contextmanager
def _failing_on_errors() -> Iterator[None]:
    errors: list[str] = []
    handler = logging.Handler(logging.ERROR)
    handler.emit = lambda record: errors.append(record.getMessage())  # type: ignore[method-assign]
    logger = logging.getLogger("weasyprint")
    logger.addHandler(handler)
    try:
        yield
    except FatalURLFetchingError as error:
        raise RenderingFailed(str(error)) from error
    finally:
        logger.removeHandler(handler)
    if errors:
        raise RenderingFailed("; ".join(errors))


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.unfreeze()
        gc.collect()
