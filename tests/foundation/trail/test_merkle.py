"""The Merkle root against the vectors that certificate transparency logs publish, and against the RFC's own words."""

import hashlib

import pytest

from foundation.trail import merkle

LEAVES = [
    bytes.fromhex(leaf)
    for leaf in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


@pytest.mark.parametrize("size", range(9))
def test_known_lists_have_their_published_roots(size):
    assert merkle.root(LEAVES[:size]).hex() == ROOTS[size]


def as_the_rfc_says(leaves: list[bytes]) -> bytes:
    """Section 2.1: split at the largest power of two below the number of leaves."""
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.sha256(b"\x01" + as_the_rfc_says(leaves[:split]) + as_the_rfc_says(leaves[split:])).digest()


@pytest.mark.parametrize("size", [9, 15, 16, 17, 31, 33, 100, 1000])
def test_any_size_has_the_root_that_the_definition_gives(size):
    leaves = [str(number).encode() for number in range(size)]
    assert merkle.root(leaves) == as_the_rfc_says(leaves)


def test_an_inner_node_is_no_leaf():
    """Without the prefixes a list of two would have the root of a list of one: the two hashes together."""
    halves = b"".join(hashlib.sha256(b"\x00" + leaf).digest() for leaf in LEAVES[:2])
    assert merkle.root([halves]) != merkle.root(LEAVES[:2])


def test_order_counts():
    assert merkle.root(LEAVES[:2]) != merkle.root(LEAVES[1::-1])


@pytest.mark.parametrize("size", range(1, 18))
def test_every_leaf_has_a_path_to_the_root(size):
    leaves = [bytes([number]) for number in range(size)]
    for leaf, path in zip(leaves, merkle.paths(leaves), strict=True):
        node = hashlib.sha256(merkle.LEAF + leaf).digest()
        for side, beside in path:
            node = hashlib.sha256(merkle.NODE + (beside + node if side == "left" else node + beside)).digest()
        assert node == merkle.root(leaves)


def test_no_leaves_have_no_paths():
    assert merkle.paths([]) == []
