"""Sealing: the tree follows the log, a batch at a time.

The events are read and hashed in a snapshot of their own; only then, for the length of a few
inserts, the database is written. A batch is all there or not at all, and starts where the last one
ended, so a sealer may be killed at any moment and any number may run at once: whoever comes second
finds the work done.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from qa.core.clock import from_microseconds, microseconds
from qa.core.errors import Damaged
from qa.ledger import tree
from qa.ledger.entry import event_leaf
from qa.store.store import Store
from qa.store.tables import event

BATCH = 4096
"""Events in one transaction at most."""


def seal(store: Store, most: int | None = None) -> int:
    """Seal every event up to the head of the log as it is when this begins: how many were sealed.

    With `most`, stop after the batch that reaches so many.
    Raises `Damaged` where the log ends before the seal does, or has a gap; `Unavailable`.
    """
    done, upto = 0, store.head()
    while True:
        with store.reading() as connection:
            sealed = tree.size(connection)
            head = store.head(connection)
            if head < sealed:
                raise Damaged(
                    f"The last entry is number {head}, but {sealed} entries have been sealed.",
                    position=head + 1,
                )
            if sealed >= upto or (most is not None and done >= most):
                return done
            rows = store.rows(connection, after=sealed, upto=upto, limit=BATCH)
            edge = tree.frontier(connection, sealed)
        for expected, row in enumerate(rows, start=sealed + 1):
            if row[0] != expected:
                raise Damaged(f"Position {expected} is missing.", position=expected)
        if not rows:
            raise Damaged(f"Position {sealed + 1} is missing.", position=sealed + 1)
        leaves = [event_leaf(*row) for row in rows]
        with store.writing() as connection:
            tree.lock(connection)
            if tree.size(connection) != sealed:
                continue
            # A clock that was set back does not make a seal older than what it covers.
            now = max(microseconds(store.clock.now()), rows[-1][4], tree.sealed_us(connection))
            tree.add(connection, edge, leaves, now)
        done += len(leaves)


@dataclass(frozen=True, slots=True)
class SealStanding:
    """How far the seal is. `unsealed_since`: when the oldest event that waits was recorded."""

    head: int
    sealed: int
    sealed_at: datetime | None
    unsealed_since: datetime | None

    @property
    def unsealed(self) -> int:
        return self.head - self.sealed


def standing(store: Store, connection: Connection) -> SealStanding:
    """How far the seal is, in this snapshot."""
    head = store.head(connection)
    last = connection.execute(
        select(tree.batch.c.size, tree.batch.c.sealed_us)
        .order_by(tree.batch.c.size.desc())
        .limit(1)
    ).first()
    sealed = 0 if last is None else last.size
    waiting = connection.execute(
        select(event.c.recorded_us).where(event.c.position == sealed + 1)
    ).scalar()
    return SealStanding(
        head,
        sealed,
        None if last is None else from_microseconds(last.sealed_us),
        None if waiting is None else from_microseconds(waiting),
    )
