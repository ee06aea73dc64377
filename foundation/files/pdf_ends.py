"""What the ends of a PDF tell: whether it is whole, begins where it should, and opens without a password.

Nothing between the ends is interpreted, except the encryption's own dictionary (ISO 32000-2, 7.6).
"""

import mmap
import re
from contextlib import suppress
from typing import BinaryIO

from foundation.files.pdf_password import Encryption, opens_without_password

_END = 64 * 1024
_SEARCHED = 64 * 1024**2  # from either end, for the one object that is read
HEADER_REACH = 1024  # readers look for the header in so many bytes
_STARTXREF = re.compile(rb"startxref\s+(\d{1,12})")
_ENCRYPT = re.compile(rb"/Encrypt\s*(?:(\d{1,10})\s+(\d{1,5})\s+R|<<)")
_ID = re.compile(rb"/ID\s*\[\s*(?=[(<])")
_NUMBER = rb"/%s\s+(-?\d{1,10})"
_ESCAPES = {ord("n"): 10, ord("r"): 13, ord("t"): 9, ord("b"): 8, ord("f"): 12}


def begins_late(file: BinaryIO) -> bool:
    """Whether something else stands before the header, by which another program would take the file for another."""
    file.seek(0)
    head = file.read(HEADER_REACH)
    place = head.find(b"%PDF-")
    return place > 0 and head[:place].strip(b"\xef\xbb\xbf\0\t\n\f\r ") != b""


def ends_whole(file: BinaryIO) -> bool:
    """Whether the last mark is there; a file that was cut has lost it."""
    return b"%%EOF" in _tail(file)[-HEADER_REACH * 2 :]


def needs_password(file: BinaryIO) -> bool:
    """Whether it opens for nobody without a password. One that only forbids printing or copying opens for everybody."""
    trailer = _trailer(file)
    mark = _ENCRYPT.search(trailer)
    if mark is None:
        return False
    dictionary = trailer[mark.end() - 2 :] if mark[1] is None else _object(file, mark[1], mark[2])
    found = _encryption(dictionary, trailer)
    return found is None or not opens_without_password(found)


def _tail(file: BinaryIO) -> bytes:
    file.seek(max(file.seek(0, 2) - _END, 0))
    return file.read(_END)


def _trailer(file: BinaryIO) -> bytes:
    """The file's end, and what stands where it says that the last table of contents begins."""
    tail = _tail(file)
    places = _STARTXREF.findall(tail)
    if not places:
        return tail
    file.seek(int(places[-1]))
    return file.read(_END) + tail


def _object(file: BinaryIO, number: bytes, generation: bytes) -> bytes:
    """The beginning of an object, the last of that number; nothing if there is none in reach of either end."""
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as whole:
        for before in (b"\n", b"\r", b" "):
            mark = before + number + b" " + generation + b" obj"
            place = max(whole.rfind(mark, max(len(whole) - _SEARCHED, 0)), whole.rfind(mark, 0, _SEARCHED))
            if place >= 0:
                return whole[place : place + 4096]
    return b""


def _encryption(dictionary: bytes, trailer: bytes) -> Encryption | None:
    """Read the standard handler's dictionary; None for what isn't one: a public key's, or a damaged one."""
    numbers = {name: re.search(_NUMBER % name, dictionary) for name in (b"R", b"P", b"Length")}
    revision, permissions, length = (int(found[1]) if found else None for found in numbers.values())
    owner, user = (_string_at(dictionary, re.search(rb"/%s\s*(?=[(<])" % name, dictionary)) for name in (b"O", b"U"))
    if revision is None or permissions is None or b"/Standard" not in dictionary or len(user) < 32:
        return None
    return Encryption(
        revision=revision,
        permissions=permissions & 0xFFFFFFFF,
        key_bytes=16 if revision == 4 else min(max((length or 40) // 8, 5), 16),
        owner=owner,
        user=user,
        file_id=_string_at(trailer, _ID.search(trailer)),
        covers_metadata=re.search(rb"/EncryptMetadata\s+false", dictionary) is None,
    )


def _string_at(text: bytes, found: "re.Match[bytes] | None") -> bytes:
    """The string that begins where a match ends: <hexadecimal> or (literal)."""
    if found is None:
        return b""
    place = found.end()
    if text[place : place + 1] == b"(":
        return _literal(text, place + 1)
    with suppress(ValueError):
        return bytes.fromhex(text[place + 1 : text.find(b">", place)].decode("ascii", "replace"))
    return b""


def _literal(text: bytes, place: int) -> bytes:
    """Characters up to the parenthesis that closes the string, with what a backslash stands for."""
    found, depth = bytearray(), 1
    while place < len(text):
        character = text[place]
        if character == ord("\\"):
            value, place = _escaped(text, place + 1)
            found += value
            continue
        depth += (character == ord("(")) - (character == ord(")"))
        if not depth:
            break
        found.append(character)
        place += 1
    return bytes(found)


def _escaped(text: bytes, place: int) -> tuple[bytes, int]:
    """What stands behind a backslash, and the place after it: an octal number, a letter's meaning, or itself."""
    if octal := re.match(rb"[0-7]{1,3}", text[place : place + 3]):
        return bytes([int(octal[0], 8) & 0xFF]), place + len(octal[0])
    if text[place : place + 2] == b"\r\n":
        return b"", place + 2
    character = text[place : place + 1]
    if character in {b"\n", b"\r", b""}:
        return b"", place + 1
    return bytes([_ESCAPES.get(character[0], character[0])]), place + 1
