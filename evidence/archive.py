"""A ZIP of selected evidence with its manifest, made while it is sent: neither memory nor disk holds all of it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from io import RawIOBase
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from engagements.models import Engagement
from evidence.actions import note_download
from evidence.manifest import all_evidence, manifest_root, proofs
from evidence.models import Evidence
from foundation.accounts.models import User
from foundation.files.models import StoredFile
from foundation.files.names import portable_name
from foundation.web.refusals import Refused

MOST = 500
_BLOCK = 1024**2


@transaction.atomic
def note_export(pieces: Sequence[Evidence], *, by: User) -> None:
    """Record that somebody took copies of all these; refused when one of them is sealed off, or there is none."""
    if not pieces:
        raise Refused(_("Choose at least one piece of evidence."))
    if len(pieces) > MOST:
        raise Refused(_("Choose at most %(most)d pieces at a time.") % {"most": MOST})
    for piece in pieces:
        note_download(piece, by=by)


def archive(engagement: Engagement, pieces: Sequence[Evidence]) -> Iterator[bytes]:
    """Return a ZIP file's blocks: `manifest.json`, `SHA256SUMS` as sha256sum reads it, the pieces by portable names."""
    return _packed(_papers(engagement, pieces), pieces)


def _packed(papers: Mapping[str, str], pieces: Sequence[Evidence]) -> Iterator[bytes]:
    sink = _Sink()
    with ZipFile(sink, "w", ZIP_STORED) as packed:
        for name, content in papers.items():
            packed.writestr(_entry(name, timezone.now()), content)
        for piece in pieces:
            yield from _copied(packed, sink, name_of(piece), piece.file)
    yield sink.taken()


def name_of(piece: Evidence) -> str:
    """Return the piece's name in the archive: its number makes it unique."""
    return portable_name(f"{piece.label} {piece.file.name}")


def _papers(engagement: Engagement, pieces: Sequence[Evidence]) -> dict[str, str]:
    """Return the archive's own files by name. With its leaf and its path, each piece proves that the root covers it."""
    everything = all_evidence(engagement)
    proof = proofs(everything)
    manifest = {
        "engagement": str(engagement),
        "made": timezone.now().isoformat(timespec="seconds"),
        "root": manifest_root(everything),
        "root_covers": len(everything),
        "evidence": [{"file": name_of(piece), **asdict(proof[piece.pk])} for piece in pieces],
    }
    sums = "".join(f"{piece.file.sha256}  {name_of(piece)}\n" for piece in pieces)
    return {"manifest.json": json.dumps(manifest, ensure_ascii=False, indent=1), "SHA256SUMS": sums}


def _entry(name: str, when: datetime) -> ZipInfo:
    local = timezone.localtime(when)
    return ZipInfo(name, (local.year, local.month, local.day, local.hour, local.minute, local.second))


def _copied(packed: ZipFile, sink: "_Sink", name: str, file: StoredFile) -> Iterator[bytes]:
    """Copy one file block by block."""
    entry = _entry(name, file.stored_at)
    entry.file_size = file.size
    with file.open() as source, packed.open(entry, "w", force_zip64=file.size >= 2**31) as target:
        while block := source.read(_BLOCK):
            target.write(block)
            yield sink.taken()


class _Sink(RawIOBase):
    """Where the ZIP is written to: it keeps what was written until it is taken."""

    def __init__(self) -> None:
        super().__init__()
        self._held = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]  # any buffer
        self._held += data
        return len(data)

    def taken(self) -> bytes:
        """Return what was written since the last time."""
        held, self._held = bytes(self._held), bytearray()
        return held
