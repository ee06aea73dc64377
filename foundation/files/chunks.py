"""A part of a file as it is sent: what its headers say is judged before anything of it is read.

A chunk is the body of a PUT, `application/octet-stream`, with `Upload-Offset: <bytes before it>` and
`Content-Digest: sha-256=:<base64>:` (RFC 9530).
"""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from http import HTTPStatus

from django.http import HttpRequest, UnreadablePostError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.files.models import Upload
from foundation.files.refusals import BadChunk, OutOfStep

_CUT = gettext_lazy("The connection broke off; send this part again.")
_DIGEST = re.compile(r"(?:^|,)\s*sha-256=:([A-Za-z0-9+/]{43}=):")


@dataclass(frozen=True, slots=True)
class Chunk:
    """Bytes of a file that begin at `offset`, with their SHA-256 (32 bytes), which whoever made this has computed."""

    offset: int
    content: bytes
    digest: bytes

    @classmethod
    def of(cls, content: bytes, offset: int) -> "Chunk":
        """Hash bytes that are at hand."""
        return cls(offset, content, hashlib.sha256(content).digest())


@dataclass(frozen=True, slots=True)
class Announced:
    """What the headers say of the body: where it begins, how many bytes it has, their SHA-256."""

    offset: int
    length: int
    digest: bytes


def announced(request: HttpRequest, upload: Upload) -> Announced:
    """Return what a PUT announces, if it is the upload's next chunk; the body isn't touched."""
    if request.content_type != "application/octet-stream":
        raise BadChunk("application/octet-stream", HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    offset = _number(request.headers.get("Upload-Offset", ""))
    if offset is None:
        raise BadChunk("Upload-Offset")
    if upload.state != Upload.State.RECEIVING or offset != upload.received:
        raise OutOfStep(upload.received)
    return Announced(offset, _length(request, upload), _digest(request))


def _length(request: HttpRequest, upload: Upload) -> int:
    length = _number(request.META.get("CONTENT_LENGTH") or "")
    if length is None:
        raise BadChunk("Content-Length", HTTPStatus.LENGTH_REQUIRED)
    if length > upload.next_length:
        raise BadChunk(_("This part is larger than it may be."), HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    if length < upload.next_length:
        raise BadChunk(_("Only the last part of a file may be a short one."))
    return length


def _digest(request: HttpRequest) -> bytes:
    found = _DIGEST.search(request.headers.get("Content-Digest", ""))
    if not found:
        raise BadChunk("Content-Digest")
    try:
        return base64.b64decode(found[1], validate=True)
    except binascii.Error as error:
        raise BadChunk("Content-Digest") from error


def _number(text: str) -> int | None:
    return int(text) if re.fullmatch(r"[0-9]{1,19}", text) else None


def read_chunk(request: HttpRequest, said: Announced) -> Chunk:
    """Read the body into memory, in one go, which costs the server fewest copies; refused if cut off or damaged."""
    try:
        content = request.read(said.length)
    except UnreadablePostError as error:
        raise BadChunk(_CUT, HTTPStatus.BAD_REQUEST) from error
    if len(content) < said.length:
        raise BadChunk(_CUT, HTTPStatus.BAD_REQUEST)
    chunk = Chunk.of(content, said.offset)
    if chunk.digest != said.digest:
        raise BadChunk(_("A part of the file was damaged on its way; send it again."))
    return chunk
