"""The tables of the ledger, and the Merkle tree kept in them.

``ledger_node``         runs of neighbouring perfect subtrees: `level`, index of the `first`, hashes
``ledger_batch``        one row a sealing: leaves up to `size`, when
``ledger_checkpoint``   every signed checkpoint
``ledger_publication``  every attempt to take a checkpoint out of the house

All are append-only, by trigger. A run holds what one sealing completed of one level, so that a
busy log costs few rows and an idle one no rewriting.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    func,
    insert,
    select,
)

from qa.ledger.merkle import HASH_BYTES, Frontier, NodeId, Nodes, perfect_parts
from qa.schema.kept_tables import kept_tables

RUN = 256
"""Hashes in a row at most: 8 KB."""

AT_ONCE = 200
"""Nodes in one query at most; SQLite allows 500 parts."""

Number = BigInteger().with_variant(Integer(), "sqlite")

node = Table(
    "ledger_node",
    kept_tables,
    Column("level", SmallInteger, primary_key=True, autoincrement=False),
    Column("first", BigInteger, primary_key=True, autoincrement=False),
    Column("hashes", LargeBinary, nullable=False),
)

batch = Table(
    "ledger_batch",
    kept_tables,
    Column("size", Number, primary_key=True, autoincrement=False),
    Column("sealed_us", BigInteger, nullable=False),
)

checkpoint = Table(
    "ledger_checkpoint",
    kept_tables,
    Column("number", Number, primary_key=True, autoincrement=False),
    Column("size", BigInteger, nullable=False),
    Column("made_us", BigInteger, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("access_note", Text),
    Column("access_edge", LargeBinary),
    Column("access_upto", BigInteger),
)

publication = Table(
    "ledger_publication",
    kept_tables,
    Column("number", Number, primary_key=True, autoincrement=False),
    Column("checkpoint", BigInteger, nullable=False),
    Column("place", Text, nullable=False),
    Column("at_us", BigInteger, nullable=False),
    Column("done", Boolean, nullable=False),
    Column("detail", Text, nullable=False),
)


def lock(connection: Connection) -> None:
    """Make whoever else would write the ledger wait for the end of this transaction.

    On SQLite a writing transaction already has the file to itself.
    """
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtext('caseloop-ledger'))")


def size(connection: Connection) -> int:
    """How many events are sealed."""
    return connection.execute(select(func.max(batch.c.size))).scalar() or 0


def sealed_us(connection: Connection) -> int:
    """When the last sealing was, in microseconds since 1970 UTC."""
    return connection.execute(select(func.max(batch.c.sealed_us))).scalar() or 0


def nodes_in(connection: Connection) -> Nodes:
    """Fetches perfect subtrees through this connection: one query, however many."""

    def fetch(wanted: Sequence[NodeId]) -> Sequence[bytes]:
        if not wanted:
            return []
        mark = "%s" if connection.dialect.name == "postgresql" else "?"
        cast = "CAST(%s AS bigint)" if mark == "%s" else mark
        one = (
            f"SELECT {cast} AS wanted,"
            f" substr(hashes, CAST({cast} - first AS integer) * {HASH_BYTES} + 1, {HASH_BYTES})"
            f" FROM ledger_node WHERE level = {mark} AND first ="
            f" (SELECT max(first) FROM ledger_node WHERE level = {mark} AND first <= {mark})"
        )
        values: list[Any] = []
        for order, (level, index) in enumerate(wanted):
            values += [order, index, level, level, index]
        query = " UNION ALL ".join([one] * len(wanted))
        rows = connection.exec_driver_sql(query, tuple(values)).fetchall()
        found = {order: bytes(node_hash) for order, node_hash in rows}
        # A node that is missing hashes to nothing anybody signed: the root or proof comes out wrong
        # and is caught where it is checked.
        return [found.get(order, b"") for order in range(len(wanted))]

    return fetch


def prefetched(connection: Connection, wanted: Collection[NodeId]) -> Nodes:
    """The same from memory, for many proofs at once: each node is fetched once."""
    fetch, hashes = nodes_in(connection), dict[NodeId, bytes]()
    rest = sorted(set(wanted))
    for at in range(0, len(rest), AT_ONCE):
        some = rest[at : at + AT_ONCE]
        hashes.update(zip(some, fetch(some), strict=True))
    return lambda nodes: [hashes[each] for each in nodes]


def frontier(connection: Connection, at: int) -> Frontier:
    """The right edge of the tree of the first `at` leaves."""
    return Frontier(at, nodes_in(connection)(perfect_parts((0, at))))


def add(connection: Connection, edge: Frontier, leaves: Sequence[bytes], sealed_us: int) -> None:
    """Append leaves after `edge`, which moves with them. Inside the caller's transaction."""
    rows = [
        {
            "level": level,
            "first": first + at,
            "hashes": b"".join(hashes[at : at + RUN]),
        }
        for level, first, hashes in edge.append(leaves)
        for at in range(0, len(hashes), RUN)
    ]
    connection.execute(insert(node), rows)
    connection.execute(insert(batch), {"size": edge.size, "sealed_us": sealed_us})
