"""Our tree against another library's and against the vectors of RFC 9162's reference implementation."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymerkle import InmemoryTree, verify_consistency, verify_inclusion

from daicho.rules.ledger import tree

LEAVES = st.lists(st.binary(max_size=40), min_size=1, max_size=70)
# The eight leaves with which implementations of certificate transparency test each other, and their roots.
KNOWN = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
KNOWN_ROOTS = {
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


def at(leaves: list[bytes]):
    """Hashes of complete subtrees, from leaves in memory."""
    return lambda level, index: tree.root_of_leaves(leaves[index << level : (index + 1) << level])


def hashed(bodies: list[bytes]) -> list[bytes]:
    return [tree.leaf_hash(body) for body in bodies]


def other(bodies: list[bytes]) -> InmemoryTree:
    made = InmemoryTree(algorithm="sha256")
    for body in bodies:
        made.append_entry(body)
    return made


@pytest.mark.parametrize(("size", "root"), KNOWN_ROOTS.items())
def test_known_roots(size, root):
    leaves = hashed([bytes.fromhex(one) for one in KNOWN[:size]])
    assert tree.root_of_leaves(leaves).hex() == root
    assert tree.root(size, at(leaves)).hex() == root


def test_the_empty_tree_has_the_hash_of_nothing():
    assert tree.root_of_leaves([]) == tree.root(0, at([])) == hashlib.sha256(b"").digest()


@given(LEAVES)
def test_roots_agree_with_another_library_at_every_size(bodies):
    judge, leaves = other(bodies), hashed(bodies)
    for size in range(1, len(bodies) + 1):
        assert tree.root(size, at(leaves)) == judge.get_root(size)


@given(LEAVES, st.data())
def test_inclusion_proofs_are_the_other_librarys_and_hold_for_it(bodies, data):
    leaves, judge = hashed(bodies), other(bodies)
    size = data.draw(st.integers(1, len(bodies)))
    position = data.draw(st.integers(0, size - 1))
    path = tree.inclusion_proof(position, size, at(leaves))
    root = tree.root(size, at(leaves))
    assert tree.verify_inclusion(leaves[position], position, size, path, root)
    verify_inclusion(leaves[position], judge.get_root(size), judge.prove_inclusion(position + 1, size))
    assert len(path) <= (size - 1).bit_length()


@given(LEAVES, st.data())
def test_a_proof_of_one_leaf_proves_no_other_leaf_position_size_or_root(bodies, data):
    leaves = hashed([bytes([place]) + body for place, body in enumerate(bodies)])
    size = data.draw(st.integers(2, len(leaves))) if len(leaves) > 1 else 1
    position = data.draw(st.integers(0, size - 1))
    path, root = tree.inclusion_proof(position, size, at(leaves)), tree.root(size, at(leaves))
    for place in range(size):
        if place != position:
            assert not tree.verify_inclusion(leaves[place], place, size, path, root)
            assert not tree.verify_inclusion(leaves[place], position, size, path, root)
    assert not tree.verify_inclusion(leaves[position], position, size, [*path, root], root)
    assert not tree.verify_inclusion(leaves[position], position, size, path, tree.leaf_hash(root))
    assert not tree.verify_inclusion(leaves[position], size, size, path, root)
    assert not tree.verify_inclusion(leaves[position], -1, size, path, root)
    if path:
        assert not tree.verify_inclusion(leaves[position], position, size, path[:-1], root)


@given(LEAVES, st.data())
def test_consistency_proofs_hold_and_hold_for_no_other_beginning(bodies, data):
    leaves, judge = hashed(bodies), other(bodies)
    size = data.draw(st.integers(1, len(bodies)))
    old = data.draw(st.integers(1, size))
    path = tree.consistency_proof(old, size, at(leaves))
    roots = tree.root(old, at(leaves)), tree.root(size, at(leaves))
    assert tree.verify_consistency(old, size, *roots, path)
    verify_consistency(*roots, judge.prove_consistency(old, size))
    forged = tree.leaf_hash(b"another beginning")
    assert not tree.verify_consistency(old, size, forged, roots[1], path)
    if old < size:
        assert not tree.verify_consistency(old, size, roots[0], forged, path)
        assert not tree.verify_consistency(old, size, *roots, [])
        assert not tree.verify_consistency(old, size, *roots, [*path, forged])
        assert not tree.verify_consistency(old, size, *roots, path[:-1])


@given(st.integers(0, 8), st.integers(0, 8), st.lists(st.binary(min_size=32, max_size=32), max_size=6))
def test_no_proof_whatever_makes_the_verifier_fall_over(old, size, path):
    tree.verify_consistency(old, size, bytes(32), bytes(32), path)
    tree.verify_inclusion(bytes(32), old, size, path, bytes(32))


@pytest.mark.parametrize(("position", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_outside_the_tree_nothing_is_proved(position, size):
    with pytest.raises(ValueError, match="no such leaf"):
        tree.inclusion_proof(position, size, at([]))


@pytest.mark.parametrize(("old", "size"), [(0, 3), (4, 3)])
def test_sizes_that_cannot_be_compared(old, size):
    with pytest.raises(ValueError, match="cannot be compared"):
        tree.consistency_proof(old, size, at([]))


@given(st.integers(0, 20), st.integers(0, 2**20))
def test_a_subtree_lies_in_one_tile_and_is_computed_from_it(level, index):
    tile_level, place, depth = tree.tile_for(level, index)
    assert 8 * tile_level + depth == level
    assert place * tree.TILE_WIDTH <= index << depth < (place + 1) * tree.TILE_WIDTH
    hashes = b"".join(hashlib.sha256(bytes([one])).digest() for one in range(tree.TILE_WIDTH))
    first = (index << depth) % tree.TILE_WIDTH
    wanted = [hashes[32 * one : 32 * one + 32] for one in range(first, first + (1 << depth))]
    assert tree.hash_in_tile(hashes, depth, index) == tree.root_of_leaves(wanted)


@given(st.lists(st.binary(max_size=4), min_size=2, max_size=24), st.data())
def test_no_altered_consistency_proof_holds(bodies, data):
    """One hash changed, left out or added: the new root is never shown to continue the old one."""
    leaves = [tree.leaf_hash(body) for body in bodies]
    size = data.draw(st.integers(2, len(leaves)))
    old = data.draw(st.integers(1, size - 1))
    read = at(leaves)
    roots = tree.root_of_leaves(leaves[:old]), tree.root_of_leaves(leaves[:size])
    path = tree.consistency_proof(old, size, read)
    assert tree.verify_consistency(old, size, *roots, path)
    place = data.draw(st.integers(0, len(path) - 1))
    for altered in (
        [*path[:place], bytes(32), *path[place + 1 :]],
        [*path[:place], *path[place + 1 :]],
        [*path, bytes(32)],
    ):
        assert not tree.verify_consistency(old, size, *roots, altered)
    assert not tree.verify_consistency(size, old, *reversed(roots), path)


def test_equal_trees_need_no_proof_and_take_none():
    root = tree.root_of_leaves([tree.leaf_hash(b"a"), tree.leaf_hash(b"b")])
    assert tree.consistency_proof(2, 2, at([tree.leaf_hash(b"a"), tree.leaf_hash(b"b")])) == []
    assert tree.verify_consistency(2, 2, root, root, [])
    assert not tree.verify_consistency(2, 2, root, root, [root])
    assert not tree.verify_consistency(2, 2, root, bytes(32), [])
    assert not tree.verify_consistency(1, 2, root, root, [])


def test_every_proof_of_every_small_tree_holds():
    """All positions of all sizes up to 66: a shift too far shows itself at some of them only."""
    leaves = hashed([b"%d" % number for number in range(66)])
    read = at(leaves)
    roots = [tree.root_of_leaves(leaves[:size]) for size in range(67)]
    for size in range(1, 67):
        for place in range(size):
            proof = tree.inclusion_proof(place, size, read)
            assert tree.verify_inclusion(leaves[place], place, size, proof, roots[size]), (place, size)
            proof = tree.consistency_proof(place + 1, size, read)
            assert tree.verify_consistency(place + 1, size, roots[place + 1], roots[size], proof), (
                place,
                size,
            )
