"""Bytes come in whole, hashed and named safely, or not at all."""

import hashlib
import os
import stat
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, connection, transaction

from foundation.files.actions import receive, received, store
from foundation.files.models import StoredFile
from foundation.web.refusals import Refused
from tests.uploads import PDF, pdf, text


def files_on_disk(settings) -> list[Path]:
    root = Path(settings.EVIDENCE_ROOT)
    return [path for path in root.rglob("*") if path.is_file()]


@pytest.fixture
def nothing_stays(settings, db):
    """After the test there is neither a row nor a file."""
    yield
    assert StoredFile.objects.count() == 0
    assert files_on_disk(settings) == []


def test_the_bytes_on_disk_are_the_bytes_sent(settings, preparer):
    content = os.urandom(300_000)
    stored = receive(SimpleUploadedFile("log.bin", content), by=preparer)

    assert stored.sha256 == hashlib.sha256(content).hexdigest()
    assert stored.size == 300_000
    assert [path.read_bytes() for path in files_on_disk(settings)] == [content]
    with stored.open() as file:
        assert file.read() == content


def test_the_place_on_disk_has_nothing_of_the_name(settings, preparer):
    stored = receive(text("機密-離職名單.txt"), by=preparer)

    assert stored.name == "機密-離職名單.txt"
    assert stored.key == f"{stored.pk.hex[:2]}/{stored.pk.hex}"
    assert files_on_disk(settings) == [Path(settings.EVIDENCE_ROOT) / stored.key]


def test_the_type_is_told_from_the_content(preparer):
    assert receive(pdf("no suffix"), by=preparer).media_type == "application/pdf"
    assert receive(text("a.xyz"), by=preparer).media_type == "text/plain"


def test_the_short_hash_shows_both_ends(preparer):
    stored = receive(pdf(), by=preparer)
    assert stored.short_hash == f"{stored.sha256[:8]}…{stored.sha256[-4:]}"


@pytest.mark.usefixtures("nothing_stays")
def test_an_empty_file_is_refused(preparer):
    with pytest.raises(Refused, match=r"空白\.pdf"):
        receive(SimpleUploadedFile("空白.pdf", b""), by=preparer)


@pytest.mark.usefixtures("nothing_stays")
def test_a_file_beyond_the_limit_is_refused(settings, preparer):
    settings.MAX_UPLOAD_BYTES = 10
    with pytest.raises(Refused, match=r"大\.txt"):
        receive(text("大.txt", b"x" * 11), by=preparer)


def test_a_file_at_the_limit_is_taken(settings, preparer):
    settings.MAX_UPLOAD_BYTES = 10
    assert receive(text(content=b"x" * 10), by=preparer).size == 10


@pytest.mark.usefixtures("nothing_stays")
@pytest.mark.parametrize("name", ["a.pdf", "a.PDF", "a.png", "a.jpg", "a.jpeg", "a.xlsx", "a.docx"])
def test_a_file_that_is_not_what_its_name_says_is_refused(preparer, name):
    with pytest.raises(Refused, match=name):
        receive(SimpleUploadedFile(name, b"MZ\x90\x00 an executable" * 9), by=preparer)


@pytest.mark.usefixtures("nothing_stays")
def test_an_upload_that_breaks_off_leaves_nothing(preparer):
    def cut():
        yield PDF
        raise ConnectionResetError("the sender went away")

    with pytest.raises(ConnectionResetError):
        store(cut(), name="cut.pdf", by=preparer)


@pytest.fixture
def synced(monkeypatch) -> list[Path]:
    """What was synced, in order."""
    places: list[Path] = []

    def fsync(descriptor: int) -> None:
        places.append(Path(f"/proc/self/fd/{descriptor}").readlink())

    monkeypatch.setattr("foundation.files.actions.os.fsync", fsync)
    return places


