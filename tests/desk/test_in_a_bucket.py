"""The whole way of a file with its bytes in a bucket: in, cited or not, out, and proven; and what then may be amiss."""

import io

import pytest
from django.core.management import call_command

from evidence.models import Evidence
from foundation.files.models import StoredFile
from foundation.files.s3 import S3Storage
from tests.storages import client, keep_in_bucket
from tests.tampering import answers_told
from tests.uploads import deposit, text

pytestmark = [pytest.mark.with_server("s3"), pytest.mark.usefixtures("english")]
CONTENT = b"line of a log\n" * 200_000


@pytest.fixture
def bucket(settings) -> S3Storage:
    return keep_in_bucket(settings)


@pytest.fixture
def piece(bucket, fieldwork, preparer, partner) -> Evidence:
    answers_told(fieldwork, by=partner)
    (deposited,) = deposit(fieldwork, [text("access.log", CONTENT)], by=preparer)
    return deposited


def place(bucket: S3Storage, piece: Evidence) -> dict[str, str]:
    return {"Bucket": bucket.bucket, "Key": f"{bucket.prefix}/{piece.file.key}"}


def verified() -> tuple[int, str]:
    """The exit status of verify_trail, and what it said."""
    said = io.StringIO()
    try:
        call_command("verify_trail", stdout=said, stderr=said)
    except SystemExit as end:
        return int(end.code or 0), said.getvalue()
    return 0, said.getvalue()


def test_what_was_handed_in_is_handed_out(piece, sign_in, preparer, settings):
    answer = sign_in(preparer).get(f"/evidence/{piece.pk}/file/")

    assert b"".join(answer.streaming_content) == CONTENT
    assert answer.headers["X-Content-SHA256"] == piece.file.sha256
    assert not settings.EVIDENCE_ROOT.exists(), "nothing stays on this disk"
    assert list(settings.STAGING_ROOT.iterdir()) == []


def test_a_whole_trail_is_proven(piece):
    status, said = verified()
    assert status == 0, said


def test_an_object_that_was_hidden_is_named(piece, bucket):
    client().delete_object(**place(bucket, piece))
    status, said = verified()
    assert status == 1
    assert f"files.StoredFile {piece.file_id} (access.log): the file is missing" in said


def test_an_object_that_was_written_over_is_named(piece, bucket):
    client().put_object(**place(bucket, piece), Body=b"forged")
    status, said = verified()
    assert status == 1
    assert f"files.StoredFile {piece.file_id} (access.log): the file's bytes are not the ones that were stored" in said


def test_a_bucket_that_is_away_is_no_proof_of_anything(piece, settings):
    options = settings.STORAGES["default"]["OPTIONS"] | {"endpoint": "http://127.0.0.1:9"}
    settings.STORAGES = {**settings.STORAGES, "default": {**settings.STORAGES["default"], "OPTIONS": options}}
    status, said = verified()
    assert status == 2
    assert said.count("the file can't be read") == StoredFile.objects.count() == 1
