"""A folder on this machine: files move into it whole, from whichever disk, and are never written again."""

import errno
import os
import stat
from pathlib import Path
from uuid import uuid4

import pytest

from foundation.files.models import key_of
from foundation.files.storage import kept


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.fixture
def place(settings, key) -> Path:
    return settings.EVIDENCE_ROOT / key


@pytest.fixture
def other_disk(settings) -> Path:
    """A folder on another file system than the evidence."""
    folder = Path("/dev/shm") / f"digao-{uuid4().hex}"
    folder.mkdir()
    assert folder.stat().st_dev != settings.EVIDENCE_ROOT.parent.stat().st_dev
    yield folder
    for left in folder.iterdir():
        left.unlink()
    folder.rmdir()


@pytest.fixture
def staged_elsewhere(other_disk) -> Path:
    staged = other_disk / "staged"
    staged.write_bytes(b"evidence" * 300_000)
    return staged


def test_nobody_may_write_what_is_kept(place, key, stage):
    kept().keep(stage(), key)
    assert stat.S_IMODE(place.stat().st_mode) == 0o400


def test_a_file_comes_from_another_disk(place, key, staged_elsewhere):
    kept().keep(staged_elsewhere, key)

    assert place.read_bytes() == b"evidence" * 300_000
    assert stat.S_IMODE(place.stat().st_mode) == 0o400
    assert not staged_elsewhere.exists()
    assert files_in(place.parent) == [place]


def test_a_copy_from_another_disk_is_synced_before_it_has_its_name(place, key, staged_elsewhere, monkeypatch):
    synced = []

    def fsync(descriptor: int) -> None:
        synced.append((Path(f"/proc/self/fd/{descriptor}").readlink(), place.exists()))

    monkeypatch.setattr(os, "fsync", fsync)
    kept().keep(staged_elsewhere, key)

    (copy, named), (folder, _) = synced[-2:]
    assert (copy.parent, named) == (place.parent, False)
    assert folder == place.parent


def test_a_disk_that_is_full_keeps_nothing_and_loses_nothing(settings, key, staged_elsewhere, monkeypatch):
    def full(descriptor: int) -> None:
        if stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        kept().keep(staged_elsewhere, key)

    assert files_in(settings.EVIDENCE_ROOT) == []
    assert staged_elsewhere.stat().st_size == 2_400_000


def test_a_name_that_can_not_be_synced_is_taken_back(settings, place, key, stage, monkeypatch):
    settings.EVIDENCE_ROOT.mkdir()
    place.parent.mkdir()

    def fail(descriptor: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    staged = stage(b"evidence")
    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="Input/output"):
        kept().keep(staged, key)

    assert files_in(settings.EVIDENCE_ROOT) == []
    assert staged.read_bytes() == b"evidence", "for the next attempt"


def test_a_copy_that_a_power_cut_left_is_named_like_bytes_without_a_row(key, staged_elsewhere, place, monkeypatch):
    """So the reaper, which touches only names of ours, removes it."""
    copies = []
    rename = Path.rename

    def noted(file: Path, target: Path) -> None:
        copies.append(file)
        rename(file, target)

    monkeypatch.setattr(Path, "rename", noted)
    kept().keep(staged_elsewhere, key)

    copy = copies[-1]
    assert copy == place.parent.parent / key_of(copy.name)
    assert len(copy.name) == 32
    assert copy != place


def test_sealing_takes_the_right_to_write_from_a_restored_copy(place, key, stage):
    kept().keep(stage(), key)
    place.chmod(0o644)
    kept().seal(key, None)
    assert stat.S_IMODE(place.stat().st_mode) == 0o400


def test_a_disk_has_no_faults_to_tell_of():
    assert kept().faults() == []
