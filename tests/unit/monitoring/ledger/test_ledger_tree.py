"""The tree against RFC 6962: known vectors, the recursive definition, and proofs that prove only what is so."""

import hashlib

import pytest

from skyshield.monitoring.ledger.tree import (
    EMPTY_ROOT,
    Edge,
    consistency_proof,
    consistent,
    included,
    inclusion_proof,
    leaf_hash,
    range_root,
    tile_path,
    widths,
)

# The eight leaves and their roots that the Certificate Transparency projects publish with RFC 6962.
LEAVES = [bytes.fromhex(x) for x in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657",
                                     "606162636465666768696a6b6c6d6e6f")]
ROOTS = ["6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
         "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
         "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
         "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
         "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
         "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
         "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
         "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"]


def grown(leaves) -> tuple[Edge, dict]:
    edge, tiles = Edge(), {}
    for leaf in leaves:
        tiles.update({(level, number): hashes for level, number, hashes in edge.append(leaf_hash(leaf))})
    return edge, tiles | {(level, number): hashes for level, number, hashes in edge.tiles()}


def by_definition(leaves) -> bytes:
    """RFC 6962, section 2.1, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    k = 1
    while 2 * k < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + by_definition(leaves[:k]) + by_definition(leaves[k:])).digest()


def test_the_published_roots():
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    for size, root in enumerate(ROOTS, 1):
        assert grown(LEAVES[:size])[0].root().hex() == root


def test_a_published_audit_path_and_consistency_proof():
    _, tiles = grown(LEAVES)
    path = inclusion_proof(lambda *at: tiles[at], 5, 8)
    assert [h.hex() for h in path] == ["bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                                       "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                                       ROOTS[3]]
    proof = consistency_proof(lambda *at: tiles[at], 6, 8)
    assert [h.hex() for h in proof] == ["0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                                        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                                        ROOTS[3]]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 255, 256, 257, 511, 700, 66_000])
def test_tiles_and_root_are_those_of_the_definition(size):
    leaves = [str(i).encode() for i in range(size)]
    edge, tiles = grown(leaves)
    assert edge.root() == by_definition(leaves) == range_root(lambda *at: tiles[at], 0, size)
    assert {(level, number): len(tiles[level, number]) // 32 for level, number, _ in widths(size)} == {
        (level, number): width for level, number, width in widths(size)}
    assert len(tiles) == len(widths(size))
    again = Edge([tiles.get((level, size >> 8 * (level + 1)), b"") if (size >> 8 * level) % 256 else b""
                  for level in range(len(edge.partial))])
    assert (again.size, again.root()) == (size, edge.root())


def test_proofs_prove_what_is_so_and_nothing_else():
    leaves = [str(i).encode() for i in range(530)]
    _, tiles = grown(leaves)
    read = lambda *at: tiles[at]  # noqa: E731
    for size in (1, 2, 3, 255, 256, 257, 530):
        root = by_definition(leaves[:size])
        for number in {0, size // 3, size // 2, size - 1}:
            proof = inclusion_proof(read, number, size)
            assert included(leaf_hash(leaves[number]), number, size, proof, root)
            assert not included(leaf_hash(b"other"), number, size, proof, root)
            assert not included(leaf_hash(leaves[number]), number, size, [*proof, root], root)
            assert size == 1 or not included(leaf_hash(leaves[number]), (number + 1) % size, size, proof, root)
        for old in {1, size // 2, size - 1, size} - {0}:
            earlier = by_definition(leaves[:old])
            proof = consistency_proof(read, old, size)
            assert consistent(old, size, earlier, root, proof)
            assert old == size or not consistent(old, size, by_definition([*leaves[:old - 1], b"x"]), root, proof)
            assert not consistent(old, size, earlier, by_definition([*leaves[:size - 1], b"x"]), proof)


def test_where_tiles_lie():
    assert tile_path(0, 1234067) == "tile/0/x001/x234/067"
    assert tile_path("entries", 0, 3) == "tile/entries/000.p/3"
    assert sorted(widths(256)) == [(0, 0, 256), (1, 0, 1)]
