"""How much a disk may still take: a part of it stays free for everything else."""

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from foundation.files.refusals import NoRoom

FULL = {errno.ENOSPC, errno.EDQUOT}


def check_room(size: int, folder: Path | None = None) -> None:
    """Refuse what would eat into the reserve (DISK_RESERVE percent) of a folder's disk, or of where files come in."""
    folder = folder or Path(settings.STAGING_ROOT)
    disk = shutil.disk_usage(next(place for place in (folder, *folder.parents) if place.exists()))
    if disk.free - size < disk.total * settings.DISK_RESERVE / 100:
        raise NoRoom


@contextmanager
def full_disks_refused() -> Iterator[None]:
    """Make a refusal of the operating system's word that nothing more can be written."""
    try:
        yield
    except OSError as error:
        if error.errno not in FULL:
            raise
        raise NoRoom from error