def test_a_file_s_name_is_synced_like_its_bytes(settings, preparer, synced):
    stored = receive(pdf(), by=preparer)

    root = Path(settings.EVIDENCE_ROOT)
    folder = (root / stored.key).parent
    made, (temporary, last) = synced[:-2], synced[-2:]
    assert made == [root, root.parent], "each new folder, in the one that holds it"
    assert (temporary.parent, last) == (folder, folder), "the bytes, then their name"


def test_a_folder_that_is_there_needs_no_sync_above_it(preparer, settings, synced):
    settings.EVIDENCE_ROOT.mkdir()
    for number in range(256):
        (settings.EVIDENCE_ROOT / f"{number:02x}").mkdir()
    receive(pdf(), by=preparer)
    assert len(synced) == 2


@pytest.mark.usefixtures("nothing_stays")
@pytest.mark.parametrize("kind", [stat.S_ISREG, stat.S_ISDIR])
def test_a_full_disk_leaves_nothing(preparer, monkeypatch, settings, kind):
    settings.EVIDENCE_ROOT.mkdir()

    def full(descriptor: int) -> None:
        if kind(os.fstat(descriptor).st_mode):
            raise OSError(28, "No space left on device")

    monkeypatch.setattr("foundation.files.actions.os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        receive(pdf(), by=preparer)


@pytest.mark.usefixtures("nothing_stays")
def test_bytes_whose_name_can_not_be_synced_are_removed(preparer, monkeypatch, settings):
    def unsynced(folder: Path) -> None:
        if any(folder.glob("[0-9a-f]*")) and folder != settings.EVIDENCE_ROOT:
            raise OSError(5, "Input/output error")

    settings.EVIDENCE_ROOT.mkdir()
    monkeypatch.setattr("foundation.files.actions._sync", unsynced)
    with pytest.raises(OSError, match="Input/output"):
        receive(pdf(), by=preparer)


@pytest.mark.usefixtures("nothing_stays")
def test_bytes_without_their_row_are_removed(preparer, monkeypatch):
    def refuse(*_args, **_kwargs):
        raise DatabaseError("no")

    monkeypatch.setattr("foundation.files.actions.StoredFile.objects.bulk_create", refuse)
    for receiving in (lambda: receive(pdf(), by=preparer), lambda: store([PDF], name="a.pdf", by=preparer)):
        with pytest.raises(DatabaseError):
            receiving()


def test_rows_are_written_when_all_files_are_durable(preparer):
    def uploads():
        yield pdf("a.pdf")
        assert StoredFile.objects.count() == 0
        yield pdf("b.pdf")
        assert StoredFile.objects.count() == 0

    with received(uploads(), by=preparer) as files:
        assert set(StoredFile.objects.all()) == set(files)


@pytest.mark.parametrize(
    "statement", ["UPDATE files_storedfile SET name = 'other.pdf'", "DELETE FROM files_storedfile"]
)
def test_the_database_refuses_to_change_or_delete_what_was_stored(preparer, statement):
    receive(pdf(), by=preparer)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.usefixtures("nothing_stays")
def test_of_several_files_all_are_taken_or_none(preparer):
    uploads = [pdf("a.pdf"), pdf("b.pdf"), SimpleUploadedFile("c.pdf", b"")]
    with pytest.raises(Refused, match=r"c\.pdf"):
        received(uploads, by=preparer).__enter__()


@pytest.mark.usefixtures("nothing_stays")
def test_files_that_nobody_could_use_are_removed(preparer):
    block = received([pdf("a.pdf"), pdf("b.pdf")], by=preparer)
    assert [file.name for file in block.__enter__()] == ["a.pdf", "b.pdf"]
    with pytest.raises(ZeroDivisionError):
        block.gen.throw(ZeroDivisionError())


def test_files_that_were_used_stay(settings, preparer):
    with received([pdf("a.pdf"), pdf("b.pdf")], by=preparer):
        pass
    assert StoredFile.objects.count() == len(files_on_disk(settings)) == 2
