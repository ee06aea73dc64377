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
from django.db import transaction
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
    with received([upload], by=by) as files:
        return files[0]


@contextmanager
def received(uploads: "Iterable[UploadedFile[bytes]]", *, by: User) -> Iterator[list[StoredFile]]:
    """Store uploads for the block that makes something of them; if one is refused or the block fails, none stays.

    All files are durable before the first row is written. The rows share a transaction with the block: a row, once
    there, is never taken back.
    """
    with _removed_on_failure() as files:
        for upload in uploads:
            files.append(_received(upload, by=by))
        with transaction.atomic():
            StoredFile.objects.bulk_create(files)
            yield files


def store(chunks: Iterable[bytes], *, name: str, by: User | None) -> StoredFile:
    """Write `chunks` to a file of its own and return its row; on any failure neither stays."""
    with _removed_on_failure() as files:
        files.append(_written(chunks, name=name, by=by))
        StoredFile.objects.bulk_create(files)
    return files[0]


@contextmanager
def _removed_on_failure() -> Iterator[list[StoredFile]]:
    """Yield a list; if the block fails, the bytes of the files put on it are removed."""
    files: list[StoredFile] = []
    try:
        yield files
    except BaseException:
        for file in files:
            _path(file).unlink(missing_ok=True)
        raise


def _path(file: StoredFile) -> Path:
    return Path(settings.EVIDENCE_ROOT) / file.key


def _received(upload: "UploadedFile[bytes]", *, by: User) -> StoredFile:
    if not upload.size:
        raise Refused(_("“%(name)s” is empty; nothing was stored.") % {"name": upload.name})
    if upload.size > settings.MAX_UPLOAD_BYTES:
        raise Refused(_("“%(name)s” is larger than this installation accepts.") % {"name": upload.name})
    return _written(upload.chunks(), name=upload.name or "", by=by)


def _written(chunks: Iterable[bytes], *, name: str, by: User | None) -> StoredFile:
    """Make the bytes durable; return their row, which isn't written yet."""
    file = StoredFile(name=safe_name(name), stored_by=by)
    file.key = f"{file.id.hex[:2]}/{file.id.hex}"
    with _durable(_path(file)) as (write, head):
        digest, size = hashlib.sha256(), 0
        for chunk in chunks:
            digest.update(chunk)
            size += len(chunk)
            write(chunk)
        file.size, file.sha256 = size, digest.hexdigest()
        file.media_type = _readable_type(file.name, bytes(head))
    return file


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
    _make_folder(path.parent)
    head = bytearray()
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{uuid4().hex}", delete=False) as temporary:
        partial = Path(temporary.name)
        try:
            yield _Writer(temporary.write, head), head
            temporary.flush()
            os.fsync(temporary.fileno())
            partial.replace(path)
            _sync(path.parent)
        except BaseException:
            for file in (partial, path):
                file.unlink(missing_ok=True)
            raise


def _make_folder(folder: Path) -> None:
    """Make a folder with those above it; each new name is synced in the folder that holds it."""
    missing = [place for place in (folder, *folder.parents) if not place.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for place in missing:
        _sync(place.parent)


def _sync(folder: Path) -> None:
    """Make a folder's names survive a loss of power: syncing a file doesn't sync its name."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class _Writer:
    """Writes through and keeps the first bytes, from which the type is told."""

    def __init__(self, write: Callable[[bytes], object], head: bytearray) -> None:
        self._write = write
        self._head = head

    def __call__(self, chunk: bytes) -> None:
        if len(self._head) < _SNIFFED:
            self._head += chunk[: _SNIFFED - len(self._head)]
        self._write(chunk)
