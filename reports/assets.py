"""The only things a report may load: assets registered here by name. No file, no network, no data URL.

Texts are escaped before they reach the layout engine; this is the wall behind that one.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

_FOLDER: Path = settings.BASE_DIR / "templates" / "reports" / "document"
_STYLES = ("report.css", "draft.css", "fragments.css", "shell.css")
_FILES = {**dict.fromkeys(_STYLES, "text/css"), "draft.svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class Asset:
    media_type: str
    content: bytes


@cache
def registered() -> dict[str, Asset]:
    """URL → asset."""
    return {f"asset:{name}": Asset(kind, (_FOLDER / name).read_bytes()) for name, kind in _FILES.items()}


class AssetsOnly(URLFetcher):  # type: ignore[misc]  # WeasyPrint ships no types
    """Answers registered names, stops the rendering at anything else (the error is no Exception, on purpose:
    the layout engine swallows those).
    """

    def __init__(self) -> None:
        super().__init__(allowed_protocols={"asset"}, allow_redirects=False, fail_on_errors=True)

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:  # noqa: ARG002 -- the engine's signature
        """The registered asset; FatalURLFetchingError for every other URL."""
        asset = registered().get(url)
        if asset is None:
            raise FatalURLFetchingError(f"The report refers to {url[:200]}, which is not one of its own assets")
        return URLFetcherResponse(url, asset.content, {"Content-Type": asset.media_type})
