"""Store what the application itself made: hash while streaming, make it durable, then write the row."""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.core.files.storage import default_storage

from foundation.accounts.models import User
from foundation.files.inspection import media_type_of
from foundation.files.models import StoredFile, key_of
from foundation.files.names import safe_name
from foundation.files.storage import kept, make_folder


def store(chunks: Iterable[bytes], *, name: str, by: User | None) -> StoredFile:
    """Write `chunks` to a file of its own and return its row; on any failure neither stays."""
    file = StoredFile(name=safe_name(name), stored_by=by)
    file.key = key_of(file.id.hex)
    staged = Path(settings.STAGING_ROOT) / f"own-{uuid4().hex}"
    try:
        _write(file, chunks, staged)
        kept().keep(staged, file.key)
        file.save(force_insert=True)
    except BaseException:
        staged.unlink(missing_ok=True)
        default_storage.delete(file.key)
        raise
    return file


def _write(file: StoredFile, chunks: Iterable[bytes], staged: Path) -> None:
    make_folder(staged.parent)
    digest, file.size = hashlib.sha256(), 0
    with staged.open("xb") as written:
        for chunk in chunks:
            digest.update(chunk)
            file.size += len(chunk)
            written.write(chunk)
        written.flush()
        os.fsync(written.fileno())
    file.sha256, file.media_type = digest.hexdigest(), media_type_of(staged)
