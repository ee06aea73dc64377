"""What evidence asks of the place where its bytes are kept; bin/judge asks it of a real S3 server too."""

import os
from datetime import UTC, datetime, timedelta

import pytest

from foundation.files.models import key_of
from foundation.files.storage import kept

CONTENT = b"".join(number.to_bytes(4, "big") for number in range(1_000_000))


def test_the_bytes_kept_are_the_bytes_staged(storage, key, stage):
    kept().keep(stage(CONTENT), key)
    with storage.open(key, "rb") as file:
        assert file.read() == CONTENT


def test_what_is_kept_is_staged_no_longer(storage, key, stage):
    staged = stage()
    kept().keep(staged, key)
    assert not staged.exists()


def test_a_file_is_read_from_any_place(storage, key, stage):
    kept().keep(stage(CONTENT), key)
    with storage.open(key, "rb") as file:
        assert file.seek(-8, os.SEEK_END) == len(CONTENT) - 8
        assert file.read() == CONTENT[-8:]
        file.seek(1_000_000)
        assert file.read(5) == CONTENT[1_000_000:1_000_005]
        assert file.tell() == 1_000_005


def test_a_file_is_read_piece_by_piece(storage, key, stage):
    kept().keep(stage(CONTENT), key)
    with storage.open(key, "rb") as file:
        assert b"".join(iter(lambda: file.read(70_001), b"")) == CONTENT


def test_nothing_is_written_over(storage, key, stage):
    kept().keep(stage(b"first"), key)
    second = stage(b"second")
    with pytest.raises(FileExistsError):
        kept().keep(second, key)
    with storage.open(key, "rb") as file:
        assert file.read() == b"first"
    assert second.read_bytes() == b"second", "to be tried again, or looked into"


def test_what_is_kept_already_is_kept_again(storage, key, stage):
    """The first attempt's transaction failed afterwards."""
    kept().keep(stage(), key)
    again = stage()
    kept().keep(again, key)
    assert (storage.exists(key), again.exists()) == (True, False)


def test_as_many_other_bytes_are_others(storage, key, stage):
    kept().keep(stage(b"first"), key)
    with pytest.raises(FileExistsError):
        kept().keep(stage(b"other"), key)


def test_what_was_never_kept_is_missing(storage, key):
    assert not storage.exists(key)
    with pytest.raises(FileNotFoundError):
        storage.open(key, "rb")
    with pytest.raises(FileNotFoundError):
        kept().seal(key, datetime.now(UTC).date() + timedelta(days=1))


def test_what_is_deleted_is_gone(storage, key, stage):
    kept().keep(stage(), key)
    assert storage.exists(key)
    storage.delete(key)
    assert not storage.exists(key)


def test_what_is_gone_may_be_deleted_again(storage, key):
    storage.delete(key)
    assert not storage.exists(key)


def test_the_files_of_a_folder_are_listed(storage, stage):
    names = ["ab" + "0" * 30, "ab" + "1" * 30]
    for name in [*names, "cd" + "0" * 30]:
        kept().keep(stage(), key_of(name))
    folders, files = storage.listdir("ab")
    assert (folders, sorted(files)) == ([], names)


def test_size_and_time_of_a_file_are_known(storage, key, stage):
    before = datetime.now(UTC) - timedelta(seconds=2)
    kept().keep(stage(b"12345"), key)
    assert storage.size(key) == 5
    assert before <= storage.get_modified_time(key) <= datetime.now(UTC) + timedelta(seconds=2)


def test_stored_bytes_are_only_read(storage, key, stage):
    kept().keep(stage(), key)
    with pytest.raises(PermissionError):
        storage.open(key, "wb")
