"""A file whose bytes are all here is looked at as a whole, kept under its key, and waits to be taken.

Hashing gigabytes, asking a virus scanner and filling a bucket take longer than a request may, and may fail: a job does
it (tasks.py). A file of one chunk is known already, its hash is the chunk's: on a disk it is kept at once.
"""

import hashlib
from dataclasses import dataclass

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from foundation.accounts.models import User
from foundation.files.inspection import Inspected, inspect
from foundation.files.models import CHUNK, Upload
from foundation.files.staging import discard, let_go, staged
from foundation.files.storage import kept
from foundation.jobs.actions import request_job
from foundation.jobs.models import Job

State = Upload.State
TASK = "files.check"
DAMAGED = gettext_noop("The file was damaged on the server's disk; send it again.")
LOST = gettext_noop("The file was lost on the server's disk; send it again.")
# What went wrong names servers and buckets: that is for the log and for operators, not for whoever sends.
UNCHECKED = gettext_noop(
    "The server couldn't check the file. Send it again; if that fails too, tell whoever operates it."
)


class Damaged(Exception):
    """The bytes on the disk aren't those that were received."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a file is as a whole: its SHA-256 in hexadecimal, and what inspecting it found."""

    sha256: str
    inspected: Inspected


def check_whole(upload: Upload, *, by: User) -> None:
    """Check an upload whose last chunk has come: at once, or by a job. Called with its row locked."""
    if upload.size <= CHUNK and not settings.CLAMD and kept().at_hand:
        _note(upload, Found(bytes(upload.digests).hex(), inspect(staged(upload), upload.name)))
        _keep(upload)
    else:
        upload.state = State.CHECKING
        request_job(TASK, {"upload": str(upload.pk)}, by=by, key=_job_key(upload))


def settle(upload: Upload) -> None:
    """Check an upload from a job. Run again after a crash at any point, it ends as it would have ended.

    The findings are written before the bytes are moved, so that whoever finds them moved knows what they are.
    """
    if upload.state != State.CHECKING:
        return
    if staged(upload).exists():
        try:
            found = _look_through(upload)
        except Damaged:
            refuse(upload, DAMAGED)
            return
        _note(upload, found)
        upload.save(update_fields=["sha256", "media_type", "concerns", "touched_at"])
    _settle(upload)


@transaction.atomic
def _settle(upload: Upload) -> None:
    """Keep the bytes and say so, one attempt at a time."""
    current = Upload.objects.select_for_update().filter(pk=upload.pk, state=State.CHECKING).first()
    if current is None:
        return
    if staged(current).exists():
        _keep(current)
    elif current.sha256 and default_storage.exists(current.key):
        current.state = State.READY
    else:
        current.state, current.cause = State.REFUSED, LOST
    current.save(update_fields=["state", "cause", "touched_at"])


def refuse(upload: Upload, cause: str) -> None:
    """End an upload that came to nothing: its sender reads the cause, the bytes go."""
    refused = Upload.objects.filter(pk=upload.pk, state=State.CHECKING).update(state=State.REFUSED, cause=cause)
    if refused:
        discard(upload)


def failure(upload: Upload) -> str:
    """What to say of an upload whose check gave up; "" if it didn't. A dead worker tells nobody else."""
    failed = Job.objects.filter(key=_job_key(upload), state=Job.State.FAILED).exists()
    return _(UNCHECKED) if failed else ""


def _look_through(upload: Upload) -> Found:
    """Read the whole once, a chunk at a time, and compare each with what was received."""
    whole, received = hashlib.sha256(), bytes(upload.digests)
    with staged(upload).open("rb") as file:
        for place in range(0, len(received), 32):
            chunk = file.read(CHUNK)
            if hashlib.sha256(chunk).digest() != received[place : place + 32]:
                raise Damaged
            whole.update(chunk)
            let_go(file.fileno(), 0, file.tell())  # leave others their place in memory
        if file.read(1):
            raise Damaged
    return Found(whole.hexdigest(), inspect(staged(upload), upload.name))


def _note(upload: Upload, found: Found) -> None:
    upload.sha256 = found.sha256
    upload.media_type, upload.concerns = found.inspected.media_type, found.inspected.concerns


def _keep(upload: Upload) -> None:
    kept().keep(staged(upload), upload.key)
    upload.state = State.READY


def _job_key(upload: Upload) -> str:
    return f"{TASK}:{upload.pk}"
