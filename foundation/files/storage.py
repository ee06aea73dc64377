"""Where stored bytes are kept: behind Django's storage API, with what evidence needs beyond it."""

import os
from datetime import date
from pathlib import Path
from typing import Protocol, cast

from django.core.files.storage import FileSystemStorage, default_storage


class Keeping(Protocol):
    """What a storage of ours can do beside opening and deleting."""

    def keep(self, staged: Path, key: str) -> None:
        """Move a staged file (written and synced) under its key; it survives a loss of power when this returns."""

    def seal(self, key: str, until: date) -> None:
        """Let nobody change or delete the bytes before that day."""


def kept() -> Keeping:
    """Return the installation's storage."""
    return cast(Keeping, default_storage)


class LocalStorage(FileSystemStorage):
    """A folder on this machine's disk."""

    def keep(self, staged: Path, key: str) -> None:
        """Rename the file to its place and sync the folder that names it."""
        place = Path(self.path(key))
        make_folder(place.parent)
        try:
            staged.replace(place)
            sync(place.parent)
        except BaseException:
            for file in (staged, place):
                file.unlink(missing_ok=True)
            raise

    def seal(self, key: str, until: date) -> None:
        """Take away the right to write; a disk knows no day."""
        Path(self.path(key)).chmod(0o400)


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
