"""What a file is by its content, and what about it must give pause: it is kept, but put in quarantine.

Nothing is unpacked, drawn or run: beginnings, ends and directories are read, a bounded part of a file of any size.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import magic

from foundation.files import antivirus, compound, pdf_ends, sealed_archives
from foundation.files.promises import PDF, PROGRAMS, ZIP, keeps_promise
from foundation.files.zip_directory import Directory, read_directory

_SNIFFED = 64 * 1024
_LONGEST = 100  # of a media type, as its column
_ZIP_START = b"PK\x03\x04"
_UNKNOWN = "application/octet-stream"

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Inspected:
    """What was found: the detected media type, and concerns as codes with a detail ("type:application/x-dosexec").

    concerns.py says what they mean.
    """

    media_type: str
    concerns: list[str] = field(default_factory=list)


def inspect(path: Path, name: str) -> Inspected:
    """Look at a whole file on this machine; `name` is what its sender called it."""
    with path.open("rb") as file:
        found = _looked_into(file, name)
    return Inspected(found.media_type, found.concerns + antivirus.scan(path))


def _looked_into(file: BinaryIO, name: str) -> Inspected:
    """Look, whatever the bytes are: those on which looking breaks down are a concern, never their sender's error."""
    detected, concerns = _UNKNOWN, list[str]()
    try:
        directory = read_directory(file)
        detected = _media_type(file, directory)
        concerns.extend(_concerns(file, name, detected, directory))  # what was found before it breaks down stays
    except Exception:
        logger.exception("Looking into a file broke down")
        concerns.append(f"unread:{detected}")
    return Inspected(detected, concerns)


def media_type_of(path: Path) -> str:
    """Return only what a file of our own making is."""
    with path.open("rb") as file:
        return _media_type(file, read_directory(file))


def _media_type(file: BinaryIO, directory: Directory | None) -> str:
    """What libmagic says of the beginning, and of a ZIP what its directory says."""
    file.seek(0)
    head = file.read(_SNIFFED)
    detected: str = magic.from_buffer(head, mime=True)
    if directory and head.startswith(_ZIP_START) and not detected.startswith("application/vnd.oasis"):
        return directory.media_type
    return detected[:_LONGEST]


def _concerns(file: BinaryIO, name: str, detected: str, directory: Directory | None) -> Iterator[str]:
    if not keeps_promise(name, detected):
        yield f"type:{detected}"
    if detected in PROGRAMS:
        yield f"program:{detected}"
    yield from _two_files_in_one(file, detected, directory)
    if directory:
        yield from _of_zip(directory, detected)
    if detected == PDF:
        yield from _of_pdf(file)
    yield from _of_others(file, detected)


def _two_files_in_one(file: BinaryIO, detected: str, directory: Directory | None) -> Iterator[str]:
    """What is one thing to the program that looks at its beginning, and another to one that looks elsewhere."""
    file.seek(0)
    if directory and not file.read(4).startswith(b"PK"):
        yield f"polyglot:{ZIP}"
    if pdf_ends.begins_late(file) and pdf_ends.ends_whole(file):
        yield f"polyglot:{PDF}"


def _of_zip(directory: Directory, detected: str) -> Iterator[str]:
    if directory.encrypted:
        yield f"encrypted:{detected}"
    if directory.macros:
        yield f"macro:{detected}"
    if not directory.whole:
        yield f"unread:{detected}"


def _of_pdf(file: BinaryIO) -> Iterator[str]:
    if not pdf_ends.ends_whole(file):
        yield f"damaged:{PDF}"
    if pdf_ends.needs_password(file):
        yield f"encrypted:{PDF}"


def _of_others(file: BinaryIO, detected: str) -> Iterator[str]:
    """Compound files and archives, each known by its own signature; a ZIP without its directory was cut."""
    streams = compound.beginnings(file)
    if compound.is_encrypted(streams) or sealed_archives.hides_names(file):
        yield f"encrypted:{detected}"
    if compound.has_macros(streams):
        yield f"macro:{detected}"
    file.seek(0)
    if file.read(4) == _ZIP_START and read_directory(file) is None:
        yield f"damaged:{detected}"
