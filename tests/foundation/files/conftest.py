"""Bytes on their way, and each place where they may be kept."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.storage import default_storage

from foundation.files.models import key_of
from tests.storages import keep_in_bucket


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
