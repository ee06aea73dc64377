"""Plain content set as pages: our own typography, and nothing that could be loaded from anywhere."""

from dataclasses import dataclass

from weasyprint import HTML
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

_STYLE = """
@page { size: %(paper)s; margin: 14mm 12mm }
body { font: 9.5pt/1.65 "Noto Sans CJK TC", "Noto Sans TC", sans-serif; color: #1d2125 }
body { margin: 0; overflow-wrap: anywhere }
h1, h2, h3 { font-size: 12pt; line-height: 1.5; margin: 12pt 0 4pt; break-after: avoid } h3 { font-size: 10.5pt }
p { margin: 0 0 5pt; white-space: pre-wrap }
pre { margin: 0; white-space: pre-wrap; font: 8pt/1.6 "Noto Sans Mono CJK TC", "DejaVu Sans Mono", monospace }
table { border-collapse: collapse; margin: 0 0 10pt; font-size: 8pt; line-height: 1.5; inline-size: 100%% }
td { border: .4pt solid #b8b2a4; padding: 1.5pt 4pt; vertical-align: top; white-space: pre-wrap }
td.n { text-align: right; white-space: nowrap } tr:first-child td { font-weight: 600; background: #f1ede4 }
section + section { break-before: page }
"""


@dataclass(frozen=True, slots=True)
class Composed:
    """Escaped HTML, the paper it needs, and whether the file holds more than it says."""

    body: str
    paper: str = "A4"
    cut: bool = False


class NothingToLoad(URLFetcher):  # type: ignore[misc]  # WeasyPrint ships no types
    """Stops the typesetting at whatever it would load (the error is no Exception: the engine swallows those)."""

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:  # noqa: ARG002 -- the engine's signature
        raise FatalURLFetchingError(f"Nothing may be loaded: {url[:200]}")


def typeset(composed: Composed) -> bytes:
    """Return the content as a PDF."""
    style = _STYLE % {"paper": composed.paper}
    html = f'<!doctype html><html lang="zh-TW"><style>{style}</style>{composed.body}</html>'
    pdf: bytes = HTML(string=html, base_url=None, url_fetcher=NothingToLoad()).write_pdf()
    return pdf
