"""The evidence manifest: a Merkle root over everything received, so that one hash in print vouches for every piece.

Each leaf is the RFC 8785 JSON of one piece, in the order of their numbers and versions. Whoever has the root and one
piece can be shown that it belongs, without being shown the others.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from engagements.models import Engagement
from evidence.models import Evidence
from foundation.trail import merkle
from foundation.trail.hashing import canonical


def all_evidence(engagement: Engagement) -> list[Evidence]:
    """Return every piece that a manifest tells of, in its order, with what its leaf needs (two queries)."""
    pieces = Evidence.objects.filter(engagement=engagement).select_related("file", "request", "derived_from")
    return list(pieces.prefetch_related("decisions").order_by("number", "version"))


def manifest_root(evidence: Iterable[Evidence]) -> str:
    """Return the root in hex, over pieces loaded by `all_evidence`."""
    return merkle.root([leaf(piece) for piece in evidence]).hex()


@dataclass(frozen=True, slots=True)
class Proof:
    """That the root covers a piece: its leaf as it is hashed, and the hashes beside its way up, with their sides."""

    leaf: str
    path: list[tuple[str, str]]


def proofs(evidence: Sequence[Evidence]) -> dict[UUID, Proof]:
    """Return each piece's proof, by its key."""
    leaves = [leaf(piece) for piece in evidence]
    return {
        piece.pk: Proof(told.decode(), [(side, beside.hex()) for side, beside in path])
        for piece, told, path in zip(evidence, leaves, merkle.paths(leaves), strict=True)
    }


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
            **({"nature": piece.nature, "dates": piece.dates} if piece.nature else {}),
            "withdrawn": piece.withdrawn.reason if piece.withdrawn else "",
            "key": file.key,
        }
    )
