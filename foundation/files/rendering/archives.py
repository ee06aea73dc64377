"""Office files are ZIP archives, and what they unpack to is bounded before anything is unpacked."""

from pathlib import Path
from zipfile import BadZipFile, ZipFile

from foundation.files.rendering.outcomes import CannotShow, Reason

UNPACKED = 200 * 1024**2
_ENCRYPTED = b"\xd0\xcf\x11\xe0"  # an office file with a password is no ZIP archive but a compound file


def check_size(source: Path) -> None:
    """Refuse an archive that is damaged, encrypted, or would unpack to more than `UNPACKED`. Raises CannotShow."""
    with source.open("rb") as file:
        if file.read(4) == _ENCRYPTED:
            raise CannotShow(Reason.ENCRYPTED)
    try:
        with ZipFile(source) as archive:
            total = sum(entry.file_size for entry in archive.infolist())
    except (BadZipFile, ValueError) as error:
        raise CannotShow(Reason.DAMAGED) from error
    if total > UNPACKED:
        raise CannotShow(Reason.TOO_LARGE)
