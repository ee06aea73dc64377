"""Settings of evidence: where its bytes are kept, how much of them is taken, what looks at them."""

from config.environment import DATA_DIR, env

EVIDENCE_ROOT = DATA_DIR / "files"
STAGING_ROOT = DATA_DIR / "staging"  # files on their way in
PREVIEW_ROOT = DATA_DIR / "previews"  # pictures of pages: can be made again
PREVIEW_CACHE_BYTES = env.int("DIGAO_PREVIEW_CACHE_BYTES", default=10 * 1024**3)
EVIDENCE_STORAGE = {"BACKEND": "foundation.files.storage.LocalStorage", "OPTIONS": {"location": EVIDENCE_ROOT}}

MAX_UPLOAD_BYTES = env.int("DIGAO_MAX_UPLOAD_BYTES", default=2 * 1024**3)
# Of one engagement, with what is on its way in.
MAX_ENGAGEMENT_BYTES = env.int("DIGAO_MAX_ENGAGEMENT_BYTES", default=100 * 1024**3)
CLAMD = env.str("DIGAO_CLAMD", default="")  # the virus scanner: tcp://host:3310 or unix:/run/clamd.sock

FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024**2
