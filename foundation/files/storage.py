"""Where stored bytes are kept: behind Django's storage API, with what evidence needs beyond it."""

import errno
import hashlib
import os
import shutil
from datetime import date
from pathlib import Path
from typing import Any, Protocol, cast
from uuid import uuid4

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, default_storage

# From the moment they are kept: nobody, this application included, has a reason to write them again. A file is
# still removed by who may write its folder, so that bytes without a row can be reaped.
READ_ONLY = 0o400
_BLOCK = 1024**2


class Keeping(Protocol):
    """What a storage of ours can do beside opening, deleting, listing and telling when a file was written."""

    lock: str
    """What `seal` holds by, for the record: "read-only" on a disk, GOVERNANCE or COMPLIANCE in a bucket, or "none"."""

    at_hand: bool
    """Whether keeping is a matter of this machine alone, which a request may wait for."""

    def keep(self, staged: Path, key: str) -> None:
        """Move a staged file (written and synced) under its key; it survives a loss of power when this returns.

        Raises OSError, and FileExistsError where the key holds other bytes: nothing is ever written over. The staged
        file is still there then, to be tried again. Where the key holds the same bytes, an attempt before this one
        had got so far: that is no error.
        """

    def seal(self, key: str, until: date) -> None:
        """Let nobody change or delete the bytes before that day. Safe to repeat; FileNotFoundError if they are gone."""

    def faults(self) -> list[str]:
        """Say what of this storage doesn't hold what evidence needs, one sentence each."""


def kept() -> Keeping:
    """Return the installation's storage."""
    return cast(Keeping, default_storage)


class LocalStorage(FileSystemStorage):
    """A folder on this machine's disk."""

    lock = "read-only"
    at_hand = True

    def keep(self, staged: Path, key: str) -> None:
        """Rename the file to its place and sync the folder that names it."""
        place = Path(self.path(key))
        if place.exists():
            _keep_again(staged, place)
            return
        make_folder(place.parent)
        _move(staged, place)
        try:
            sync(place.parent)
        except BaseException:
            _move(place, staged)
            raise

    def seal(self, key: str, until: date) -> None:  # noqa: ARG002 -- a disk knows no day
        """Take away the right to write once more: a restored copy may have it."""
        Path(self.path(key)).chmod(READ_ONLY)

    def faults(self) -> list[str]:
        """None: that a disk can't seal against its own administrator is said in docs/operations.md."""
        return []

    def open(self, name: str, mode: str = "rb") -> "File[Any]":
        """Open for reading, whatever this process may do on the system."""
        check_mode(name, mode)
        return super().open(name, mode)


def check_mode(name: str, mode: str) -> None:
    """Refuse to open stored bytes for anything but reading."""
    if mode != "rb":
        raise PermissionError(errno.EACCES, "Stored bytes are only read", name)


def _keep_again(staged: Path, place: Path) -> None:
    """Finish what an earlier attempt began: the bytes have their place, if they are the same."""
    same_size = staged.stat().st_size == place.stat().st_size
    if not same_size or _sha256(staged) != _sha256(place):
        raise FileExistsError(errno.EEXIST, "Other bytes are kept under this key", str(place))
    sync(place.parent)
    staged.unlink()


def _sha256(place: Path) -> bytes:
    with place.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


def _move(file: Path, place: Path) -> None:
    """Give a file its place, on whichever disk, whole or not at all."""
    file.chmod(READ_ONLY)
    try:
        file.rename(place)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        _copy(file, place)
        file.unlink()


def _copy(file: Path, place: Path) -> None:
    """Copy to another disk; until it is whole the copy has a name of its own, which the reaper knows as one of ours."""
    partial = place.with_name(place.name[:2] + uuid4().hex[2:])
    try:
        with file.open("rb") as source, partial.open("xb") as target:
            shutil.copyfileobj(source, target, _BLOCK)
            target.flush()
            os.fsync(target.fileno())
        partial.chmod(READ_ONLY)
        partial.rename(place)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise


def make_folder(folder: Path) -> None:
    """Make a folder with those above it; each new name is synced in the folder that holds it."""
    missing = [place for place in (folder, *folder.parents) if not place.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for place in missing:
        sync(place.parent)


def sync(folder: Path) -> None:
    """Make a folder's names survive a loss of power: syncing a file doesn't sync its name."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
