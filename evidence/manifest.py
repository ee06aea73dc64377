"""The evidence manifest: a Merkle root over everything received, so that one hash in print vouches for every piece.

Each leaf is the RFC 8785 JSON of one piece, in the order of their numbers and versions. Whoever has the root and one
piece can be shown that it belongs, without being shown the others.
"""

from collections.abc import Iterable

from evidence.models import Evidence
from foundation.trail import merkle
from foundation.trail.hashing import canonical


def manifest_root(evidence: Iterable[Evidence]) -> str:
    """Return the root in hex; the pieces' files, requests, originals and decisions should be loaded."""
    return merkle.root([leaf(piece) for piece in evidence]).hex()


def leaf(piece: Evidence) -> bytes:
    """Return what the manifest says of a piece."""
    file = piece.file
    return canonical(
        {
            "id": str(piece.pk),
            "number": piece.label,
            "size": file.size,
            "sha256": file.sha256,
            "name": file.name,
            "type": file.media_type,
            "uploader": str(file.stored_by_id or ""),
            "request": piece.request.label if piece.request else "",
            "original": piece.derived_from.label if piece.derived_from else "",
            "covered_from": piece.covered_from.isoformat() if piece.covered_from else "",
            "covered_to": piece.covered_to.isoformat() if piece.covered_to else "",
            "withdrawn": piece.withdrawn.reason if piece.withdrawn else "",
            "key": file.key,
        }
    )
