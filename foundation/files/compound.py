"""Microsoft's compound file (MS-CFB): a small file system, of which the directory and a few first bytes are read."""

import struct
from collections.abc import Iterator, Mapping
from typing import BinaryIO

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SHIFTS = frozenset({9, 12})  # sectors of 512 and of 4096 bytes; there are no others (MS-CFB, 2.2)
_MOST_SECTORS = 1024  # of the directory: 4096 names or more
_IN_HEADER = 109  # places of the allocation table that the header itself lists


_ENCRYPTED_PACKAGE = "EncryptedPackage"  # a newer document inside (MS-OFFCRYPTO)
_WORD, _WORD_ENCRYPTED = 0xA5EC, 0x0100  # a Word document's first two bytes, and a flag at its tenth (MS-DOC, 2.5.2)
_FILE_PASS = 0x002F  # the record that an encrypted workbook has after its first (MS-XLS, 2.4.117)
_RECORDS = 8
_LOOKED_INTO = frozenset({"WordDocument", "Workbook", "Book"})
_MACRO_FOLDERS = frozenset({"VBA", "_VBA_PROJECT_CUR", "Macros"})


def beginnings(file: BinaryIO) -> dict[str, bytes]:
    """Return the streams by name, with the first sector of those that are looked into; of a damaged file what can be
    reached, of another kind of file nothing.
    """
    file.seek(0)
    header = file.read(512)
    if len(header) < 512 or not header.startswith(SIGNATURE):
        return {}
    (shift,) = struct.unpack_from("<H", header, 30)
    if shift not in _SHIFTS:
        return {}
    size = 1 << shift
    table = struct.unpack_from(f"<{_IN_HEADER}I", header, 76)
    found = {}
    for sector in _chain(file, header, table, size):
        for name, start in _entries(_sector(file, sector, size)):
            found[name] = _sector(file, start, size) if name in _LOOKED_INTO else b""
    return found


def is_encrypted(streams: Mapping[str, bytes]) -> bool:
    """Whether the document inside, newer or older, opens with a password only."""
    word = streams.get("WordDocument", b"")[:12].ljust(12, b"\0")
    signature, flags = struct.unpack_from("<H8xH", word)
    sheets = streams.get("Workbook") or streams.get("Book") or b""
    is_word = signature == _WORD and bool(flags & _WORD_ENCRYPTED)
    return _ENCRYPTED_PACKAGE in streams or is_word or _FILE_PASS in _records(sheets)


def has_macros(streams: Mapping[str, bytes]) -> bool:
    """Whether it has the folders in which macros are."""
    return not _MACRO_FOLDERS.isdisjoint(streams)


def _records(sheets: bytes) -> Iterator[int]:
    """Yield the types of a workbook's first records: two bytes of type, two of length, and so many."""
    place = 0
    for _number in range(_RECORDS):
        if len(sheets) < place + 4:
            return
        kind, length = struct.unpack_from("<HH", sheets, place)
        yield kind
        place += 4 + length


def _chain(file: BinaryIO, header: bytes, table: tuple[int, ...], size: int) -> Iterator[int]:
    """Yield the directory's sectors, by the allocation table, at most so many: a chain may bite its tail."""
    (sector,) = struct.unpack_from("<I", header, 48)
    per_sector = size // 4
    for _step in range(_MOST_SECTORS):
        if sector // per_sector >= _IN_HEADER:
            return
        yield sector
        links = _sector(file, table[sector // per_sector], size)
        if len(links) < size:
            return
        (sector,) = struct.unpack_from("<I", links, sector % per_sector * 4)


def _sector(file: BinaryIO, number: int, size: int) -> bytes:
    file.seek((number + 1) * size)
    return file.read(size)


def _entries(sector: bytes) -> Iterator[tuple[str, int]]:
    """Yield name and first sector of each entry of 128 bytes; the name's length is in bytes, with its closing zero."""
    for place in range(0, len(sector) - 127, 128):
        length, start = struct.unpack_from("<H50xI", sector, place + 64)
        yield sector[place : place + min(max(length - 2, 0), 64)].decode("utf-16-le", "replace"), start
