"""Where evidence is kept is told by one address: a wrong one stops the start, a bucket that is away doesn't."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from config.environment import DATA_DIR
from config.evidence_files import storage_at

AWAY = "s3://evidence?endpoint=http://127.0.0.1:9&region=us-east-1"


def check(tmp_path, *options: str, **changes: str) -> tuple[int, str]:
    """Run the checks in an environment with changes; return exit status and what was said."""
    known = {"PATH": os.environ["PATH"], "DIGAO_MODE": "demo", "DIGAO_DATA": str(tmp_path), "DIGAO_OBJECT_LOCK": "none"}
    keys = {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"}
    run = [sys.executable, "manage.py", "check", *options]
    done = subprocess.run(
        run, cwd=settings.BASE_DIR, env=known | keys | changes, capture_output=True, text=True, check=False, timeout=120
    )
    return done.returncode, done.stderr


def test_without_an_address_it_is_a_folder_here():
    assert storage_at("") == {
        "BACKEND": "foundation.files.storage.LocalStorage",
        "OPTIONS": {"location": DATA_DIR / "files"},
    }


def test_an_address_names_bucket_folder_server_and_region():
    found = storage_at("s3://evidence/of/firm/?endpoint=https://s3.example:9000&region=ap-east-2")
    place = {"bucket": "evidence", "prefix": "of/firm", "endpoint": "https://s3.example:9000", "region": "ap-east-2"}
    assert found == {"BACKEND": "foundation.files.s3.S3Storage", "OPTIONS": {"lock": "GOVERNANCE", **place}}


def test_a_bucket_of_amazon_s_needs_no_more_than_its_name():
    assert storage_at("s3://evidence")["OPTIONS"] == {"bucket": "evidence", "prefix": "", "lock": "GOVERNANCE"}


@pytest.mark.parametrize(
    "address",
    ["evidence", "/data/files", "https://s3.example/evidence", "s3://", "s3:///x", "s3://b?enpoint=https://x"],
)
def test_an_address_that_is_not_understood_is_refused(address):
    with pytest.raises(ImproperlyConfigured, match="DIGAO_STORAGE"):
        storage_at(address)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DIGAO_STORAGE", "ftp://evidence"),
        ("DIGAO_OBJECT_LOCK", "governance"),
        ("DIGAO_CLAMD", "localhost:3310"),
        ("DIGAO_RETENTION_YEARS", "ten"),
    ],
)
def test_a_wrong_setting_stops_the_start(tmp_path, name, value):
    status, said = check(tmp_path, **{name: value})
    assert status != 0
    assert value in said


def test_a_start_does_not_wait_for_the_bucket(tmp_path):
    assert check(tmp_path, DIGAO_STORAGE=AWAY) == (0, "")


def test_a_deploy_check_asks_the_bucket(tmp_path):
    _status, said = check(tmp_path, "--deploy", DIGAO_STORAGE=AWAY)
    assert "(digao.W020) The bucket can't be reached" in said
