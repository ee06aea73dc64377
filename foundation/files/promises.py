"""What a file's name promises about its content, where the content can be told for certain."""

from pathlib import Path

_OOXML = "application/vnd.openxmlformats-officedocument"
XLSX = f"{_OOXML}.spreadsheetml.sheet"
DOCX = f"{_OOXML}.wordprocessingml.document"
PPTX = f"{_OOXML}.presentationml.presentation"
XLSM = "application/vnd.ms-excel.sheet.macroEnabled.12"
DOCM = "application/vnd.ms-word.document.macroEnabled.12"
PPTM = "application/vnd.ms-powerpoint.presentation.macroEnabled.12"
ZIP = "application/zip"
PDF = "application/pdf"

# Microsoft's compound file: its older documents, its mails, and the envelope of an encrypted new document.
COMPOUND = frozenset({"application/CDFV2", "application/encrypted", "application/x-ole-storage"})
PROGRAMS = frozenset(
    {
        "application/x-dosexec",
        "application/vnd.microsoft.portable-executable",
        "application/x-msdownload",
        "application/x-executable",
        "application/x-pie-executable",
        "application/x-sharedlib",
        "application/x-mach-binary",
        "application/x-msi",
    }
)
# Text that something runs or draws: not what a .txt or .csv is sent for.
_LIVELY = frozenset(
    {"text/html", "image/svg+xml", "text/x-shellscript", "text/x-msdos-batch", "text/x-php", "text/vbscript"}
)
_STRUCTURED = frozenset({"application/json", "application/xml", "application/x-ndjson", "message/rfc822"})

_PLAIN = {".txt", ".csv", ".tsv", ".log", ".md"}
_TEXT = {
    ".json",
    ".xml",
    ".html",
    ".htm",
    ".svg",
    ".eml",
    ".ini",
    ".cfg",
    ".conf",
    ".yaml",
    ".yml",
    ".sql",
    ".sh",
    ".ps1",
}
_EXACTLY: dict[str, frozenset[str]] = {
    ".pdf": frozenset({PDF}),
    ".png": frozenset({"image/png"}),
    ".jpg": frozenset({"image/jpeg"}),
    ".jpeg": frozenset({"image/jpeg"}),
    ".gif": frozenset({"image/gif"}),
    ".webp": frozenset({"image/webp"}),
    ".tif": frozenset({"image/tiff"}),
    ".tiff": frozenset({"image/tiff"}),
    ".bmp": frozenset({"image/bmp", "image/x-ms-bmp"}),
    ".heic": frozenset({"image/heic", "image/heif"}),
    ".xlsx": frozenset({XLSX}),
    ".docx": frozenset({DOCX}),
    ".pptx": frozenset({PPTX}),
    ".xlsm": frozenset({XLSM, XLSX}),
    ".docm": frozenset({DOCM, DOCX}),
    ".pptm": frozenset({PPTM, PPTX}),
    ".xls": COMPOUND | {"application/vnd.ms-excel", "application/vnd.ms-office"},
    ".doc": COMPOUND | {"application/msword", "application/vnd.ms-office"},
    ".ppt": COMPOUND | {"application/vnd.ms-powerpoint", "application/vnd.ms-office"},
    ".msg": COMPOUND | {"application/vnd.ms-outlook", "application/vnd.ms-office"},
    ".rtf": frozenset({"text/rtf", "application/rtf"}),
    ".odt": frozenset({"application/vnd.oasis.opendocument.text"}),
    ".ods": frozenset({"application/vnd.oasis.opendocument.spreadsheet"}),
    ".zip": frozenset({ZIP}),
    ".7z": frozenset({"application/x-7z-compressed"}),
    ".rar": frozenset({"application/x-rar", "application/vnd.rar", "application/x-rar-compressed"}),
    ".gz": frozenset({"application/gzip", "application/x-gzip"}),
    ".tar": frozenset({"application/x-tar"}),
    ".mp4": frozenset({"video/mp4", "video/x-m4v", "audio/mp4"}),
    ".mov": frozenset({"video/quicktime"}),
}


def keeps_promise(name: str, media_type: str) -> bool:
    """Whether the content is of a kind that the name may stand for; a suffix that we don't know promises nothing."""
    suffix = Path(name).suffix.lower()
    if suffix in _EXACTLY:
        return media_type in _EXACTLY[suffix]
    if suffix in _PLAIN:
        return _is_text(media_type) and media_type not in _LIVELY
    return suffix not in _TEXT or _is_text(media_type)


def _is_text(media_type: str) -> bool:
    return media_type.startswith("text/") or media_type in _STRUCTURED | _LIVELY
