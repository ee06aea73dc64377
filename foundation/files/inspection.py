"""What a file is by its content, and what about it must give pause: it is kept, but put in quarantine."""

from dataclasses import dataclass, field
from pathlib import Path

import magic

_SNIFFED = 64 * 1024

# What a name promises, where the content can be told for certain.
PROMISES = {
    ".pdf": {"application/pdf"},
    ".png": {"image/png"},
    ".jpg": {"image/jpeg"},
    ".jpeg": {"image/jpeg"},
    ".xlsx": {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "application/zip"},
    ".docx": {"application/vnd.openxmlformats-officedocument.wordprocessingml.document", "application/zip"},
}


@dataclass(frozen=True, slots=True)
class Inspected:
    """What was found: the detected media type, and concerns as codes with a detail ("type:application/x-dosexec")."""

    media_type: str
    concerns: list[str] = field(default_factory=list)


def inspect(path: Path, name: str) -> Inspected:
    """Look at a whole file on this machine; `name` is what its sender called it."""
    with path.open("rb") as file:
        detected = magic.from_buffer(file.read(_SNIFFED), mime=True)
    promised = PROMISES.get(Path(name).suffix.lower())
    return Inspected(detected, [f"type:{detected}"] if promised and detected not in promised else [])
