"""Stored bytes in a bucket: S3, or another server that speaks it, with checksums, versions and object lock."""

import hashlib
import io
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, time
from functools import cached_property
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import Storage

from foundation.files.s3_reading import ObjectReader
from foundation.files.storage import check_mode

NO_LOCK = "none"
LARGEST = 5 * 1024**3  # S3 takes no more in one request
_READ_SIZE = 1024**2
_ERRORS: dict[str, type[OSError]] = {
    "404": FileNotFoundError,  # what has no body, a HEAD, has no words either
    "NoSuchKey": FileNotFoundError,
    "PreconditionFailed": FileExistsError,
    "403": PermissionError,
    "AccessDenied": PermissionError,
}


class S3Storage(Storage):
    """A bucket. Credentials are found as by every client of S3: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a role.

    Bytes are written once: the server refuses a key that is taken (If-None-Match) and bytes that don't have the SHA-256
    announced for them. What goes wrong is raised as a disk would: FileNotFoundError, PermissionError, else OSError.
    """

    at_hand = False

    def __init__(
        self, *, bucket: str, prefix: str = "", endpoint: str = "", region: str = "", lock: str = NO_LOCK
    ) -> None:
        self.bucket, self.prefix, self.lock = bucket, prefix, lock
        self._server = {"endpoint_url": endpoint or None, "region_name": region or None}

    @cached_property
    def _client(self) -> Any:
        # A server of one's own has one name, not one per bucket.
        style = {"addressing_style": "path" if self._server["endpoint_url"] else "auto"}
        patience = {"connect_timeout": 5, "read_timeout": 60, "retries": {"total_max_attempts": 3, "mode": "standard"}}
        # We announce a checksum of our own, and compare what is read with the hash in the database.
        checksums = {"request_checksum_calculation": "when_required", "response_checksum_validation": "when_required"}
        # A session of its own: boto3's shared one is not safe to create in several threads.
        return boto3.session.Session().client("s3", **self._server, config=Config(s3=style, **patience, **checksums))

    def keep(self, staged: Path, key: str) -> None:
        """Upload the file, see that it is there with its SHA-256, and remove the staged one."""
        with staged.open("rb") as file:
            digest = b64encode(hashlib.file_digest(file, "sha256").digest()).decode()
            file.seek(0)
            # An attempt before this one may have got as far as here.
            with suppress(FileExistsError), _as_on_disk(key):
                self._client.put_object(Body=file, ChecksumSHA256=digest, IfNoneMatch="*", **self._place(key))
        found = self._head(key, ChecksumMode="ENABLED").get("ChecksumSHA256")
        if found != digest:
            raise FileExistsError(f"{key} holds other bytes, or the server verifies no SHA-256: it says {found}")
        staged.unlink()

    def seal(self, key: str, until: date) -> None:
        """Have the server refuse to delete this version before the day begins (UTC)."""
        if self.lock == NO_LOCK:
            return
        retention = {"Mode": self.lock, "RetainUntilDate": datetime.combine(until, time(), UTC)}
        with _as_on_disk(key):
            self._client.put_object_retention(**self._place(key), Retention=retention)

    def delete(self, name: str) -> None:
        """Remove the bytes themselves, not only from sight; PermissionError for what is sealed."""
        with suppress(FileNotFoundError), _as_on_disk(name):
            version = _version(self._head(name))
            self._client.delete_object(**self._place(name), **version)

    def exists(self, name: str) -> bool:
        try:
            self._head(name)
        except FileNotFoundError:
            return False
        return True

    def size(self, name: str) -> int:
        return int(self._head(name)["ContentLength"])

    def get_modified_time(self, name: str) -> datetime:
        modified: datetime = self._head(name)["LastModified"]
        return modified

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        """Return the folders and the files of a folder, by name; of one that isn't there two empty lists."""
        folder = self._place(path.rstrip("/") + "/")
        folders: list[str] = []
        files: list[str] = []
        with _as_on_disk(path):
            pages = self._client.get_paginator("list_objects_v2")
            for page in pages.paginate(Bucket=self.bucket, Prefix=folder["Key"], Delimiter="/"):
                folders += [_last(each["Prefix"]) for each in page.get("CommonPrefixes", [])]
                files += [_last(each["Key"]) for each in page.get("Contents", [])]
        return folders, files

    def faults(self) -> list[str]:
        """Ask the server what this bucket can do."""
        try:
            with _as_on_disk(self.bucket):
                self._client.head_bucket(Bucket=self.bucket)
                versions = self._client.get_bucket_versioning(Bucket=self.bucket).get("Status")
        except OSError as error:
            return [f"The bucket can't be reached: {error}"]
        checks = {
            f"The bucket {self.bucket} keeps no versions": versions == "Enabled",
            f"The bucket {self.bucket} has no object lock": self.lock == NO_LOCK or self._has_lock(),
            "Nothing seals evidence: DIGAO_OBJECT_LOCK is none": self.lock != NO_LOCK,
            "A bucket takes 5 GiB at a time; DIGAO_MAX_UPLOAD_BYTES is more": settings.MAX_UPLOAD_BYTES <= LARGEST,
        }
        return [fault for fault, holds in checks.items() if not holds]

    def _has_lock(self) -> bool:
        try:
            with _as_on_disk(self.bucket):
                self._client.get_object_lock_configuration(Bucket=self.bucket)
        except OSError:
            return False
        return True

    def _open(self, name: str, mode: str = "rb") -> "File[bytes]":
        """Open for reading, at any place, a piece at a time."""
        check_mode(name, mode)
        first = self._get(name)
        reader = ObjectReader(first, lambda place: self._get(name, Range=f"bytes={place}-", **_version(first)))
        return File(io.BufferedReader(reader, _READ_SIZE), name)

    def _get(self, name: str, **wanted: str) -> dict[str, Any]:
        with _as_on_disk(name):
            answer: dict[str, Any] = self._client.get_object(**self._place(name), **wanted)
        return answer

    def _head(self, name: str, **wanted: str) -> dict[str, Any]:
        with _as_on_disk(name):
            answer: dict[str, Any] = self._client.head_object(**self._place(name), **wanted)
        return answer

    def _place(self, key: str) -> dict[str, str]:
        return {"Bucket": self.bucket, "Key": f"{self.prefix}/{key}" if self.prefix else key}


@contextmanager
def _as_on_disk(name: str) -> Iterator[None]:
    """Raise the server's errors as those of a disk."""
    try:
        yield
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "")
        raise _ERRORS.get(code, OSError)(f"{name}: {error}") from error
    except BotoCoreError as error:
        raise OSError(f"{name}: {error}") from error


def _version(answer: dict[str, Any]) -> dict[str, str]:
    """Name the version that an answer is about, where the bucket has versions."""
    return {"VersionId": answer["VersionId"]} if "VersionId" in answer else {}


def _last(key: str) -> str:
    return key.rstrip("/").rpartition("/")[2]
