"""The directory at the end of a ZIP, read entry by entry: what is packed is never unpacked, and little is in memory."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from foundation.files.promises import DOCM, DOCX, PPTM, PPTX, XLSM, XLSX, ZIP

_END, _END_64, _LOCATOR_64, _ENTRY = b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07", b"PK\x01\x02"
_END_REACH = 22 + 0xFFFF  # the end record, behind it a comment
_ENCRYPTED = 1
MOST_ENTRIES = 200_000
_OFFICE = {"xl/": (XLSX, XLSM), "word/": (DOCX, DOCM), "ppt/": (PPTX, PPTM)}


@dataclass(slots=True)
class Directory:
    """What the names and flags of a ZIP's entries tell. `whole`: every entry was read."""

    encrypted: bool = False
    macros: bool = False
    whole: bool = True
    folders: set[str] = field(default_factory=set)

    @property
    def media_type(self) -> str:
        """An Office document by its parts, else a ZIP."""
        plain, with_macros = next((kinds for folder, kinds in _OFFICE.items() if folder in self.folders), (ZIP, ZIP))
        return with_macros if self.macros else plain


def read_directory(file: BinaryIO) -> Directory | None:
    """Read the directory of a ZIP, wherever in the file the ZIP begins; None if there is none."""
    start = _find(file)
    if start is None:
        return None
    found = Directory()
    for number, (flags, name) in enumerate(_entries(file, start), start=1):
        found.encrypted |= bool(flags & _ENCRYPTED)
        found.macros |= name.endswith("vbaproject.bin") or "/macrosheets/" in name
        found.folders |= {folder for folder in _OFFICE if name.startswith(folder)}
        if number == MOST_ENTRIES:
            found.whole = False
            break
    return found


def _find(file: BinaryIO) -> int | None:
    """Where the directory starts, by the end record; None unless an entry (or for an empty ZIP the end) is there."""
    size = file.seek(0, 2)
    base = max(size - _END_REACH, 0)
    file.seek(base)
    tail = file.read(_END_REACH)
    place = tail.rfind(_END)
    if place < 0 or len(tail) < place + 22:
        return None
    length = int(struct.unpack_from("<I", tail, place + 12)[0])
    end, length = _end_64(file, base + place) or (base + place, length)
    start = end - length
    file.seek(max(start, 0))
    return start if start >= 0 and file.read(4) in {_ENTRY, _END, _END_64} else None


def _end_64(file: BinaryIO, end: int) -> tuple[int, int] | None:
    """Where the directory ends and how long it is, where the sizes need eight bytes."""
    file.seek(max(end - 20, 0))
    locator = file.read(20)
    if not locator.startswith(_LOCATOR_64):
        return None
    place = int(struct.unpack_from("<Q", locator, 8)[0])
    if place > end:
        return None
    file.seek(place)
    record = file.read(56)
    if len(record) < 56 or not record.startswith(_END_64):
        return None
    return place, int(struct.unpack_from("<Q", record, 40)[0])


def _entries(file: BinaryIO, start: int) -> Iterator[tuple[int, str]]:
    """Yield flags and lower-case name of each entry."""
    file.seek(start)
    while (header := file.read(46)).startswith(_ENTRY) and len(header) == 46:
        flags = struct.unpack_from("<H", header, 8)[0]
        name, extra, comment = struct.unpack_from("<HHH", header, 28)
        yield flags, file.read(name).decode("utf-8", "replace").lower()
        file.seek(extra + comment, 1)
