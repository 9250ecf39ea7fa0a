"""The leaf of an event, byte for byte."""

from __future__ import annotations

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from qa.ledger.entry import event_leaf
from qa.ledger.merkle import leaf_hash


def test_the_leaf_is_laid_out_as_documented() -> None:
    state = b'{"v":1}'
    entry = (
        b"caseloop-fact-1\n"
        + bytes.fromhex("0000000000000007000000020005f5e1000000010006")
        + b"case:9"
        + bytes.fromhex("0004")
        + b"Done"
        + hashlib.sha256(state).digest()
    )
    leaf = event_leaf(7, "case:9", 2, "Done", 0x0005F5E100000001, state)
    assert leaf == leaf_hash(entry)


row = st.tuples(
    st.integers(1, 2**63 - 1),
    st.text(max_size=20),
    st.integers(1, 2**31 - 1),
    st.text(max_size=20),
    st.integers(0, 2**63 - 1),
    st.binary(max_size=40),
)


@given(row, row)
def test_two_events_never_share_a_leaf(
    one: tuple[int, str, int, str, int, bytes], other: tuple[int, str, int, str, int, bytes]
) -> None:
    assert (event_leaf(*one) == event_leaf(*other)) == (one == other)


def test_a_name_cannot_run_over_into_the_next() -> None:
    assert event_leaf(1, "ab", 1, "c", 0, b"") != event_leaf(1, "a", 1, "bc", 0, b"")
