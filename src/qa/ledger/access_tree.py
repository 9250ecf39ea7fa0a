"""The tree over the access log: a second log, named with `SUFFIX`, in each checkpoint.

A leaf is `merkle.leaf_hash` of ``caseloop-access-1``, a line feed, and the columns of one line in
their order as a JSON array without blanks, in UTF-8. Leaves stand in the order of the lines' ids,
which may have gaps. The tree's nodes are not kept: a checkpoint keeps its right edge, from which
the next one goes on, and whoever verifies hashes every line.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from itertools import islice

from sqlalchemy import Connection, func, select

from qa.ledger import merkle, tree
from qa.ledger.merkle import HASH_BYTES, Frontier
from qa.ledger.note import SignedNote
from qa.security.access_log import access_log
from qa.store.store import Store

SUFFIX = "/access-log"
MARK = b"caseloop-access-1\n"
BATCH = 4096
FIRST = -(2**63)
"""Below every id: ours count from 1, those of a line put in need not."""


def last_line(store: Store) -> int:
    """The id up to which every line that will ever be there is there."""
    with store.writing(lasting=False) as connection:
        if connection.dialect.name == "postgresql":
            # Ids are given out before lines are committed: wait for those under way.
            connection.exec_driver_sql("LOCK TABLE access_log IN SHARE MODE")
        return connection.execute(select(func.max(access_log.c.id))).scalar() or 0


def grown(connection: Connection, upto: int) -> Frontier | None:
    """The right edge of the tree over the lines up to the id `upto`, from the last checkpoint's on.

    None where that one's edge is not what was signed.
    """
    table = tree.checkpoint.c
    query = (
        select(table.access_note, table.access_edge, table.access_upto)
        .where(table.access_note.is_not(None))
        .order_by(table.number.desc())
        .limit(1)
    )
    last, edge, after = connection.execute(query).first(), Frontier(), FIRST
    if last is not None:
        signed, after = SignedNote.read(last.access_note).checkpoint, last.access_upto
        parts = [last.access_edge[n : n + HASH_BYTES] for n in range(0, len(last.access_edge), 32)]
        if merkle.fold(parts) != signed.root:
            return None
        edge = Frontier(signed.size, parts)
    _lengthen(edge, _leaves(connection, after, upto))
    return edge


def roots(connection: Connection, sizes: Collection[int]) -> tuple[int, dict[int, bytes]]:
    """How many lines there are, and the roots over the first so many, as far as they are there."""
    edge, lines, found = Frontier(), _leaves(connection), dict[int, bytes]()
    for size in sorted(set(sizes)):
        _lengthen(edge, islice(lines, size - edge.size))
        if edge.size == size:
            found[size] = edge.root
    _lengthen(edge, lines)
    return edge.size, found


def _lengthen(edge: Frontier, lines: Iterator[bytes]) -> None:
    while some := list(islice(lines, BATCH)):
        for _ in edge.append(some):
            pass


def _leaves(connection: Connection, after: int = FIRST, upto: int | None = None) -> Iterator[bytes]:
    columns = access_log.c
    while True:
        query = select(access_log).where(columns.id > after).order_by(columns.id).limit(BATCH)
        rows = connection.execute(query if upto is None else query.where(columns.id <= upto)).all()
        for row in rows:
            text = json.dumps(list(row), ensure_ascii=False, separators=(",", ":"))
            # What no line can hold is written all the same: it hashes to nothing that was signed.
            yield merkle.leaf_hash(MARK + text.encode("utf-8", "surrogatepass"))
        if len(rows) < BATCH:
            return
        after = rows[-1].id
