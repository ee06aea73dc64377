"""Microsoft's compound file (MS-CFB): a small file system, of which only the names of its streams are read."""

import struct
from collections.abc import Iterator
from typing import BinaryIO

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MOST_SECTORS = 1024  # of the directory: 4096 names or more
_IN_HEADER = 109  # places of the allocation table that the header itself lists


def stream_names(file: BinaryIO) -> set[str]:
    """Return the names in the directory; of a damaged file those that can be reached."""
    file.seek(0)
    header = file.read(512)
    if len(header) < 512 or not header.startswith(SIGNATURE):
        return set()
    (shift,) = struct.unpack_from("<H", header, 30)
    size = 1 << min(shift, 12)
    table = struct.unpack_from(f"<{_IN_HEADER}I", header, 76)
    return {name for sector in _chain(file, header, table, size) for name in _names(_sector(file, sector, size))}


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


def _names(sector: bytes) -> Iterator[str]:
    """Yield the names of the entries of 128 bytes; each holds its length in bytes with the closing zero."""
    for place in range(0, len(sector) - 127, 128):
        (length,) = struct.unpack_from("<H", sector, place + 64)
        yield sector[place : place + min(max(length - 2, 0), 64)].decode("utf-16-le", "replace")
