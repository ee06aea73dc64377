"""Files that nobody should trust, made here, a few kilobytes each."""

import io
import struct
import sys
import zipfile
from pathlib import Path

import pikepdf
from openpyxl import Workbook

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000"
    "050001a5f645400000000049454e44ae426082"
)
JPEG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffdb004300") + bytes(64) + b"\xff\xd9"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><html><body><script>alert(1)</script></body></html>"
SHELL = b"#!/bin/sh\nrm -rf /\n"
PE = b"MZ\x90\0".ljust(60, b"\0") + struct.pack("<I", 64) + b"PE\0\0\x64\x86\x02\0".ljust(248, b"\0")
MACH_O = struct.pack("<IIIIIIII", 0xFEEDFACF, 0x01000007, 3, 2, 0, 0, 0, 0) + bytes(64)


def program() -> bytes:
    """The beginning of a real one: the interpreter that runs this."""
    with Path(sys.executable).resolve().open("rb") as file:
        return file.read(64 * 1024)


def xlsx() -> bytes:
    made = io.BytesIO()
    Workbook().save(made)
    return made.getvalue()


def zipped(*names: str, content: bytes = b"content") -> bytes:
    """A ZIP of such entries."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, content)
    return made.getvalue()


def document(folder: str, *more: str) -> bytes:
    """An Office document as far as its parts' names go: "word", "ppt", "xl"."""
    return zipped("[Content_Types].xml", f"{folder}/document.xml", *more)


def with_password(archive: bytes) -> bytes:
    """The same ZIP, its first entry marked as encrypted."""
    changed = bytearray(archive)
    place = archive.index(b"PK\x01\x02") + 8
    changed[place] |= 1
    return bytes(changed)


def crowded(entries: int) -> bytes:
    """A ZIP with so many entries in its directory, all of them the same."""
    entry = zipped("a")
    start, end = entry.index(b"PK\x01\x02"), entry.index(b"PK\x05\x06")
    directory = entry[start:end] * entries
    return entry[:start] + directory + struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 1, 1, len(directory), start, 0)


def compound(*names: str) -> bytes:
    """Microsoft's compound file with a header, one sector of its allocation table and one of its directory."""
    free, end, table = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    header = struct.pack("<8s16xHHHHH6xIIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, end, 0, end, 0, 0)  # fmt: skip
    header += struct.pack("<109I", *[free] * 108, free)
    header = header[:76] + struct.pack("<I", 0) + header[80:512]
    allocation = struct.pack("<128I", table, end, *[free] * 126)
    entries = b"".join(_entry(name, 5 if name == "Root Entry" else 2) for name in ("Root Entry", *names))
    return header + allocation + entries.ljust(512, b"\0") + bytes(4096)


def _entry(name: str, kind: int) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0"
    return struct.pack("<64sHBB", text, len(text), kind, 1) + struct.pack("<3I", *[0xFFFFFFFF] * 3) + bytes(48)


def pdf(*, password: str = "", revision: int = 0, **saved) -> bytes:
    """A PDF of one page; with a revision it is encrypted, with a password it opens for nobody without it."""
    made, document = io.BytesIO(), pikepdf.new()
    document.add_blank_page()
    if revision:
        aes = revision >= 4
        saved["encryption"] = pikepdf.Encryption(owner="owner's", user=password, R=revision, aes=aes, metadata=aes)
    document.save(made, **saved)
    return made.getvalue()


def seven_zip(*, encrypted: bool) -> bytes:
    """An archive of 7-Zip as far as its two headers go."""
    last = b"\x17\x06\x00" + (b"\x24\x06\xf1\x07\x01" if encrypted else b"\x23\x03\x01\x01") + bytes(16)
    return b"7z\xbc\xaf\x27\x1c\0\4" + struct.pack("<IQQI", 0, 8, len(last), 0) + b"contents" + last


def rar_4(*, archive_flags: int = 0, file_flags: int = 0) -> bytes:
    headers = struct.pack("<HBHH6x", 0, 0x73, archive_flags, 13) + struct.pack("<HBHH", 0, 0x74, file_flags, 40)
    return b"Rar!\x1a\x07\0" + headers + bytes(64)


def rar_5(*, encrypted: bool) -> bytes:
    return b"Rar!\x1a\x07\x01\0" + bytes(4) + bytes([0x21, 4 if encrypted else 1]) + bytes(64)
