"""The places where bytes may be kept, for tests that must hold on each of them."""

import os
from contextlib import suppress
from typing import Any
from uuid import uuid4

import boto3

from config.evidence_files import storage_at
from foundation.files.s3 import S3Storage


def keep_in_bucket(settings: Any, **options: str) -> S3Storage:
    """Configure the installation for the S3 server that DIGAO_TEST_S3 names, with a folder of its own in the bucket.

    Whoever wants another bucket or lock says so in `options`.
    """
    configured = storage_at(os.environ["DIGAO_TEST_S3"])
    configured["OPTIONS"] |= {"prefix": uuid4().hex} | options
    settings.STORAGES = {**settings.STORAGES, "default": configured}
    storage = S3Storage(**configured["OPTIONS"])
    make_bucket(storage.bucket, lock=storage.bucket != "unlocked")
    return storage


def make_bucket(name: str, *, lock: bool) -> None:
    """Make a bucket, with versions and object lock or with neither, unless it is there."""
    with suppress(client().exceptions.BucketAlreadyOwnedByYou):
        client().create_bucket(Bucket=name, ObjectLockEnabledForBucket=lock)


def client() -> Any:
    """Whoever else holds the bucket's credentials."""
    options = storage_at(os.environ["DIGAO_TEST_S3"])["OPTIONS"]
    return boto3.client("s3", endpoint_url=options["endpoint"], region_name=options["region"])
