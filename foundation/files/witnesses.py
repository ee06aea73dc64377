"""Every stored file, to be read again and compared with its hash."""

from collections.abc import Iterator

from foundation.files.models import StoredFile
from foundation.trail.verification import FileWitness


def stored_files() -> Iterator[FileWitness]:
    """Yield each file's bytes with the SHA-256 that they had when they were received."""
    for file in StoredFile.objects.iterator():
        yield FileWitness(f"files.StoredFile {file.pk} ({file.name})", file.open, file.sha256)
