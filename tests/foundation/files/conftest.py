"""Files to send, somebody who sends them, and looks at what is on the disk."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from foundation.files.models import CHUNK, Upload
from tests.sending import Sender


@pytest.fixture
def sender(preparer) -> Sender:
    return Sender.of(preparer)


@pytest.fixture(scope="session")
def large() -> bytes:
    """A file of two chunks and a piece."""
    return os.urandom(2 * CHUNK + 1000)


@pytest.fixture
def on_disk(settings: Any) -> Callable[[], list[Path]]:
    """Every file, staged or kept."""

    def found() -> list[Path]:
        roots = (Path(settings.STAGING_ROOT), Path(settings.EVIDENCE_ROOT))
        return sorted(path for root in roots for path in root.rglob("*") if path.is_file())

    return found


@pytest.fixture
def a_day_later(on_disk: Callable[[], list[Path]]) -> Callable[[], None]:
    """Make everything that is there a day old, and a little more."""

    def grow_old() -> None:
        before = timezone.now() - timedelta(hours=25)
        Upload.objects.update(touched_at=before)
        for path in on_disk():
            os.utime(path, (before.timestamp(), before.timestamp()))

    return grow_old
