"""The root of a Merkle tree as RFC 6962 (section 2.1) defines it: one hash for a list, checkable leaf by leaf."""

import hashlib
from collections.abc import Iterator, Sequence

LEAF, NODE = b"\x00", b"\x01"


def root(leaves: Sequence[bytes]) -> bytes:
    """Return the tree's hash: 32 bytes; that of no leaves is the SHA-256 of nothing."""
    if not leaves:
        return hashlib.sha256().digest()
    return _levels(leaves)[-1][0]


def paths(leaves: Sequence[bytes]) -> list[list[tuple[str, bytes]]]:
    """Return for each leaf its audit path (section 2.1.1): the hashes that lead from it to the root, from below, each
    with the side ("left", "right") on which it stands.
    """
    levels = _levels(leaves) if leaves else []
    return [list(_path(levels, place)) for place in range(len(leaves))]


def _path(levels: list[list[bytes]], place: int) -> Iterator[tuple[str, bytes]]:
    for level in levels[:-1]:
        neighbour = place ^ 1
        if neighbour < len(level):
            yield ("left" if neighbour < place else "right"), level[neighbour]
        place //= 2


def _levels(leaves: Sequence[bytes]) -> list[list[bytes]]:
    """Return the tree's levels from the leaves' hashes up to the root."""
    levels = [[hashlib.sha256(LEAF + leaf).digest() for leaf in leaves]]
    while len(below := levels[-1]) > 1:
        # Pairing neighbours, the odd one left as it is, makes the tree that the RFC splits from above.
        pairs = [hashlib.sha256(NODE + left + right).digest() for left, right in zip(*[iter(below)] * 2, strict=False)]
        levels.append(pairs + below[len(pairs) * 2 :])
    return levels
