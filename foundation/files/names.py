"""File names from outside: shown and sent back, never used as a path."""

import unicodedata

_LONGEST = 200
_MOST_BYTES = 240  # file systems take 255 bytes of UTF-8 for a name; a few are left for what unpacking adds
_FORBIDDEN = '<>:"|?*'
_DEVICES = {"CON", "PRN", "AUX", "NUL", *(f"{port}{n}" for port in ("COM", "LPT") for n in range(1, 10))}


def safe_name(raw: str) -> str:
    """Return the last path part without control characters, at most 200 characters with the suffix kept."""
    last = raw.replace("\\", "/").rsplit("/", maxsplit=1)[-1]
    printable = "".join(character for character in last if unicodedata.category(character)[0] != "C").strip(" .")
    stem, dot, suffix = printable.rpartition(".")
    if len(printable) > _LONGEST and dot and len(suffix) < 10:
        return f"{stem[: _LONGEST - len(suffix) - 1]}.{suffix}"
    return printable[:_LONGEST] or "unnamed"


def portable_name(name: str) -> str:
    """Return a name that every common file system takes, for files that are unpacked elsewhere."""
    plain = "".join("_" if character in _FORBIDDEN else character for character in safe_name(name))
    return _cut(f"_{plain}" if plain.split(".", maxsplit=1)[0].upper() in _DEVICES else plain)


def _cut(name: str) -> str:
    """Cut a name to `_MOST_BYTES`, between characters; a suffix is kept."""
    _stem, dot, suffix = name.rpartition(".")
    kept = f".{suffix}".encode() if dot and len(suffix) < 10 else b""
    whole = name.encode()
    if len(whole) <= _MOST_BYTES:
        return name
    return (whole[: _MOST_BYTES - len(kept)] + kept).decode(errors="ignore")
