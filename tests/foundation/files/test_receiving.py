"""Bytes come in whole, hashed and named safely, or not at all."""

import errno
import hashlib
import os
import stat
from pathlib import Path

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from foundation.files.actions import store
from foundation.files.chunks import Chunk
from foundation.files.models import CHUNK, StoredFile, Upload
from foundation.files.refusals import BadChunk, NoRoom, OutOfStep, TooLarge
from foundation.files.uploads import abandon, append, begin, send, take
from foundation.web.refusals import Refused
from tests.uploads import PDF

SCOPE = "00000000-0000-4000-8000-00000000000a"


@pytest.fixture
def nothing_stays(on_disk, db):
    """After the test there is neither a row nor a file."""
    yield
    assert (StoredFile.objects.count(), Upload.objects.count(), on_disk()) == (0, 0, [])


def received(content: bytes, by, name: str = "log.bin") -> StoredFile:
    return take([send(content, name=name, scope=SCOPE, by=by)])[0]


def test_the_bytes_on_disk_are_the_bytes_sent(on_disk, preparer):
    content = os.urandom(300_000)
    stored = received(content, preparer)

    assert (stored.sha256, stored.size) == (hashlib.sha256(content).hexdigest(), 300_000)
    assert [path.read_bytes() for path in on_disk()] == [content]
    with stored.open() as file:
        assert file.read() == content


def test_the_place_on_disk_has_nothing_of_the_name(settings, on_disk, preparer):
    stored = received(b"x", preparer, "機密-離職名單.txt")

    assert (stored.name, stored.key) == ("機密-離職名單.txt", f"{stored.pk.hex[:2]}/{stored.pk.hex}")
    assert on_disk() == [Path(settings.EVIDENCE_ROOT) / stored.key]


def test_a_chunk_is_taken_again_if_the_row_could_not_be_written(preparer, monkeypatch):
    upload, chunk = begin(name="a.txt", size=1, scope=SCOPE, by=preparer), Chunk.of(b"x", 0)

    def failing(*_args, **_kwargs):
        raise DatabaseError

    with monkeypatch.context() as broken:
        broken.setattr(Upload, "save", failing)
        with pytest.raises(DatabaseError):
            append(upload, chunk)
    assert append(upload, chunk).state == Upload.State.READY


def test_the_type_is_told_from_the_content(preparer):
    assert received(PDF, preparer, "no suffix").media_type == "application/pdf"
    assert received("文字".encode(), preparer, "a.xyz").media_type == "text/plain"


def test_the_short_hash_shows_both_ends(preparer):
    stored = received(PDF, preparer)
    assert stored.short_hash == f"{stored.sha256[:8]}…{stored.sha256[-4:]}"


@pytest.mark.parametrize("name", ["a.pdf", "a.PDF", "a.png", "a.jpg", "a.jpeg", "a.xlsx", "a.docx"])
def test_a_file_that_is_not_what_its_name_says_is_kept_and_gives_pause(preparer, name):
    assert received(b"MZ\x90\x00 an executable" * 9, preparer, name).concerns[0].startswith("type:")


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("..\\..\\win.ini", "win.ini"),
        ("/etc/passwd", "passwd"),
        ("a\r\nb\0.pdf", "ab.pdf"),
        ("CON.pdf", "CON.pdf"),
        ('"><img onerror=x>.png', '"><img onerror=x>.png'),
        ("長" * 400 + ".pdf", "長" * 196 + ".pdf"),
        ("...", "unnamed"),
    ],
)
def test_a_name_is_only_ever_shown(settings, preparer, on_disk, raw, kept):
    stored = received(b"x", preparer, raw)
    assert stored.name == kept
    assert on_disk() == [Path(settings.EVIDENCE_ROOT) / stored.pk.hex[:2] / stored.pk.hex]


@pytest.mark.usefixtures("nothing_stays")
def test_an_empty_file_is_refused(preparer):
    with pytest.raises(Refused, match=r"空白\.pdf"):
        begin(name="空白.pdf", size=0, scope=SCOPE, by=preparer)


@pytest.mark.usefixtures("nothing_stays")
def test_a_file_beyond_the_limit_is_refused(settings, preparer):
    settings.MAX_UPLOAD_BYTES = 10
    with pytest.raises(TooLarge, match=r"大\.txt"):
        begin(name="大.txt", size=11, scope=SCOPE, by=preparer)


def test_a_file_at_the_limit_is_taken(settings, preparer):
    settings.MAX_UPLOAD_BYTES = 10
    assert received(b"x" * 10, preparer).size == 10


def test_a_chunk_is_taken_in_its_turn_only(preparer):
    upload = begin(name="a.bin", size=CHUNK + 1, scope=SCOPE, by=preparer)
    with pytest.raises(OutOfStep) as refusal:
        append(upload, Chunk.of(b"x", CHUNK))
    assert refusal.value.received == 0


@pytest.mark.parametrize("length", [1, CHUNK - 1])
def test_only_the_last_chunk_may_be_short(preparer, length):
    upload = begin(name="a.bin", size=CHUNK + 1, scope=SCOPE, by=preparer)
    with pytest.raises(BadChunk):
        append(upload, Chunk.of(bytes(length), 0))
    assert Upload.objects.get().received == 0


