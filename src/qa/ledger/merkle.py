"""The Merkle tree of RFC 9162 section 2.1 (RFC 6962 section 2.1): hashes, proofs, verification.

Standard library only, so that anybody can check a proof with this file alone. The tree is never
held whole. What is kept of it are its perfect subtrees, named ``(level, index)``: the root over
the leaves ``index << level`` up to ``(index + 1) << level``, level 0 being the leaf hashes
themselves. They never change once they are complete, and a root or a proof at any size is folded
from at most a few of them for every doubling of the log.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import sha256

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()

NodeId = tuple[int, int]
"""(level, index) of a perfect subtree"""
Nodes = Callable[[Sequence[NodeId]], Sequence[bytes]]
"""Fetches the hashes of perfect subtrees, in the order asked for"""
Span = tuple[int, int]
"""Leaves from the first (inclusive, counted from 0) to the second (exclusive)"""


def leaf_hash(entry: bytes) -> bytes:
    """The hash of one entry of the log."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a node over its two children."""
    return sha256(b"\x01" + left + right).digest()


def _split(count: int) -> int:
    """The largest power of two smaller than `count` (which is at least 2)."""
    return 1 << ((count - 1).bit_length() - 1)


def perfect_parts(span: Span) -> list[NodeId]:
    """The perfect subtrees that a span consists of, the largest and first to the left.

    The span must begin at a multiple of the smallest power of two that holds it, as every node of
    the tree does.
    """
    start, end = span
    found = []
    while start < end:
        level = (end - start).bit_length() - 1
        found.append((level, start >> level))
        start += 1 << level
    return found


def fold(parts: Sequence[bytes]) -> bytes:
    """The hash over perfect subtrees that stand side by side, the largest to the left."""
    if not parts:
        return EMPTY_ROOT
    *others, folded = parts
    for part in reversed(others):
        folded = node_hash(part, folded)
    return folded


def inclusion_spans(index: int, size: int) -> list[Span]:
    """The spans whose hashes prove leaf `index` in the tree of `size` leaves, the nearest first.

    RFC 9162 section 2.1.3.1, PATH(m, D_n). Raises `ValueError` for a leaf outside the tree.
    """
    if not 0 <= index < size:
        raise ValueError("this leaf is not in a tree of that size")
    found: list[Span] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            found.append((middle, end))
            end = middle
        else:
            found.append((start, middle))
            start = middle
    return found[::-1]


def consistency_spans(first: int, second: int) -> list[Span]:
    """The spans whose hashes prove that the tree of `first` leaves begins that of `second`.

    RFC 9162 section 2.1.4.1, PROOF(m, D_n). Raises `ValueError` unless 0 < first <= second.
    """
    if not 0 < first <= second:
        raise ValueError("the first tree must hold something and be no larger than the second")
    found: list[Span] = []
    start, end = 0, second
    whole = True
    while first != end:
        middle = start + _split(end - start)
        if first <= middle:
            found.append((middle, end))
            end = middle
        else:
            found.append((start, middle))
            start, whole = middle, False
    if not whole:
        found.append((start, end))
    return found[::-1]


def hashes_of(spans: Sequence[Span], nodes: Nodes) -> list[bytes]:
    """The hash of every span, all their parts fetched at once."""
    parts = [perfect_parts(span) for span in spans]
    hashes = iter(nodes([part for of_span in parts for part in of_span]))
    return [fold([next(hashes) for _ in of_span]) for of_span in parts]


def root(size: int, nodes: Nodes) -> bytes:
    """The root of the first `size` leaves."""
    return fold(nodes(perfect_parts((0, size))))


def inclusion_proof(index: int, size: int, nodes: Nodes) -> list[bytes]:
    """That leaf `index` (counted from 0) is in the tree of `size` leaves."""
    return hashes_of(inclusion_spans(index, size), nodes)


def included(index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether an inclusion proof leads from a leaf to the root (RFC 9162, section 2.1.3.2). The
    script for those outside has its own, because it must not need this package."""
    here, last, found = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        left = bool(here & 1) or here == last
        found = node_hash(sibling, found) if left else node_hash(found, sibling)
        while left and here and not here & 1:
            here, last = here >> 1, last >> 1
        here, last = here >> 1, last >> 1
    return last == 0 and found == root


def consistency_proof(first: int, second: int, nodes: Nodes) -> list[bytes]:
    """That the tree of `first` leaves is the beginning of the tree of `second` leaves."""
    return hashes_of(consistency_spans(first, second), nodes)


class Frontier:
    """The right edge of a growing tree: its size and the perfect subtrees that make up its root.

    It is all that appending needs: a hash for every binary one in the size.
    """

    def __init__(self, size: int = 0, parts: Iterable[bytes] = ()) -> None:
        """Stand at `size`, whose `perfect_parts` have the hashes `parts`."""
        self.size = size
        self._edge = {
            level: part for (level, _), part in zip(perfect_parts((0, size)), parts, strict=True)
        }

    @property
    def parts(self) -> list[bytes]:
        """The hashes of the `perfect_parts` of the tree as it stands."""
        return [self._edge[level] for level in sorted(self._edge, reverse=True)]

    @property
    def root(self) -> bytes:
        """The root of the tree as it stands."""
        return fold(self.parts)

    def append(self, leaves: Sequence[bytes]) -> Iterator[tuple[int, int, list[bytes]]]:
        """Add leaf hashes, and give the subtrees they complete: level, first index, hashes.

        The iterator must be used up: the frontier moves with it.
        """
        level, row, count = 0, list(leaves), self.size
        self.size += len(row)
        while row:
            yield level, count, row
            if count & 1:
                row = [self._edge.pop(level), *row]
                count -= 1
            if len(row) & 1:
                self._edge[level] = row[-1]
            pairs = zip(row[::2], row[1::2], strict=False)
            row = [sha256(b"\x01" + left + right).digest() for left, right in pairs]
            level, count = level + 1, count >> 1
