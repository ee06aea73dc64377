"""The catalogue file as plain data, and a way to seal a changed one."""

import copy
import json
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

from controls.catalogue_file import FORMAT, seal
from controls.models import CatalogueVersion

FILE = Path(settings.BASE_DIR) / "fixtures" / "tpex-sto.json"


@pytest.fixture(scope="session")
def shipped_bytes():
    return FILE.read_bytes()


@pytest.fixture(scope="session")
def shipped(shipped_bytes):
    """The catalogue in the file that comes with the product; not to be changed."""
    return json.loads(shipped_bytes)["catalogue"]


@pytest.fixture
def catalogue(shipped):
    """A copy under a key of its own, for a test to spoil."""
    return copy.deepcopy(shipped) | {"key": "another"}


@pytest.fixture
def row(catalogue):
    """Find a control point of the copy by its code."""
    return {row["code"]: row for row in catalogue["control_points"]}.__getitem__


@pytest.fixture
def sealed():
    """Turn a catalogue into the bytes of a file, with a checksum that fits."""

    def to_bytes(catalogue):
        document = {"format": FORMAT, "sha256": seal(catalogue), "catalogue": catalogue}
        return json.dumps(document, ensure_ascii=False).encode()

    return to_bytes


@pytest.fixture
def version(db):
    """The catalogue as loaded."""
    return CatalogueVersion.objects.get(key="tpex-sto")


@pytest.fixture
def english():
    with translation.override("en"):
        yield
