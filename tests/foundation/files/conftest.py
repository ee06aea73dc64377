"""Files to send, somebody who sends them, each place where bytes may be kept, and looks at what is there."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from foundation.files.models import CHUNK, Upload, key_of
from tests.sending import Sender
from tests.storages import keep_in_bucket


@pytest.fixture
def sender(preparer) -> Sender:
    return Sender.of(preparer)


@pytest.fixture(scope="session")
def large() -> bytes:
    """A file of two chunks and a piece: the same in every run, since chance at times begins like a program."""
    return Random(2).randbytes(2 * CHUNK + 1000)


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


@pytest.fixture(params=["disk", pytest.param("bucket", marks=pytest.mark.with_server("s3"))])
def storage(request, settings) -> Any:
    """The installation's storage: a folder here, or a bucket with object lock."""
    if request.param == "bucket":
        keep_in_bucket(settings)
    return default_storage


@pytest.fixture
def key() -> str:
    return key_of(uuid4().hex)


@pytest.fixture
def stage(tmp_path) -> Any:
    """Write bytes to a staged file of their own."""

    def staged(content: bytes = b"evidence") -> Path:
        place = tmp_path / uuid4().hex
        place.write_bytes(content)
        return place

    return staged
