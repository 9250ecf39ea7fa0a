"""Proof that the log is whole and that the read rows are what the events say.

The log: positions 1, 2, 3 … to the head, versions of every stream without gaps, recording times
that never go back nor lie in the future, every event readable. The read rows: the events are
replayed into tables beside the ones in use, and the two are compared row by row as at the position
the replay reached, so that the service may go on saving meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import Any

from sqlalchemy import Connection, MetaData, Table, Text, collate, select, text
from sqlalchemy.exc import DBAPIError

from projections.core.base import OPEN, is_versioned
from projections.core.rebuild import BATCH, Copies, Progress
from projections.core.registry import Registry
from projections.core.shares import worth
from qa.core.clock import microseconds
from qa.core.errors import Damaged
from qa.store.codec import decode
from qa.store.store import Store

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as it should be.

    `where` is ``log``, a read table or a read model; for a row, `key` names it, `live` is what
    stands there and `replayed` what the events say (None: no such row). Rows may hold case text, so
    in words only their columns are named.
    """

    where: str
    what: str
    key: tuple[Any, ...] = ()
    live: Row | None = None
    replayed: Row | None = None
    columns: tuple[str, ...] = ()

    def __str__(self) -> str:
        key = f" {', '.join(map(str, self.key))}" if self.key else ""
        differing = [
            name
            for name, live, replayed in zip(
                self.columns, self.live or (), self.replayed or (), strict=False
            )
            if live != replayed
        ]
        which = f" (in {', '.join(differing)})" if differing else ""
        return f"{self.where}{key}: {self.what}{which}"


def verify(
    store: Store, registry: Registry, *, limit: int = 1000, progress: Progress | None = None
) -> list[Difference]:
    """At most `limit` differences; an empty list is the proof. Changes nothing that is in use."""
    found = list(_log(store, progress))
    unreadable = {position for each in found for position in each.key}
    with store.reading() as connection:
        stale = registry.stale(connection)
    found += [Difference(name, "was built by another version: rebuild it") for name in stale]
    copies = Copies(store, [p for p in registry.projectors if p.name not in stale], "check")
    try:
        copies.create()
        reached = store.head()
        copies.fill_shared(reached, worth(reached))
        for model, asides in copies.aside.listed().items():
            found += [
                Difference(model, f"fact {one.position} is set aside: {one.why}", (one.position,))
                for one in asides
                if one.position not in unreadable
            ]
        for name, copy in copies.tables.items():
            found += islice(_compared(store, name, copy, reached), max(0, limit - len(found)))
    except Damaged as damage:
        found.append(Difference("log", damage.sentence, key=(damage.position,)))
    finally:
        copies.drop()
    return found[:limit]


def _compared(store: Store, name: str, copy: Table, reached: int) -> Iterator[Difference]:
    """How one table differs; or that it cannot be read, without the words of the database."""
    try:
        with store.reading() as connection:
            yield from _rows(connection, name, copy, reached)
    except DBAPIError as trouble:
        yield Difference(name, f"cannot be read ({type(trouble).__name__})")


def _log(store: Store, progress: Progress | None) -> Iterator[Difference]:
    """Read every event once, in order."""
    head = store.head()
    expected, last_us = 1, 0
    tolerance = timedelta() if store.timekeeper is None else store.timekeeper.tolerance
    latest_us = microseconds(store.clock.now() + tolerance)
    while expected <= head:
        with store.reading() as connection:
            opener = store.opener(connection)
            rows = store.rows(connection, after=expected - 1, upto=head, limit=BATCH)
            for row in rows:
                position, recorded_us = row[0], row[4]
                if position != expected:
                    yield Difference(
                        "log", f"positions {expected} to {position - 1} are missing", (expected,)
                    )
                if recorded_us < last_us:
                    yield Difference("log", "was recorded before the fact before it", (position,))
                if recorded_us > latest_us:
                    yield Difference("log", "is dated in the future", (position,))
                try:
                    decode(row, opener)
                except Damaged as damage:
                    yield Difference("log", damage.sentence, (position,))
                expected, last_us = position + 1, recorded_us
        if not rows:
            yield Difference("log", f"positions {expected} to {head} are missing", (expected,))
            break
        if progress is not None:
            progress(expected - 1, head)
    with store.reading() as connection:
        beyond = connection.execute(
            text("SELECT min(position) FROM fact WHERE position > (SELECT position FROM head)")
        ).scalar()
        if beyond is not None:
            yield Difference("log", "stands after the head of the log", (beyond,))
        # Versions are unique in a stream, so counting them shows every gap.
        torn = connection.execute(
            text(
                "SELECT stream, count(*), min(version), max(version) FROM fact GROUP BY stream"
                " HAVING min(version) <> 1 OR count(*) <> max(version)"
            )
        )
        for stream, count, first, last in torn:
            what = f"stream has {count} facts with versions {first} to {last}"
            yield Difference("log", what, (stream,))


def _rows(connection: Connection, name: str, replayed: Table, reached: int) -> Iterator[Difference]:
    """Walk both tables in the order of the key and report what is not the same in both."""
    names = tuple(c.name for c in replayed.c)
    key_at = [list(replayed.c).index(c) for c in replayed.primary_key]

    def key(row: Row) -> tuple[Any, ...]:
        return tuple(row[i] for i in key_at)

    live_rows = _sorted(connection, replayed, name, reached)
    replayed_rows = _sorted(connection, replayed, replayed.name, reached)
    live, replayed_row = next(live_rows, None), next(replayed_rows, None)
    while live is not None or replayed_row is not None:
        if replayed_row is None or (live is not None and key(live) < key(replayed_row)):
            assert live is not None
            yield Difference(name, "is not what the facts say", key(live), live=live)
            live = next(live_rows, None)
        elif live is None or key(replayed_row) < key(live):
            yield Difference(name, "is missing", key(replayed_row), replayed=replayed_row)
            replayed_row = next(replayed_rows, None)
        else:
            if live != replayed_row:
                yield Difference(
                    name,
                    "is not what the facts say",
                    key(live),
                    live=live,
                    replayed=replayed_row,
                    columns=names,
                )
            live, replayed_row = next(live_rows, None), next(replayed_rows, None)


def _sorted(connection: Connection, table: Table, name: str, reached: int) -> Iterator[Row]:
    """The rows of the table called `name`, shaped as `table`, as they were at `reached`."""
    named = table.to_metadata(MetaData(), name=name)
    binary = "C" if connection.dialect.name == "postgresql" else "BINARY"
    order = [
        collate(named.c[c.name], binary) if isinstance(c.type, Text) else named.c[c.name]
        for c in table.primary_key
    ]
    start = named.c.valid_from if is_versioned(table) else named.c.position
    query = select(named).where(start <= reached).order_by(*order)
    streaming = connection.execution_options(stream_results=True, yield_per=BATCH)
    for row in streaming.execute(query):
        values = tuple(row)
        if is_versioned(table) and values[-1] > reached:
            values = (*values[:-1], OPEN)
        yield values
