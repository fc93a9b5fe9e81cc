"""The Merkle tree of RFC 6962 over tiles of height 8 (C2SP tlog-tiles), and its proofs.

Sources: RFC 6962, section 2.1; RFC 9162, sections 2.1.3.2 and 2.1.4.2 (how proofs are checked);
https://c2sp.org/tlog-tiles.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence

HASH_BYTES = 32
TILE_HEIGHT = 8
TILE_WIDTH = 1 << TILE_HEIGHT
EMPTY_ROOT = hashlib.sha256(b"").digest()
ReadTile = Callable[[int, int], bytes]
"""Return the hashes of a tile, one after the other, from its level and number."""
_GROUP = 1000


def leaf_hash(leaf: bytes) -> bytes:
    """Return the hash of a leaf: SHA-256 of a zero byte and its bytes.

    Examples
    --------
    >>> leaf_hash(b"").hex()[:16]
    '6e340b9cffb37a98'
    """
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of a node: SHA-256 of a one byte and its two children."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of(hashes: Sequence[bytes]) -> bytes:
    """Return the root over the hashes of leaves or of equal, full subtrees.

    Examples
    --------
    >>> root_of([]) == EMPTY_ROOT, root_of([leaf_hash(b"")]) == leaf_hash(b"")
    (True, True)
    """
    if not hashes:
        return EMPTY_ROOT
    row = list(hashes)
    while len(row) > 1:
        above = [node_hash(row[i], row[i + 1]) for i in range(0, len(row) - 1, 2)]
        row = above if len(row) % 2 == 0 else [*above, row[-1]]
    return row[0]


def split(tile: bytes) -> list[bytes]:
    """Return the hashes of a tile."""
    return [tile[i:i + HASH_BYTES] for i in range(0, len(tile), HASH_BYTES)]


class Edge:
    """The right edge of a growing tree: at each level of tiles the hashes of the tile that is not yet full.

    Parameters
    ----------
    partial
        The partial tiles of a tree, lowest level first; empty where a level has none.
    """

    def __init__(self, partial: Sequence[bytes] = ()) -> None:
        self.partial = [split(tile) for tile in partial]
        self.size = sum(len(row) << (TILE_HEIGHT * level) for level, row in enumerate(self.partial))

    def append(self, hashed: bytes) -> Iterator[tuple[int, int, bytes]]:
        """Add the hash of a leaf; give each tile that it fills as (level, number, hashes)."""
        yield from self.extend((hashed,))

    def extend(self, hashes: Sequence[bytes]) -> Iterator[tuple[int, int, bytes]]:
        """Add the hashes of leaves; give each tile that they fill."""
        if not self.partial:
            self.partial.append([])
        at = 0
        while at < len(hashes):
            row = self.partial[0]
            part = hashes[at:at + TILE_WIDTH - len(row)]
            row += part
            at += len(part)
            self.size += len(part)
            if len(row) == TILE_WIDTH:
                yield 0, (self.size >> TILE_HEIGHT) - 1, b"".join(row)
                self.partial[0] = []
                yield from self._above(root_of(row))

    def _above(self, hashed: bytes) -> Iterator[tuple[int, int, bytes]]:
        """Add the root of a full tile of leaves to the levels above."""
        level = 1
        while True:
            if level == len(self.partial):
                self.partial.append([])
            row = self.partial[level]
            row.append(hashed)
            if len(row) < TILE_WIDTH:
                return
            number = (self.size >> (TILE_HEIGHT * (level + 1))) - 1
            yield level, number, b"".join(row)
            hashed = root_of(row)
            self.partial[level] = []
            level += 1

    def tiles(self) -> Iterator[tuple[int, int, bytes]]:
        """Give the partial tiles as (level, number, hashes); none for a level without hashes of its own."""
        for level, row in enumerate(self.partial):
            if row:
                yield level, self.size >> (TILE_HEIGHT * (level + 1)), b"".join(row)

    def root(self) -> bytes:
        """Return the root of the tree, 32 bytes."""
        peaks: list[bytes] = []
        for row in reversed(self.partial):
            start = 0
            for bit in reversed(range(TILE_HEIGHT)):
                if len(row) >> bit & 1:
                    peaks.append(root_of(row[start:start + (1 << bit)]))
                    start += 1 << bit
        if not peaks:
            return EMPTY_ROOT
        root = peaks.pop()
        while peaks:
            root = node_hash(peaks.pop(), root)
        return root


def widths(size: int) -> list[tuple[int, int, int]]:
    """Return every tile of a tree of so many leaves as (level, number, hashes in it).

    Examples
    --------
    >>> [tile for tile in widths(70_000) if tile[2] != 256 or tile[0] == 1]
    [(0, 273, 112), (1, 0, 256), (1, 1, 17), (2, 0, 1)]
    """
    result: list[tuple[int, int, int]] = []
    level, count = 0, size
    while count:
        result += [(level, number, TILE_WIDTH) for number in range(count // TILE_WIDTH)]
        if count % TILE_WIDTH:
            result.append((level, count // TILE_WIDTH, count % TILE_WIDTH))
        level, count = level + 1, count // TILE_WIDTH
    return result


def tile_path(level: int | str, number: int, width: int = TILE_WIDTH) -> str:
    """Return where a tile, or with level ``entries`` a bundle of leaves, lies below the log's folder.

    Examples
    --------
    >>> tile_path(0, 1234067), tile_path("entries", 273, 112)
    ('tile/0/x001/x234/067', 'tile/entries/273.p/112')
    """
    groups = [f"{number % _GROUP:03d}"]
    while number >= _GROUP:
        number //= _GROUP
        groups.insert(0, f"x{number % _GROUP:03d}")
    return f"tile/{level}/{'/'.join(groups)}" + ("" if width == TILE_WIDTH else f".p/{width}")


def range_root(read: ReadTile, start: int, end: int) -> bytes:
    """Return the root over the leaves from `start` up to, without, `end`; from tiles alone.

    `start` is a multiple of the largest power of two below the number of leaves, as in RFC 6962's recursion.
    """
    count = end - start
    if count == 0:
        return EMPTY_ROOT
    if count & (count - 1) == 0:
        level, rest = divmod(count.bit_length() - 1, TILE_HEIGHT)
        first = start >> (TILE_HEIGHT * level)
        tile, at = divmod(first, TILE_WIDTH)
        hashes = read(level, tile)[at * HASH_BYTES:(at + (1 << rest)) * HASH_BYTES]
        return root_of(split(hashes))
    cut = start + _half(count)
    return node_hash(range_root(read, start, cut), range_root(read, cut, end))


def inclusion_proof(read: ReadTile, number: int, size: int) -> list[bytes]:
    """Return the audit path of a leaf in the tree of the first `size` leaves, from its sibling upwards."""
    start, end, path = 0, size, []
    while end - start > 1:
        cut = start + _half(end - start)
        if number < cut:
            path.append(range_root(read, cut, end))
            end = cut
        else:
            path.append(range_root(read, start, cut))
            start = cut
    return path[::-1]


def included(hashed: bytes, number: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Tell whether a proof shows that a leaf's hash is at a number in the tree with this size and root."""
    if not 0 <= number < size:
        return False
    at, last, found = number, size - 1, hashed
    for sibling in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            found = node_hash(sibling, found)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and found == root


def consistency_proof(read: ReadTile, old: int, size: int) -> list[bytes]:
    """Return the proof that the tree of `size` leaves begins with the tree of `old` leaves (0 < old <= size)."""
    start, end, whole, path = 0, size, True, []
    while old != end:
        cut = start + _half(end - start)
        if old <= cut:
            path.append(range_root(read, cut, end))
            end = cut
        else:
            path.append(range_root(read, start, cut))
            start, whole = cut, False
    if not whole:
        path.append(range_root(read, start, end))
    return path[::-1]


def consistent(old: int, size: int, old_root: bytes, root: bytes, proof: Sequence[bytes]) -> bool:
    """Tell whether a proof shows that the larger tree begins with the smaller."""
    if old == size:
        return not proof and old_root == root
    if not 0 < old < size:
        return old == 0 and not proof and old_root == EMPTY_ROOT
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    if not path:
        return False
    at, last = old - 1, size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    first = second = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            first, second = node_hash(sibling, first), node_hash(sibling, second)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            second = node_hash(second, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and first == old_root and second == root


def _half(count: int) -> int:
    """Return the largest power of two below a count."""
    return 1 << ((count - 1).bit_length() - 1)
