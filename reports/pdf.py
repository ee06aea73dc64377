"""A binder as a PDF: HTML from escaped templates, laid out by WeasyPrint with nothing to load but its own assets.

Meant for a worker process of its own: the garbage collector is stopped while the layout runs, since every
pass over half a million live boxes finds nothing and costs a fifth of the time.
"""

import gc
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import segno
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from weasyprint import HTML
from weasyprint.urls import FatalURLFetchingError

from reports import contents, letter, readiness, wording
from reports.assets import AssetsOnly
from reports.binder import Binder, Kind, Result

PAGE_LIMIT = 1_500
VARIANT = "pdf/a-3u"

Progress = Callable[[str], None]


def unheard(stage: str) -> None:
    """Progress that nobody follows."""


class RenderingFailed(RuntimeError):
    """The layout engine could not print everything; the message is its own."""


@dataclass(frozen=True, slots=True)
class Rendering:
    content: bytes
    pages: int


def render(binder: Binder, progress: Progress = unheard) -> Rendering:
    """The binder as PDF/A-3u. `progress` hears the stages check, compose, layout, write.

    Raises readiness.NotReady, typefaces.TypefaceMissing or RenderingFailed; never prints half a report.
    """
    progress("check")
    binder = readiness.printable(binder)
    progress("compose")
    html = document_html(binder)
    return print_html(html, progress, identifier=bytes.fromhex(binder.digest())[:16])


def document_html(binder: Binder) -> str:
    """The whole report as one HTML document; every text in it is escaped."""
    return render_to_string("reports/document/report.html", _context(binder))


def print_html(html: str, progress: Progress = unheard, *, identifier: bytes | None = None) -> Rendering:
    """Lay out and write HTML of ours. Any error that the engine would only have logged is raised."""
    with _failing_on_errors(), _collector_at_rest():
        progress("layout")
        document = HTML(string=html, base_url="asset:", url_fetcher=AssetsOnly()).render(pdf_variant=VARIANT)
        if len(document.pages) > PAGE_LIMIT:
            raise RenderingFailed(f"{len(document.pages)} pages are more than {PAGE_LIMIT}")
        progress("write")
        content = document.write_pdf(pdf_variant=VARIANT, pdf_identifier=identifier)
        return Rendering(content, len(document.pages))


def _context(binder: Binder) -> dict[str, object]:
    return {
        "binder": binder,
        "letter": letter.compose(binder),
        "title": wording.TITLE,
        "kind": wording.KINDS[binder.kind],
        "as_of": binder.kind is not Kind.ANNUAL,
        "span": wording.span(binder.since, binder.until),
        "conclusion": wording.CONCLUSIONS[binder.conclusion] if binder.conclusion else wording.PENDING,
        "result_words": wording.results(binder.kind),
        "result_lines": wording.result_lines(binder.kind),
        "qr": _qr(binder),
        "digest": binder.digest(),
        **_chapters(binder),
    }


def _chapters(binder: Binder) -> dict[str, object]:
    return {
        "sections": {section.name.lower(): section for section in contents.Section},
        "tallies": [_bar(tally) for tally in contents.tallies(binder)],
        "total": _bar(contents.total(binder)),
        "exercises": list(contents.exercises(binder)),
        "open_items": contents.open_items(binder),
        "sampled": contents.sampled(binder),
        "additions": contents.additions(binder),
        "departures": contents.departures(binder),
        "legend": contents.legend(binder),
        "ambiguous": contents.ambiguous_signs(binder),
        "evidence_kinds": contents.evidence_by_kind(binder),
    }


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a bar; position and width in thousandths of the bar."""

    name: str
    start: int
    width: int


@dataclass(frozen=True, slots=True)
class Bar:
    """A tally drawn as a bar, with its counts in the order of the results."""

    tally: contents.Tally
    counts: tuple[int, ...]
    segments: tuple[Segment, ...]


def _bar(tally: contents.Tally) -> Bar:
    return Bar(tally, tuple(tally.results[result] for result in Result), tuple(_segments(tally)))


def _segments(tally: contents.Tally) -> Iterator[Segment]:
    before = 0
    for result in Result:
        count = tally.results[result]
        if count:
            start, end = (1000 * edge // tally.total for edge in (before, before + count))
            yield Segment(result.value, start, end - start)
        before += count


def _qr(binder: Binder) -> SafeString:
    """The short code of the trail head, so that anybody holding the paper can compare it with the file."""
    code = segno.make(f"{binder.trail.chain} {binder.trail.sequence} {binder.trail.head}", error="m", micro=False)
    return mark_safe(code.svg_inline(scale=2, border=0))  # noqa: S308 -- drawn by the library from a hash


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
