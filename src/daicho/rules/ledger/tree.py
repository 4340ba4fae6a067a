"""Arithmetic of the tree over a ledger's lines, as RFC 9162 has it, and of the tiles that keep it."""

import hashlib
from collections.abc import Callable, Sequence

TILE_WIDTH = 256
TILE_LEVELS = 8  # one tile spans eight levels of the tree
HASH_BYTES = 32

HashAt = Callable[[int, int], bytes]  # (level, index) of a complete subtree -> its hash


def leaf_hash(body: bytes) -> bytes:
    """Hash one line.

    Law: none, RFC 9162 2.1.1.
    """
    return hashlib.sha256(b"\x00" + body).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two subtrees into one.

    Law: none, RFC 9162 2.1.1.
    """
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of_leaves(leaves: Sequence[bytes]) -> bytes:
    """Compute the root over leaf hashes held in memory.

    Law: none, RFC 9162 2.1.1.
    """
    if not leaves:
        return hashlib.sha256(b"").digest()
    level = list(leaves)
    while len(level) > 1:
        paired = [node_hash(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        if len(level) % 2:
            paired.append(level[-1])
        level = paired
    return level[0]


def root(size: int, hash_at: HashAt) -> bytes:
    """Compute the root of the first `size` leaves from complete subtrees.

    Law: none, RFC 9162 2.1.1.
    """
    return hashlib.sha256(b"").digest() if size == 0 else _range_hash(0, size, hash_at)


def inclusion_proof(position: int, size: int, hash_at: HashAt) -> list[bytes]:
    """List the hashes that lead from a leaf to the root.

    Law: none, RFC 9162 2.1.3.1. Raises: ValueError outside the tree.
    """
    if not 0 <= position < size:
        raise ValueError("no such leaf")
    path: list[bytes] = []
    low, high = 0, size
    while high - low > 1:
        middle = low + _split(high - low)
        if position < middle:
            path.append(_range_hash(middle, high, hash_at))
            high = middle
        else:
            path.append(_range_hash(low, middle, hash_at))
            low = middle
    return path[::-1]


def consistency_proof(old_size: int, size: int, hash_at: HashAt) -> list[bytes]:
    """List the hashes that show that the tree of `old_size` leaves is the beginning of this one.

    Law: none, RFC 9162 2.1.4.1. Raises: ValueError for sizes that cannot be compared.
    """
    if not 0 < old_size <= size:
        raise ValueError("sizes cannot be compared")
    return [] if old_size == size else _subproof(old_size, 0, size, hash_at, known=True)


def _subproof(old: int, low: int, high: int, hash_at: HashAt, *, known: bool) -> list[bytes]:
    if old == high - low:
        return [] if known else [_range_hash(low, high, hash_at)]
    split = _split(high - low)
    if old <= split:
        return [
            *_subproof(old, low, low + split, hash_at, known=known),
            _range_hash(low + split, high, hash_at),
        ]
    rest = _subproof(old - split, low + split, high, hash_at, known=False)
    return [*rest, _range_hash(low, low + split, hash_at)]


def verify_inclusion(
    leaf: bytes, position: int, size: int, path: Sequence[bytes], expected_root: bytes
) -> bool:
    """Tell whether the path leads from this leaf to this root.

    Law: none, RFC 9162 2.1.3.2.
    """
    if not 0 <= position < size:
        return False
    index, last, found = position, size - 1, leaf
    for sibling in path:
        if last == 0:
            return False
        if index % 2 or index == last:
            found = node_hash(sibling, found)
            while not index % 2 and index:
                index, last = index >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        index, last = index >> 1, last >> 1
    return last == 0 and found == expected_root


def verify_consistency(
    old_size: int, size: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]
) -> bool:
    """Tell whether the proof shows that the old tree is the beginning of the new one.

    Law: none, RFC 9162 2.1.4.2.
    """
    if not 0 < old_size <= size:
        return False
    if old_size == size:
        return not path and old_root == new_root
    steps = list(path)
    if old_size & (old_size - 1) == 0:
        steps.insert(0, old_root)
    if not steps:
        return False
    index, last = old_size - 1, size - 1
    while index % 2:
        index, last = index >> 1, last >> 1
    old_found = new_found = steps[0]
    for sibling in steps[1:]:
        if last == 0:
            return False
        if index % 2 or index == last:
            old_found, new_found = node_hash(sibling, old_found), node_hash(sibling, new_found)
            while not index % 2 and index:
                index, last = index >> 1, last >> 1
        else:
            new_found = node_hash(new_found, sibling)
        index, last = index >> 1, last >> 1
    return last == 0 and old_found == old_root and new_found == new_root


def _split(count: int) -> int:
    """Give the largest power of two below `count`."""
    return 1 << (count - 1).bit_length() - 1


def _range_hash(low: int, high: int, hash_at: HashAt) -> bytes:
    """Hash the leaves from `low` up to `high`, where `low` is aligned as the tree splits."""
    count = high - low
    if count & (count - 1) == 0:
        level = count.bit_length() - 1
        return hash_at(level, low >> level)
    split = _split(count)
    return node_hash(_range_hash(low, low + split, hash_at), _range_hash(low + split, high, hash_at))


def tile_for(level: int, index: int) -> tuple[int, int, int]:
    """Name the tile (its level, its place) in which a complete subtree's hash is found, and the depth inside it.

    Law: none, own arithmetic: tile level t holds tree level 8t in 256 hashes.
    """
    tile_level, depth = divmod(level, TILE_LEVELS)
    return tile_level, index >> (TILE_LEVELS - depth), depth


def hash_in_tile(hashes: bytes, depth: int, index: int) -> bytes:
    """Compute the hash of a complete subtree from the hashes of one tile.

    Law: none, own arithmetic.
    """
    width = 1 << depth
    first = (index * width) % TILE_WIDTH
    return root_of_leaves(
        [hashes[HASH_BYTES * i : HASH_BYTES * (i + 1)] for i in range(first, first + width)]
    )
