"""What kinds of files can be shown as pages, told from the detected type and the name."""

from pathlib import Path

_OFFICE = "application/vnd.openxmlformats-officedocument"
_PICTURES = frozenset(f"image/{name}" for name in ("png", "jpeg", "gif", "webp", "tiff", "bmp", "x-ms-bmp"))
_BY_TYPE = {
    "application/pdf": "pdf",
    f"{_OFFICE}.spreadsheetml.sheet": "xlsx",
    f"{_OFFICE}.wordprocessingml.document": "docx",
    **dict.fromkeys(_PICTURES, "picture"),
}
# By the name, where the content doesn't tell: containers of another kind, and text in an old character set.
_ZIPPED = {".xlsx": "xlsx", ".docx": "docx"}
_TABLES = frozenset({".csv", ".tsv"})
_TEXTS = frozenset({".txt", ".log", ".md", ".json", ".ini", ".conf", ".cfg", ".yaml", ".yml", ".sql"})
_MARKUP = frozenset({".html", ".htm", ".xhtml", ".svg", ".xml", ".mht"})  # a browser's language: never shown
_VAGUE = frozenset({"application/octet-stream", "application/json", "application/csv", "application/x-ndjson"})

# What a preview typesets anew from the content; the others are shown as they look.
TYPESET = frozenset({"text", "table", "xlsx", "docx"})


def kind_of(media_type: str, name: str) -> str | None:
    """Return "pdf", "picture", "xlsx", "docx", "table" or "text"; None: there is no preview of this."""
    suffix = Path(name).suffix.lower()
    if media_type in _BY_TYPE:
        return _BY_TYPE[media_type]
    if media_type == "application/zip":
        return _ZIPPED.get(suffix)
    return _textual(media_type, suffix)


def _textual(media_type: str, suffix: str) -> str | None:
    """Tell tables and texts. A log of web requests looks like HTML; markup that calls itself so is none."""
    is_text = media_type.startswith("text/")
    if suffix in _TABLES | _TEXTS and (is_text or media_type in _VAGUE):
        return "table" if suffix in _TABLES else "text"
    is_markup = suffix in _MARKUP or media_type in {"text/html", "text/xml"}
    return "text" if is_text and not is_markup else None
