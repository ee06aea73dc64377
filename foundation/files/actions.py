"""Receive bytes: hash while streaming, make them durable, then write the row."""

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import magic
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from foundation.accounts.models import User
from foundation.files.models import StoredFile
from foundation.files.names import safe_name
from foundation.web.refusals import Refused

_SNIFFED = 64 * 1024

# What a name promises, where the content can be told for certain.
PROMISES = {
    ".pdf": {"application/pdf"},
    ".png": {"image/png"},
    ".jpg": {"image/jpeg"},
    ".jpeg": {"image/jpeg"},
    ".xlsx": {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "application/zip"},
    ".docx": {"application/vnd.openxmlformats-officedocument.wordprocessingml.document", "application/zip"},
}


def receive(upload: "UploadedFile[bytes]", *, by: User) -> StoredFile:
    """Store an uploaded file. Refused when empty, too large, or not what its name promises."""
    if not upload.size:
        raise Refused(_("“%(name)s” is empty; nothing was stored.") % {"name": upload.name})
    if upload.size > settings.MAX_UPLOAD_BYTES:
        raise Refused(_("“%(name)s” is larger than this installation accepts.") % {"name": upload.name})
    return store(upload.chunks(), name=upload.name or "", by=by)


@contextmanager
def received(uploads: "Iterable[UploadedFile[bytes]]", *, by: User) -> Iterator[list[StoredFile]]:
    """Store uploads for the block that makes something of them; if one is refused or the block fails, none stays."""
    stored: list[StoredFile] = []
    try:
        for upload in uploads:
            stored.append(receive(upload, by=by))  # noqa: PERF401 -- one by one: what was stored before a refusal is known
        yield stored
    except BaseException:
        for file in stored:
            file.delete()
            (Path(settings.EVIDENCE_ROOT) / file.key).unlink(missing_ok=True)
        raise


def store(chunks: Iterable[bytes], *, name: str, by: User | None) -> StoredFile:
    """Write `chunks` to a file of its own and return its row; on any failure neither stays."""
    name = safe_name(name)
    stored = StoredFile(name=name, stored_by=by)
    stored.key = f"{stored.id.hex[:2]}/{stored.id.hex}"
    path = Path(settings.EVIDENCE_ROOT) / stored.key
    with _durable(path) as (write, head):
        digest, size = hashlib.sha256(), 0
        for chunk in chunks:
            digest.update(chunk)
            size += len(chunk)
            write(chunk)
        stored.size, stored.sha256 = size, digest.hexdigest()
        stored.media_type = _readable_type(name, bytes(head))
    try:
        stored.save(force_insert=True)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return stored


def _readable_type(name: str, head: bytes) -> str:
    """Return the detected media type; refuse a file that isn't what its name promises (cut, renamed, damaged)."""
    detected = magic.from_buffer(head, mime=True)
    promised = PROMISES.get(Path(name).suffix.lower())
    if promised and detected not in promised:
        raise Refused(
            _("“%(name)s” can't be read as what its name says; it may be damaged. Nothing was stored.") % {"name": name}
        )
    return detected


@contextmanager
def _durable(path: Path) -> Iterator[tuple["_Writer", bytearray]]:
    """Yield a writer to a temporary file that becomes `path`, synced, when the block ends well; else it is removed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    head = bytearray()
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{uuid4().hex}", delete=False) as temporary:
        partial = Path(temporary.name)
        try:
            yield _Writer(temporary.write, head), head
            temporary.flush()
            os.fsync(temporary.fileno())
            partial.replace(path)
        except BaseException:
            partial.unlink(missing_ok=True)
            raise


class _Writer:
    """Writes through and keeps the first bytes, from which the type is told."""

    def __init__(self, write: Callable[[bytes], object], head: bytearray) -> None:
        self._write = write
        self._head = head

    def __call__(self, chunk: bytes) -> None:
        if len(self._head) < _SNIFFED:
            self._head += chunk[: _SNIFFED - len(self._head)]
        self._write(chunk)
