"""Whether a 7z or RAR archive hides even its names, told from its first or last header."""

import struct
from typing import BinaryIO

SEVEN_ZIP = b"7z\xbc\xaf\x27\x1c"
RAR_4, RAR_5 = b"Rar!\x1a\x07\x00", b"Rar!\x1a\x07\x01\x00"
_AES = b"\x06\xf1\x07\x01"  # 7-Zip's number of its encryption
_MOST = 1024**2
_RAR_5_ENCRYPTION = 4
_RAR_4_PASSWORD, _RAR_4_FILE_PASSWORD = 0x80, 0x04


def hides_names(file: BinaryIO) -> bool:
    """Whether it says that it is encrypted; 7z may also keep that to a header that is packed itself."""
    file.seek(0)
    head = file.read(64)
    if head.startswith(SEVEN_ZIP):
        return _seven_zip(file, head)
    if head.startswith(RAR_5):
        return len(head) > 13 and head[_after_vint(head, 12)] == _RAR_5_ENCRYPTION
    return head.startswith(RAR_4) and _rar_4(head)


def _seven_zip(file: BinaryIO, head: bytes) -> bool:
    """The last header stands where the first says; it names what its content goes through."""
    if len(head) < 32:
        return False
    place, size = struct.unpack_from("<QQ", head, 12)
    if place > file.seek(0, 2):
        return False
    file.seek(32 + place)
    return _AES in file.read(min(size, _MOST))


def _after_vint(head: bytes, place: int) -> int:
    """The place after a number of which each byte but the last has its highest bit set."""
    while place < len(head) - 1 and head[place] & 0x80:
        place += 1
    return min(place + 1, len(head) - 1)


def _rar_4(head: bytes) -> bool:
    """The archive's own header, then that of its first file: two bytes of checksum, one of type, two of flags."""
    if len(head) < 25:
        return False
    archive, first = (struct.unpack_from("<H", head, place)[0] for place in (10, 23))
    return bool(archive & _RAR_4_PASSWORD or first & _RAR_4_FILE_PASSWORD)