def test_what_was_given_up_takes_no_more(preparer, on_disk):
    upload = begin(name="a.bin", size=2, scope=SCOPE, by=preparer)
    abandon(upload)
    with pytest.raises(OutOfStep):
        append(upload, Chunk.of(b"xy", 0))
    assert on_disk() == []


def test_what_was_taken_can_not_be_given_up(preparer, on_disk):
    upload = send(PDF, name="a.pdf", scope=SCOPE, by=preparer)
    take([upload])
    abandon(upload)
    assert len(on_disk()) == StoredFile.objects.count() == 1


def test_a_file_is_taken_once(preparer):
    upload = send(PDF, name="a.pdf", scope=SCOPE, by=preparer)
    take([upload])
    with pytest.raises(Refused, match=r"a\.pdf"):
        take([upload])


def test_of_several_files_all_are_taken_or_none(preparer):
    uploads = [send(PDF, name="a.pdf", scope=SCOPE, by=preparer), begin(name="b.pdf", size=2, scope=SCOPE, by=preparer)]
    with pytest.raises(Refused, match=r"b\.pdf"), transaction.atomic():
        take(uploads)
    assert (StoredFile.objects.count(), Upload.objects.count()) == (0, 2)


def test_the_same_file_twice_is_kept_twice_under_one_hash(preparer):
    first, second = received(PDF, preparer), received(PDF, preparer)
    assert (first.sha256 == second.sha256, first.key == second.key) == (True, False)


# Durable before a row counts it ---------------------------------------------------------------------------------------


@pytest.fixture
def synced(monkeypatch) -> list[Path]:
    """What was synced, in order."""
    places: list[Path] = []
    real = os.fsync

    def fsync(descriptor: int) -> None:
        places.append(Path(f"/proc/self/fd/{descriptor}").readlink())
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    return places


def test_a_chunk_is_on_the_disk_before_its_row_counts_it(preparer, monkeypatch, synced, settings):
    upload = begin(name="a.bin", size=CHUNK + 1, scope=SCOPE, by=preparer)
    counted: list[list[Path]] = []
    save = Upload.save
    monkeypatch.setattr(Upload, "save", lambda *args, **kwargs: (counted.append(list(synced)), save(*args, **kwargs)))
    append(upload, Chunk.of(bytes(CHUNK), 0))

    root = Path(settings.STAGING_ROOT)
    assert counted == [[root.parent, root / upload.pk.hex, root]], "its folder's name, the bytes, then their name"


def test_each_chunk_is_synced_once(preparer, synced, settings):
    upload = begin(name="a.bin", size=2 * CHUNK + 1, scope=SCOPE, by=preparer)
    append(upload, Chunk.of(bytes(CHUNK), 0))
    synced.clear()
    append(upload, Chunk.of(bytes(CHUNK), CHUNK))
    assert synced == [Path(settings.STAGING_ROOT) / upload.pk.hex]


def test_what_is_kept_has_its_name_synced(preparer, synced, settings):
    stored = received(PDF, preparer)
    root = Path(settings.EVIDENCE_ROOT)
    assert synced[-3:] == [root, root.parent, (root / stored.key).parent], "each new folder, then the file's name"


# When something breaks ------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("nothing_stays")
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
@pytest.mark.parametrize("kind", [stat.S_ISREG, stat.S_ISDIR])
def test_a_full_disk_leaves_nothing(preparer, monkeypatch, number, kind):
    def full(descriptor: int) -> None:
        if kind(os.fstat(descriptor).st_mode):
            raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(NoRoom):
        send(PDF, name="a.pdf", scope=SCOPE, by=preparer)


def test_a_broken_disk_is_no_full_one(preparer, monkeypatch):
    def broken(_descriptor: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "fsync", broken)
    with pytest.raises(OSError, match="Input/output"):
        send(PDF, name="a.pdf", scope=SCOPE, by=preparer)
    assert Upload.objects.get().received == 0


@pytest.mark.usefixtures("nothing_stays")
def test_what_the_application_makes_leaves_nothing_when_it_breaks_off(preparer):
    def cut():
        yield PDF
        raise ConnectionResetError("the maker went away")

    with pytest.raises(ConnectionResetError):
        store(cut(), name="cut.pdf", by=preparer)


@pytest.mark.usefixtures("nothing_stays")
def test_bytes_without_their_row_are_removed(preparer, monkeypatch):
    def refuse(*_args, **_kwargs):
        raise DatabaseError("no")

    monkeypatch.setattr(StoredFile, "save", refuse)
    with pytest.raises(DatabaseError):
        store([PDF], name="a.pdf", by=preparer)


@pytest.mark.parametrize(
    "statement", ["UPDATE files_storedfile SET name = 'other.pdf'", "DELETE FROM files_storedfile"]
)
def test_the_database_refuses_to_change_or_delete_what_was_stored(preparer, statement):
    received(PDF, preparer)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
