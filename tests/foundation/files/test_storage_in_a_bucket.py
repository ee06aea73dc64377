"""What only a bucket does: the server checks, seals and refuses. Asked of a real server, which bin/judge starts."""

import io
from base64 import b64encode
from datetime import UTC, datetime, timedelta

import pytest
from botocore.exceptions import ClientError

from foundation.files.s3 import S3Storage
from tests.storages import client, keep_in_bucket

pytestmark = pytest.mark.with_server("s3")
UNTIL = datetime.now(UTC).date() + timedelta(days=2)


@pytest.fixture
def bucket(settings) -> S3Storage:
    return keep_in_bucket(settings)


@pytest.fixture
def sealed(bucket, key, stage) -> dict[str, str]:
    """Where sealed bytes are, as the server knows them."""
    bucket.keep(stage(b"sealed"), key)
    bucket.seal(key, UNTIL)
    return {"Bucket": bucket.bucket, "Key": f"{bucket.prefix}/{key}"}


def test_an_attempt_that_got_as_far_as_the_server_is_finished_by_the_next(bucket, key, stage):
    bucket.keep(stage(b"the same"), key)
    again = stage(b"the same")
    bucket.keep(again, key)
    assert not again.exists()


def test_the_server_refuses_bytes_that_are_not_the_ones_announced(bucket, key):
    announced = b64encode(bytes(32)).decode()
    with pytest.raises(ClientError, match="BadDigest"):
        client().put_object(Bucket=bucket.bucket, Key=key, Body=b"damaged", ChecksumSHA256=announced)


def test_a_server_that_is_away_loses_nothing(settings, key, stage):
    keep_in_bucket(settings)
    nobody = S3Storage(bucket="evidence", endpoint="http://127.0.0.1:9", region="us-east-1")
    staged = stage()
    with pytest.raises(OSError, match="Could not connect"):
        nobody.keep(staged, key)
    assert staged.exists()


def test_what_is_sealed_can_not_be_deleted(bucket, key, sealed):
    with pytest.raises(PermissionError):
        bucket.delete(key)
    assert bucket.open(key).read() == b"sealed"


def test_not_even_by_who_holds_the_credentials(sealed):
    version = client().head_object(**sealed)["VersionId"]
    with pytest.raises(ClientError, match="AccessDenied"):
        client().delete_object(**sealed, VersionId=version)


def test_what_is_sealed_stays_under_whatever_is_written_over_it(sealed):
    version = client().head_object(**sealed)["VersionId"]
    client().put_object(**sealed, Body=b"forged")
    assert client().get_object(**sealed, VersionId=version)["Body"].read() == b"sealed"


def test_sealing_again_changes_nothing(bucket, key, sealed):
    bucket.seal(key, UNTIL)
    retention = client().get_object_retention(**sealed)["Retention"]
    assert retention["Mode"] == "GOVERNANCE"
    assert retention["RetainUntilDate"].astimezone(UTC).date() == UNTIL


def test_a_seal_is_never_shortened(bucket, key, sealed):
    with pytest.raises(PermissionError):
        bucket.seal(key, UNTIL - timedelta(days=1))


def test_what_is_not_sealed_yet_can_be_deleted_for_good(bucket, key, stage):
    bucket.keep(stage(), key)
    bucket.delete(key)
    listed = client().list_object_versions(Bucket=bucket.bucket, Prefix=f"{bucket.prefix}/{key}")
    assert not listed.get("Versions")
    assert not listed.get("DeleteMarkers")


def test_reading_on_after_another_version_was_written_reads_the_first(bucket, key, stage):
    content = b"a" * 3_000_000
    bucket.keep(stage(content), key)
    with bucket.open(key) as file:
        file.seek(2_999_990)
        client().put_object(Bucket=bucket.bucket, Key=f"{bucket.prefix}/{key}", Body=io.BytesIO(b"b" * 3_000_000))
        assert file.read() == b"a" * 10


def test_a_bucket_with_versions_and_a_lock_has_no_faults(bucket):
    assert bucket.faults() == []


def test_a_bucket_without_them_has_two(settings):
    assert keep_in_bucket(settings, bucket="unlocked").faults() == [
        "The bucket unlocked keeps no versions",
        "The bucket unlocked has no object lock",
    ]


def test_a_bucket_whose_lock_is_not_used_is_reported(settings, key, stage):
    storage = keep_in_bucket(settings, lock="none")
    storage.keep(stage(), key)
    storage.seal(key, UNTIL)
    storage.delete(key)
    assert storage.faults() == ["Nothing seals evidence: DIGAO_OBJECT_LOCK is none"]


def test_files_larger_than_a_bucket_takes_are_reported(bucket, settings):
    settings.MAX_UPLOAD_BYTES = 6 * 1024**3
    assert bucket.faults() == ["A bucket takes 5 GiB at a time; DIGAO_MAX_UPLOAD_BYTES is more"]


def test_a_bucket_out_of_reach_is_reported(settings):
    keep_in_bucket(settings)
    (fault,) = S3Storage(bucket="evidence", endpoint="http://127.0.0.1:9", region="us-east-1").faults()
    assert fault.startswith("The bucket can't be reached")
