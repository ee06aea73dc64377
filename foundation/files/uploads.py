"""A file comes in: begun with its name and size, received in chunks, checked, and taken for what it was sent for."""

import hashlib
import os
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.models import User
from foundation.files.inspection import inspect
from foundation.files.models import CHUNK, StoredFile, Upload
from foundation.files.names import safe_name
from foundation.files.storage import kept, make_folder
from foundation.web.refusals import Refused

State = Upload.State


def staged(upload: Upload) -> Path:
    """Where the bytes of an upload are until they are whole."""
    return Path(settings.STAGING_ROOT) / upload.id.hex


def begin(*, name: str, size: int, scope: UUID, by: User) -> Upload:
    """Open an upload of `size` bytes. Refused when empty or larger than this installation accepts."""
    if size <= 0:
        raise Refused(_("“%(name)s” is empty; nothing was stored.") % {"name": name})
    if size > settings.MAX_UPLOAD_BYTES:
        raise Refused(_("“%(name)s” is larger than this installation accepts.") % {"name": name})
    return Upload.objects.create(name=safe_name(name), size=size, scope=scope, by=by)


def send(content: bytes, *, name: str, scope: UUID, by: User) -> Upload:
    """Receive a file that is at hand as a whole, in chunks like any other."""
    upload = begin(name=name, size=len(content), scope=scope, by=by)
    for offset in range(0, len(content), CHUNK):
        chunk = content[offset : offset + CHUNK]
        upload = append(upload, chunk, offset=offset, sha256=hashlib.sha256(chunk).hexdigest())
    return upload


@transaction.atomic
def append(upload: Upload, chunk: bytes, *, offset: int, sha256: str) -> Upload:
    """Write the chunk that begins at `offset`, if it is the next and its hash is what its sender says."""
    current = Upload.objects.select_for_update().get(pk=upload.pk)
    if current.state != State.RECEIVING or offset != current.received:
        raise Refused(_("This part was received already."))
    digest = hashlib.sha256(chunk)
    if digest.hexdigest() != sha256:
        raise Refused(_("A part of the file was damaged on its way; send it again."))
    place = staged(current)
    make_folder(place.parent)
    with place.open("r+b" if offset else "wb") as file:
        file.seek(offset)
        file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    current.received += len(chunk)
    current.digests = bytes(current.digests) + digest.digest()
    current.save(update_fields=["received", "digests", "touched_at"])
    if current.received == current.size:
        check(current)
    return current


def check(upload: Upload) -> None:
    """Hash the whole, compare every chunk with what was received, inspect it, and keep it under its key."""
    place, whole = staged(upload), hashlib.sha256()
    digests = b""
    with place.open("rb") as file:
        while chunk := file.read(CHUNK):
            whole.update(chunk)
            digests += hashlib.sha256(chunk).digest()
    if digests != bytes(upload.digests):
        raise Refused(_("The file was damaged; send it again."))
    found = inspect(place, upload.name)
    kept().keep(place, upload.key)
    upload.sha256, upload.media_type, upload.concerns = whole.hexdigest(), found.media_type, found.concerns
    upload.state = State.READY
    upload.save(update_fields=["sha256", "media_type", "concerns", "state", "touched_at"])


def take(uploads: "list[Upload]") -> list[StoredFile]:
    """Make stored files of ready uploads, inside the transaction of what they are for; all of them or none."""
    files = [_taken(upload) for upload in uploads]
    StoredFile.objects.bulk_create(files)
    return files


def _taken(upload: Upload) -> StoredFile:
    current = Upload.objects.select_for_update().filter(pk=upload.pk, state=State.READY).first()
    if current is None:
        raise Refused(_("“%(name)s” isn't received whole yet, or was handed in already.") % {"name": upload.name})
    file = StoredFile(id=current.id, name=current.name, size=current.size, sha256=current.sha256, key=current.key)
    file.media_type, file.concerns, file.stored_by = current.media_type, current.concerns, current.by
    current.delete()
    return file
