"""A disk that is full, or nearly: 507, and nothing half stays."""

import shutil
import subprocess
from pathlib import Path

import pytest

from foundation.files.models import CHUNK, Upload


@pytest.fixture
def small_disk(settings, tmp_path):
    """Files come in on a disk of 12 MiB, where this machine lets us mount one; else on one that says it is full."""
    place = tmp_path / "small"
    place.mkdir()
    mounted = (
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=12m", "digao-test", place], check=False).returncode == 0
    )
    if not mounted:
        pytest.skip("this machine mounts no disk for us; test_receiving.py tells what a full one does")
    settings.STAGING_ROOT, settings.DISK_RESERVE = place / "staging", 0
    yield place
    subprocess.run(["umount", place], check=True)


@pytest.fixture
def crowded(small_disk):
    """After a file has begun to come in, somebody else fills the disk up to 1 MiB."""

    def fill() -> None:
        with (small_disk / "other").open("wb") as other:
            other.write(bytes(shutil.disk_usage(small_disk).free - 1024**2))

    return fill


def test_a_disk_that_fills_up_while_a_file_comes_in_gets_rid_of_it(sender, fieldwork, crowded, on_disk, monkeypatch):
    """The kernel is the one who says so: nobody can look far enough ahead."""
    monkeypatch.setattr("foundation.files.uploads.check_room", lambda size: None)
    url = sender.begin(fieldwork, CHUNK)
    crowded()
    answer = sender.put(url, bytes(CHUNK))
    assert answer.status_code == 507
    assert answer.json()["errors"]["__all__"]
    assert (Upload.objects.count(), on_disk()) == (0, [])


def test_a_full_disk_frees_what_had_come_before(sender, fieldwork, crowded, small_disk, monkeypatch):
    monkeypatch.setattr("foundation.files.uploads.check_room", lambda size: None)
    url = sender.begin(fieldwork, 2 * CHUNK)
    sender.put(url, bytes(CHUNK))
    crowded()
    assert sender.put(url, bytes(CHUNK), CHUNK).status_code == 507
    assert shutil.disk_usage(small_disk).free >= CHUNK


def test_the_reserve_is_kept_while_a_file_comes_in(sender, fieldwork, crowded, small_disk, on_disk):
    url = sender.begin(fieldwork, CHUNK)
    crowded()
    assert sender.put(url, bytes(CHUNK)).status_code == 507
    assert (Upload.objects.count(), on_disk()) == (0, [])


def test_a_file_that_would_eat_into_the_reserve_is_not_begun(sender, fieldwork, small_disk, settings):
    assert sender.announce(fieldwork, "a.bin", 9 * 1024**2).status_code == 201
    settings.DISK_RESERVE = 50
    assert sender.announce(fieldwork, "b.bin", 9 * 1024**2).status_code == 507
    assert Upload.objects.count() == 1


@pytest.fixture
def nearly_full(monkeypatch):
    """A disk of 1000 GB with 60 GB left."""
    gigabyte = 1000**3
    usage = shutil._ntuple_diskusage(1000 * gigabyte, 940 * gigabyte, 60 * gigabyte)
    asked: list[Path] = []
    monkeypatch.setattr("shutil.disk_usage", lambda place: (asked.append(place), usage)[1])
    return asked


@pytest.mark.parametrize(("gigabytes", "status"), [(1, 201), (10, 201), (11, 507)])
def test_five_percent_of_the_disk_stay_free(sender, fieldwork, nearly_full, settings, gigabytes, status):
    settings.MAX_UPLOAD_BYTES = 100 * 1000**3
    assert sender.announce(fieldwork, "a.bin", gigabytes * 1000**3).status_code == status
    assert nearly_full[0].exists(), "the nearest folder above that is there is asked about"
