"""What nobody took goes after a day: uploads left alone, and bytes that no row speaks of.

A crash may leave bytes without a row, never a row without its bytes (uploads.py, actions.py).
"""

import logging
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.core.files.storage import default_storage
from django.utils import timezone

from foundation.files.models import StoredFile, Upload, key_of
from foundation.files.uploads import drop

PATIENCE = timedelta(hours=24)
_HEX = re.compile(r"[0-9a-f]{32}")

logger = logging.getLogger(__name__)


def reap() -> None:
    """Remove all of it that was left alone for a day. Nothing is touched that isn't named as we name our files."""
    before = timezone.now() - PATIENCE
    left = Upload.objects.filter(touched_at__lt=before)
    for upload in left:
        drop(left, upload)
    for place in _strays(before):
        logger.info("Reaped %s, on its way in and of no upload", place.name)
        place.unlink(missing_ok=True)
    for key in _orphans(before):
        logger.warning("Reaped %s, which no row speaks of", key)
        default_storage.delete(key)


def _strays(before: datetime) -> Iterator[Path]:
    """Yield staged files of no upload: left by one that was ended, or by the application's own writing."""
    folder = Path(settings.STAGING_ROOT)
    for place in folder.iterdir() if folder.exists() else ():
        name = place.name.removeprefix("own-")
        if _HEX.fullmatch(name) and _modified(place) < before and not Upload.objects.filter(pk=UUID(name)).exists():
            yield place


def _modified(place: Path) -> datetime:
    """When it was last written; a file that is gone meanwhile is as good as new."""
    try:
        return datetime.fromtimestamp(place.stat().st_mtime, tz=UTC)
    except FileNotFoundError:
        return datetime.now(tz=UTC)


def _orphans(before: datetime) -> Iterator[str]:
    """Yield keys of neither a stored file nor an upload, through Django's storage API: wherever they are kept."""
    for number in range(256):
        folder = f"{number:02x}"
        names = {name for name in _names(folder) if _HEX.fullmatch(name) and name.startswith(folder)}
        known = set(StoredFile.objects.filter(key__startswith=f"{folder}/").values_list("key", flat=True))
        for key in sorted({key_of(name) for name in names} - known):
            uploading = Upload.objects.filter(pk=UUID(key[3:])).exists()
            if not uploading and default_storage.get_modified_time(key) < before:
                yield key


def _names(folder: str) -> list[str]:
    """The files of a folder; an object store knows no empty ones, a disk none that nobody made."""
    try:
        return default_storage.listdir(folder)[1]
    except FileNotFoundError:
        return []
