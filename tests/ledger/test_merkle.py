"""The tree against RFC 6962's published vectors, a tree built from the definition, and forgers."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.evidence_packs.outside.verify import consistent, included
from qa.ledger import merkle
from qa.ledger.merkle import Frontier, NodeId, Span
from tests.ledger.support import root_by_definition

# The leaves, roots and proofs of the test suite of Google's Certificate Transparency log.
LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
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
A = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
B = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
C = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"
D = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
E = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
F = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"
INCLUSION = {
    (1, 1): [],
    (1, 8): [A, B, C],
    (6, 8): [D, E, ROOTS[4]],
    (3, 3): [ROOTS[2]],
    (2, 5): [ROOTS[1], B, D],
}
CONSISTENCY = {(1, 1): [], (1, 8): [A, B, C], (6, 8): [F, E, ROOTS[4]], (2, 5): [B, D]}


class Kept:
    """The nodes a frontier completes, kept in a dictionary."""

    def __init__(self, leaves: Sequence[bytes], batches: Sequence[int] = ()) -> None:
        self.nodes: dict[NodeId, bytes] = {}
        self.edge = Frontier()
        marks = sorted({0, len(leaves), *(b % (len(leaves) + 1) for b in batches)})
        for start, end in pairwise(marks):
            for level, first, hashes in self.edge.append(leaves[start:end]):
                for n, each in enumerate(hashes):
                    assert (level, first + n) not in self.nodes
                    self.nodes[level, first + n] = each

    def __call__(self, wanted: Sequence[NodeId]) -> list[bytes]:
        return [self.nodes[each] for each in wanted]


def made(count: int) -> list[bytes]:
    return [merkle.leaf_hash(n.to_bytes(4, "big")) for n in range(count)]


def test_the_published_roots() -> None:
    hashed = [merkle.leaf_hash(leaf) for leaf in LEAVES]
    for size, root in enumerate(ROOTS):
        kept = Kept(hashed[:size])
        assert kept.edge.root.hex() == root
        assert merkle.root(size, kept).hex() == root


@pytest.mark.parametrize(("leaf", "size"), INCLUSION)
def test_the_published_inclusion_proofs(leaf: int, size: int) -> None:
    hashed = [merkle.leaf_hash(each) for each in LEAVES]
    proof = merkle.inclusion_proof(leaf - 1, size, Kept(hashed))
    assert [each.hex() for each in proof] == INCLUSION[leaf, size]
    root = bytes.fromhex(ROOTS[size])
    assert included(leaf - 1, size, hashed[leaf - 1], proof, root)
    assert merkle.included(leaf - 1, size, hashed[leaf - 1], proof, root)
    for wrong in (proof[:-1], [*proof, root], [root, *proof[1:]]):
        if wrong != proof:
            assert not merkle.included(leaf - 1, size, hashed[leaf - 1], wrong, root)
    assert not merkle.included(leaf - 1, size, hashed[leaf % size], proof, root) or size == 1


@pytest.mark.parametrize(("first", "second"), CONSISTENCY)
def test_the_published_consistency_proofs(first: int, second: int) -> None:
    proof = merkle.consistency_proof(first, second, Kept([merkle.leaf_hash(e) for e in LEAVES]))
    assert [each.hex() for each in proof] == CONSISTENCY[first, second]
    roots = bytes.fromhex(ROOTS[first]), bytes.fromhex(ROOTS[second])
    assert consistent(first, second, *roots, proof)


@given(st.integers(0, 300), st.lists(st.integers(0, 300), max_size=6))
def test_however_it_is_batched_the_tree_is_that_of_the_definition(
    count: int, batches: list[int]
) -> None:
    leaves = made(count)
    kept = Kept(leaves, batches)
    assert kept.edge.root == root_by_definition(leaves)
    assert len(kept.nodes) <= 2 * count
    parts = merkle.perfect_parts((0, count))
    again = Frontier(count, kept(parts))
    assert again.root == kept.edge.root
    assert len(parts) <= count.bit_length()


@given(st.data())
def test_every_event_is_proven_in_every_later_tree_and_only_there(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 200))
    index = data.draw(st.integers(0, size - 1))
    leaves = made(250)
    kept, root = Kept(leaves), root_by_definition(leaves[:size])
    proof = merkle.inclusion_proof(index, size, kept)
    assert len(proof) <= (size - 1).bit_length()
    assert included(index, size, leaves[index], proof, root)
    assert not included(index, size, leaves[index + 1], proof, root)
    other = data.draw(st.integers(0, 249))
    if other != index:
        # The same path may stand for another index of a tree of another size; never of this one.
        assert not included(other, size, leaves[index], proof, root)
    spoilt = spoil(data, proof)
    assert not included(index, size, leaves[index], spoilt, root)


@given(st.data())
def test_every_tree_is_proven_the_beginning_of_every_later_one(data: st.DataObject) -> None:
    second = data.draw(st.integers(1, 200))
    first = data.draw(st.integers(1, second))
    leaves = made(200)
    kept = Kept(leaves)
    first_root, second_root = (root_by_definition(leaves[:n]) for n in (first, second))
    proof = merkle.consistency_proof(first, second, kept)
    assert len(proof) <= second.bit_length() + 1
    assert consistent(first, second, first_root, second_root, proof)
    if first == second:
        assert proof == []
        return
    wrong = bytes(32)
    assert not consistent(first, second, wrong, second_root, proof)
    assert not consistent(first, second, first_root, wrong, proof)
    assert not consistent(first, second, first_root, second_root, spoil(data, proof))


@given(st.integers(2, 120), st.data())
def test_a_changed_past_cannot_be_called_consistent(second: int, data: st.DataObject) -> None:
    """A forger who changes a leaf and builds an honest tree over it still has no proof."""
    first = data.draw(st.integers(1, second))
    leaves = made(second)
    changed = data.draw(st.integers(0, first - 1))
    forged = [*leaves[:changed], merkle.leaf_hash(b"forged"), *leaves[changed + 1 :]]
    proof = merkle.consistency_proof(first, second, Kept(forged))
    signed, now = root_by_definition(leaves[:first]), root_by_definition(forged)
    assert not consistent(first, second, signed, now, proof)


def spoil(data: st.DataObject, proof: list[bytes]) -> list[bytes]:
    """The proof with one thing changed: a bit, a hash too many, too few, or too short."""
    spoilt = list(proof)
    how = data.draw(st.sampled_from(["flip", "drop", "add", "cut"] if proof else ["add"]))
    if how == "add":
        spoilt.insert(data.draw(st.integers(0, len(spoilt))), bytes(32))
        return spoilt
    at = data.draw(st.integers(0, len(spoilt) - 1))
    if how == "drop":
        del spoilt[at]
    elif how == "cut":
        spoilt[at] = spoilt[at][:-1]
    else:
        bit = data.draw(st.integers(0, 255))
        spoilt[at] = bytes(
            b ^ (1 << bit % 8 if n == bit // 8 else 0) for n, b in enumerate(spoilt[at])
        )
    return spoilt


@pytest.mark.parametrize(("index", "size"), [(-1, 4), (4, 4), (0, 0)])
def test_no_proof_of_a_leaf_outside_the_tree(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="not in a tree"):
        merkle.inclusion_spans(index, size)
    assert not included(index, size, bytes(32), [], bytes(32))


@pytest.mark.parametrize(("first", "second"), [(0, 4), (5, 4), (-1, 2)])
def test_no_proof_between_trees_that_are_not_in_order(first: int, second: int) -> None:
    with pytest.raises(ValueError, match="no larger"):
        merkle.consistency_spans(first, second)


def test_nothing_follows_from_no_tree_or_from_a_longer_one() -> None:
    root = root_by_definition(made(3))
    assert not consistent(0, 3, root, root, [])
    assert not consistent(3, 2, root, root, [])


@given(st.integers(0, 500), st.integers(1, 500))
def test_a_span_is_made_of_its_perfect_parts(start: int, length: int) -> None:
    step = 1 << (length - 1).bit_length()
    span: Span = (start * step, start * step + length)
    parts = merkle.perfect_parts(span)
    covered = [n for level, index in parts for n in range(index << level, (index + 1) << level)]
    assert covered == list(range(*span))
