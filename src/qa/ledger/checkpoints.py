"""Signed checkpoints: made from the sealed tree, kept for ever, found again.

Nothing is signed that is not a continuation of what was signed before: the tree must still have
the root of the last checkpoint at its size, and that checkpoint a good signature.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select

from qa.core.clock import from_microseconds, microseconds
from qa.core.errors import Damaged, NotNow
from qa.ledger import access_tree, merkle, tree
from qa.ledger.keys import KeyRing
from qa.ledger.note import Checkpoint, SignedNote, SigningKey, sign
from qa.store.store import Store

SCHEDULE = "schedule"
"""`made_by` of a checkpoint that nobody asked for."""


@dataclass(frozen=True, slots=True)
class Signed:
    """A checkpoint as it is kept. `note` is its text, as anybody outside holds it; `access_note`
    is of the access log, and empty where a release that had none made it."""

    number: int
    size: int
    made_at: datetime
    made_by: str
    note: str
    access_note: str = ""

    @property
    def checkpoint(self) -> Checkpoint:
        """What the note promises. Raises `Refused` where the kept text was spoilt."""
        return SignedNote.read(self.note).checkpoint


def _signed(row: Row[Any]) -> Signed:
    return Signed(
        row.number,
        row.size,
        from_microseconds(row.made_us),
        row.made_by,
        row.note,
        row.access_note or "",
    )


def make(
    store: Store,
    ring: KeyRing,
    *,
    by: str,
    keys: Sequence[SigningKey] = (),
    lines: bool = False,
) -> Signed:
    """Sign the tree as it is sealed now, and the access log, with the ring's current key or `keys`.

    Gives the last checkpoint again where nothing has been sealed since and its key still signs;
    with `lines`, only if no line was written in the access log either.

    Raises:
        NotNow: nothing is sealed yet.   Unavailable: no key to sign with.
        Damaged: the tree does not continue the last checkpoint.
    """
    signing = list(keys) or [ring.current]
    upto = access_tree.last_line(store)
    with store.writing() as connection:
        tree.lock(connection)
        size = tree.size(connection)
        nodes = tree.nodes_in(connection)
        last = latest(connection)
        if size == 0:
            raise NotNow("Nothing is sealed yet, so there is nothing to sign.")
        now = max(store.clock.now(), from_microseconds(tree.sealed_us(connection)))
        if last is not None:
            note = SignedNote.read(last.note)
            if not ring.knows(note):
                raise Damaged("The last checkpoint has no good signature by a key of this ledger.")
            if size < last.size or merkle.root(last.size, nodes) != note.checkpoint.root:
                raise Damaged(
                    f"The tree does not continue the checkpoint of {last.size} facts."
                    " Nothing was signed; run caseloop verify.",
                    position=min(size, last.size),
                )
            if (
                last.size == size
                and all(note.signed_by(key.public) for key in signing)
                and not (lines and upto > _access_upto(connection))
            ):
                return last
            now = max(now, last.made_at)
        origin = signing[-1].name
        made = sign(Checkpoint(origin, size, merkle.root(size, nodes), now), signing)
        edge = access_tree.grown(connection, upto)
        if edge is None:
            raise Damaged(
                "The tree of the access log does not continue the last checkpoint. Nothing was"
                " signed; run caseloop verify."
            )
        access_origin = origin + access_tree.SUFFIX
        access = sign(Checkpoint(access_origin, edge.size, edge.root, now), signing)
        # Of a log without a line there is nothing to promise.
        access_note = access.text if edge.size else ""
        number = 1 if last is None else last.number + 1
        signed = Signed(number, size, now, by, made.text, access_note)
        connection.execute(
            insert(tree.checkpoint),
            {
                "number": signed.number,
                "size": size,
                "made_us": microseconds(now),
                "made_by": by,
                "note": signed.note,
                "access_note": access_note or None,
                "access_edge": b"".join(edge.parts),
                "access_upto": upto,
            },
        )
        return signed


def _access_upto(connection: Connection) -> int:
    return connection.execute(select(func.max(tree.checkpoint.c.access_upto))).scalar() or 0


def latest(connection: Connection, until: datetime | None = None) -> Signed | None:
    """The newest checkpoint, or the newest that was made before an instant."""
    table = tree.checkpoint
    query = select(table).order_by(table.c.number.desc()).limit(1)
    if until is not None:
        query = query.where(table.c.made_us < microseconds(until))
    row = connection.execute(query).first()
    return None if row is None else _signed(row)


def page(connection: Connection, *, before: int | None = None, limit: int = 50) -> list[Signed]:
    """Checkpoints, the newest first, numbered below `before`."""
    table = tree.checkpoint
    query = select(table).order_by(table.c.number.desc()).limit(limit)
    if before is not None:
        query = query.where(table.c.number < before)
    return [_signed(row) for row in connection.execute(query)]


def numbered(connection: Connection, number: int) -> Signed | None:
    table = tree.checkpoint
    row = connection.execute(select(table).where(table.c.number == number)).first()
    return None if row is None else _signed(row)


def covering(connection: Connection, position: int) -> Signed | None:
    """The first checkpoint that covers the event at `position`."""
    table = tree.checkpoint
    query = select(table).where(table.c.size >= position).order_by(table.c.number).limit(1)
    row = connection.execute(query).first()
    return None if row is None else _signed(row)


def everything(connection: Connection) -> list[Signed]:
    """Every checkpoint, the oldest first."""
    rows = connection.execute(select(tree.checkpoint).order_by(tree.checkpoint.c.number))
    return [_signed(row) for row in rows]
