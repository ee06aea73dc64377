"""The bytes of an upload until they are kept: one file that grows chunk by chunk, each synced before it counts."""

import os
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage

from foundation.files.chunks import Chunk
from foundation.files.models import Upload
from foundation.files.storage import make_folder, sync


def staged(upload: Upload) -> Path:
    """Where the bytes of an upload are until they are whole."""
    return Path(settings.STAGING_ROOT) / upload.id.hex


def write(upload: Upload, chunk: Chunk) -> None:
    """Put a chunk in its place; it survives a loss of power when this returns.

    What an attempt that was cut off left there is written over. Bytes that got lost stay a hole, which the check finds.
    """
    place = staged(upload)
    make_folder(place.parent)
    descriptor = os.open(place, os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        _write_at(descriptor, memoryview(chunk.content), chunk.offset)
        os.fsync(descriptor)
        # Nobody reads it soon; and what the check reads must come from the disk, not from a memory of it.
        let_go(descriptor, chunk.offset, len(chunk.content))
    finally:
        os.close(descriptor)
    if chunk.offset == 0:
        sync(place.parent)


def let_go(descriptor: int, offset: int, length: int) -> None:
    """Tell the system that it needn't remember these bytes, where systems can be told (macOS can't)."""
    if hasattr(os, "posix_fadvise"):
        os.posix_fadvise(descriptor, offset, length, os.POSIX_FADV_DONTNEED)


def _write_at(descriptor: int, content: memoryview, offset: int) -> None:
    """The system may take less than it is given, of which the last write before a full disk is an example."""
    while content:
        written = os.pwrite(descriptor, content, offset)
        content, offset = content[written:], offset + written


def discard(upload: Upload) -> None:
    """Remove the bytes, wherever they are by now."""
    staged(upload).unlink(missing_ok=True)
    default_storage.delete(upload.key)
