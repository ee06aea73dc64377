"""The root of a Merkle tree as RFC 6962 (section 2.1) defines it: one hash for a list, checkable leaf by leaf."""

import hashlib
from collections.abc import Sequence

LEAF, NODE = b"\x00", b"\x01"


def root(leaves: Sequence[bytes]) -> bytes:
    """Return the tree's hash: 32 bytes; that of no leaves is the SHA-256 of nothing."""
    if not leaves:
        return hashlib.sha256().digest()
    hashes = [hashlib.sha256(LEAF + leaf).digest() for leaf in leaves]
    while len(hashes) > 1:
        # Pairing neighbours, the odd one left as it is, makes the tree that the RFC splits from above.
        pairs = [hashlib.sha256(NODE + left + right).digest() for left, right in zip(*[iter(hashes)] * 2, strict=False)]
        hashes = pairs + hashes[len(pairs) * 2 :]
    return hashes[0]
