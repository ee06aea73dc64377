"""A file comes in: begun with its name and size, received in chunks, checked, and taken for what it was sent for."""

from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from foundation.accounts.models import User
from foundation.files.checking import check_whole, settle
from foundation.files.chunks import Chunk
from foundation.files.models import CHUNK, StoredFile, Upload
from foundation.files.names import safe_name
from foundation.files.refusals import BadChunk, NoRoom, OutOfStep, TooLarge
from foundation.files.room import check_room, full_disks_refused
from foundation.files.staging import discard, write
from foundation.web.refusals import Refused

State = Upload.State
_BY_A_CHUNK = ("received", "digests", "state", "sha256", "media_type", "concerns", "touched_at")  # what one may change


def begin(*, name: str, size: int, scope: UUID, by: User) -> Upload:
    """Open an upload of `size` bytes. Refused when empty, too large for this installation or for the room it has."""
    name = safe_name(name)
    if size <= 0:
        raise Refused(_("“%(name)s” is empty; nothing was stored.") % {"name": name})
    if size > settings.MAX_UPLOAD_BYTES:
        raise TooLarge(_("“%(name)s” is larger than this installation accepts.") % {"name": name})
    check_room(size)
    return Upload.objects.create(name=name, size=size, scope=scope, by=by)


def send(content: bytes, *, name: str, scope: UUID, by: User) -> Upload:
    """Receive a file that is at hand as a whole, in chunks like any other; no worker need be there to check it."""
    upload = begin(name=name, size=len(content), scope=scope, by=by)
    for offset in range(0, len(content), CHUNK):
        upload = append(upload, Chunk.of(content[offset : offset + CHUNK], offset))
    settle(upload)
    upload.refresh_from_db()
    return upload


def append(upload: Upload, chunk: Chunk) -> Upload:
    """Write a chunk if it is the next one. When the disk is full, the upload and its bytes go: nothing half stays."""
    try:
        with full_disks_refused():
            return _append(upload, chunk)
    except NoRoom:
        abandon(upload)
        raise


@transaction.atomic
def _append(upload: Upload, chunk: Chunk) -> Upload:
    """First the bytes are durable, then the row counts them."""
    current = Upload.objects.select_for_update().select_related("by").filter(pk=upload.pk).first()
    if current is None or current.state != State.RECEIVING or chunk.offset != current.received:
        raise OutOfStep(current.received if current else 0)
    if len(chunk.content) != current.next_length:
        raise BadChunk(_("Only the last part of a file may be a short one."))
    check_room(len(chunk.content))
    write(current, chunk)
    current.received += len(chunk.content)
    current.digests = bytes(current.digests) + chunk.digest
    if current.received == current.size:
        check_whole(current, by=current.by)
    current.save(update_fields=_BY_A_CHUNK)
    return current


def abandon(upload: Upload) -> None:
    """End an upload at its sender's wish, with its bytes; one that was taken meanwhile stays taken."""
    drop(Upload.objects.filter(pk=upload.pk), upload)


def drop(rows: QuerySet[Upload], upload: Upload) -> None:
    """Delete the row, if it is still among `rows`, then the bytes: what a crash leaves between is reaped."""
    if rows.filter(pk=upload.pk).delete()[0]:
        discard(upload)


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
