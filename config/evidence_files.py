"""Settings of evidence: where its bytes are kept, how much of them is taken, what looks at them."""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

from django.core.exceptions import ImproperlyConfigured

from config.environment import DATA_DIR, env

EVIDENCE_ROOT = DATA_DIR / "files"
STAGING_ROOT = DATA_DIR / "staging"  # files on their way in
PREVIEW_ROOT = DATA_DIR / "previews"  # pictures of pages: can be made again
PREVIEW_CACHE_BYTES = env.int("DIGAO_PREVIEW_CACHE_BYTES", default=10 * 1024**3)
FRAGMENT_ROOT = DATA_DIR / "fragments"  # laid-out parts of draft reports: can be made again
FRAGMENT_CACHE_BYTES = env.int("DIGAO_FRAGMENT_CACHE_BYTES", default=512 * 1024**2)
OBJECT_LOCK = env.str("DIGAO_OBJECT_LOCK", default="GOVERNANCE")
if OBJECT_LOCK not in {"GOVERNANCE", "COMPLIANCE", "none"}:
    raise ImproperlyConfigured(f"DIGAO_OBJECT_LOCK is {OBJECT_LOCK!r}; it must be GOVERNANCE, COMPLIANCE or none")
# From the date of an issued report: its file is sealed for so long.
RETENTION_YEARS = env.int("DIGAO_RETENTION_YEARS", default=10)


def storage_at(address: str) -> dict[str, Any]:
    """Return Django's entry for a storage: a folder on this disk, or "s3://bucket/prefix?endpoint=https://…&region=…"."""
    if not address:
        return {"BACKEND": "foundation.files.storage.LocalStorage", "OPTIONS": {"location": EVIDENCE_ROOT}}
    parts = urlsplit(address)
    options = dict(parse_qsl(parts.query, strict_parsing=bool(parts.query)))
    if parts.scheme != "s3" or not parts.netloc or not options.keys() <= {"endpoint", "region"}:
        raise ImproperlyConfigured(f"DIGAO_STORAGE is {address!r}; see docs/settings.md")
    place = {"bucket": parts.netloc, "prefix": parts.path.strip("/"), "lock": OBJECT_LOCK}
    return {"BACKEND": "foundation.files.s3.S3Storage", "OPTIONS": place | options}


EVIDENCE_STORAGE = storage_at(env.str("DIGAO_STORAGE", default=""))

MAX_UPLOAD_BYTES = env.int("DIGAO_MAX_UPLOAD_BYTES", default=2 * 1024**3)
# Of one engagement, with what is on its way in.
MAX_ENGAGEMENT_BYTES = env.int("DIGAO_MAX_ENGAGEMENT_BYTES", default=100 * 1024**3)
# Percent of the disk that stays free: files that would need it are refused.
DISK_RESERVE = env.int("DIGAO_DISK_RESERVE", default=5)
CLAMD = env.str("DIGAO_CLAMD", default="")  # the virus scanner: tcp://host:3310 or unix:/run/clamd.sock
if CLAMD and urlsplit(CLAMD).scheme not in {"tcp", "unix"}:
    raise ImproperlyConfigured(f"DIGAO_CLAMD is {CLAMD!r}; it must be tcp://host:3310 or unix:/run/clamd.sock")

FILE_UPLOAD_HANDLERS = ["foundation.web.uploads.NoFiles"]  # files come in by chunks, never with a form
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024**2
