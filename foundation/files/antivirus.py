"""The virus scanner: clamd, by its INSTREAM command, over TCP or a socket on this machine."""

import socket
import struct
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

_PIECE = 256 * 1024
_CONNECT_SECONDS, _ANSWER_SECONDS = 5, 120
_LONGEST = 200  # of what is kept of its answer
_BEYOND_LIMITS = "Heuristics.Limits.Exceeded"  # its own word for what it didn't look at, if AlertExceedsMax is set


class Unanswered(Exception):
    """The scanner is away, gave up, or said something else than a verdict; the text says what."""


def scan(path: Path) -> list[str]:
    """Return the concerns that the scanner has, none where none is configured.

    Without an answer the file isn't passed as clean: "unscanned" puts it in quarantine like a finding.
    """
    if not settings.CLAMD:
        return []
    try:
        found = ask(settings.CLAMD, path)
    except (OSError, Unanswered) as error:
        return [f"unscanned:{error}"[:_LONGEST]]
    return [f"virus:{found}"[:_LONGEST]] if found else []


def ask(address: str, path: Path) -> str:
    """Send a file, a piece at a time, and return the signature that it matches, or "". Raises OSError, Unanswered."""
    with _connected(address) as clamd, path.open("rb") as file:
        clamd.settimeout(_ANSWER_SECONDS)
        try:
            clamd.sendall(b"zINSTREAM\0")
            while piece := file.read(_PIECE):
                clamd.sendall(struct.pack(">I", len(piece)) + piece)
            clamd.sendall(struct.pack(">I", 0))
        except (BrokenPipeError, ConnectionResetError):
            # It hung up before the end, and may have said why: a file beyond its StreamMaxLength.
            return _verdict(_answer(clamd))
        return _verdict(_answer(clamd))


def _connected(address: str) -> socket.socket:
    parts = urlsplit(address)
    if parts.scheme == "tcp":
        return socket.create_connection((parts.hostname or "", parts.port or 3310), timeout=_CONNECT_SECONDS)
    clamd = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    clamd.settimeout(_CONNECT_SECONDS)
    try:
        clamd.connect(parts.path)
    except OSError:
        clamd.close()
        raise
    return clamd


def _answer(clamd: socket.socket) -> str:
    said = b""
    while not said.endswith(b"\0") and len(said) < 4096 and (piece := clamd.recv(4096)):
        said += piece
    return said.rstrip(b"\0").decode("utf-8", "replace")


def _verdict(answer: str) -> str:
    """stream: OK, or stream: Eicar FOUND; anything else is no verdict."""
    text = answer.removeprefix("stream: ")
    if text == "OK":
        return ""
    if text.endswith(" FOUND") and not text.startswith(_BEYOND_LIMITS):
        return text.removesuffix(" FOUND")
    raise Unanswered(text or "no answer")
