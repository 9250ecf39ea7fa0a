"""The only door to the log: one ordered, append-only sequence of events in one database.

    store = Store("sqlite:///council.db", clock=SystemClock())
    store.initialise()
    with store.unit(Stamp(by="p-1", in_role="auditor"), key=key, request=body) as unit:
        if unit.replayed:
            return unit.replayed
        audit = unit.load(stream, evolve, CaseAudit())
        unit.expect(stream, version_seen)
        unit.append(stream, *decide(audit, …))
    return unit.receipt

Knows no nouns: what the events mean is the commands' and projections' business.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import date, datetime
from typing import Any, Protocol, cast
from uuid import uuid4

from sqlalchemy import Connection, Engine, select

from qa.core.asking import rows_of
from qa.core.clock import Clock, end_of_day, from_microseconds, microseconds, today
from qa.core.event import Event, EventRow, RecordedEvent, Source
from qa.schema import revisions
from qa.schema.upgrade import Migration, plan, upgrade
from qa.security.vault import Keys, Vault, sealed_with
from qa.store import tables
from qa.store.ahead import TurnTaken, UnitAhead
from qa.store.codec import Open, Seal, decode
from qa.store.engine import POOL_SIZE, Engines
from qa.store.recorder import SqlRecorder
from qa.store.timekeeping import Timekeeper
from qa.store.trouble import trouble_named
from qa.store.unit import Receipt, Stamp, Unit

__all__ = ["InlineProjector", "Receipt", "Stamp", "Store", "Unit"]

BATCH = 2000
"""Events read at a time: larger batches are slower (more for the collector to look at)."""


class InlineProjector(Protocol):
    """What turns events into read rows inside the transaction that saves them."""

    def apply(
        self, connection: Connection, recorded: Sequence[RecordedEvent[Any]], ready: Any = None
    ) -> None:
        """`ready` is what `ready` made of these very events, if it was asked before."""
        ...

    def ready(self, connection: Connection, recorded: Sequence[RecordedEvent[Any]]) -> Any:
        """What can be worked out before the transaction, from a snapshot in which nothing is
        missing that is recorded before them; None where nothing can."""
        ...

    def create_tables(self, connection: Connection) -> None: ...

    def missing(self, connection: Connection) -> Sequence[str]:
        """What `create_tables` would make."""
        ...


def _new_id() -> str:
    return uuid4().hex


class Store:
    """One council's log. Safe to use from many threads."""

    def __init__(
        self,
        url: str,
        *,
        clock: Clock,
        vault: Vault | None = None,
        projector: InlineProjector | None = None,
        ids: Callable[[], str] = _new_id,
        connections: int = POOL_SIZE,
        timekeeper: Timekeeper | None = None,
    ) -> None:
        self.url = url
        self.clock = clock
        self.vault = vault
        self.projector = projector
        self.timekeeper = timekeeper
        self.engines = Engines(url, connections=connections)
        self.recorder = SqlRecorder(self.engines, lambda: microseconds(clock.now()))
        self.new_id = ids
        self._checked = False

    def __reduce__(self) -> tuple[Callable[..., Store], tuple[str, Clock, Vault | None]]:
        """Another process gets a store of its own on the same log, which projects nothing."""
        return _opened_again, (self.url, self.clock, self.vault)

    @property
    def engine(self) -> Engine:
        """The writers' engine. Prefer `writing()` and `reading()`, which queue and name trouble."""
        return self.engines.writer

    def initialise(self, tell: Callable[[Migration], None] = lambda done: None) -> None:
        """Bring the tables, the projector's included, from whatever is there to this release.

        `tell` hears of each revision once it will last. Raises as `qa.schema.upgrade.upgrade`.
        """

        def read_tables(connection: Connection) -> None:
            if self.projector is not None:
                self.projector.create_tables(connection)

        upgrade(self.engines.writing, read_tables, tell=tell)

    @property
    def is_empty(self) -> bool:
        """Whether the database holds no records yet, not even an empty log."""
        with self.engines.reading() as connection:
            return revisions.is_empty(connection)

    def pending(self) -> tuple[list[Migration], Sequence[str]]:
        """What `initialise` would do: revisions, and read models that it would make tables for."""
        with self.engines.reading() as connection:
            missing = self.projector.missing(connection) if self.projector is not None else ()
            return plan(connection), missing

    def close(self) -> None:
        """Close every connection. The store can be used again afterwards."""
        self.engines.dispose()

    def unit(
        self,
        stamp: Stamp,
        *,
        key: str | None = None,
        request: bytes | str | None = None,
        reason: str | None = None,
        source: Source | None = None,
    ) -> AbstractContextManager[Unit]:
        """One transaction in the name of `stamp`.

        `key` is the caller's idempotency key (each person has their own) and `request` what was
        asked for. Raises, at its ends: `KeyReused`, `MovedOn`, `Unavailable`.
        """
        self.check()
        return Unit(self, stamp, key=key, request=request, reason=reason, source=source)

    def unit_ahead(
        self,
        stamp: Stamp,
        taken: TurnTaken,
        *,
        key: str | None = None,
        request: bytes | str | None = None,
        source: Source | None = None,
    ) -> AbstractContextManager[Unit]:
        """As `unit`, made ready before its turn where the database has one writer at a time.

        Raises `Overtaken` too. `taken` is told how long the turn took.
        """
        if self.engines.is_postgres:
            return self.unit(stamp, key=key, request=request, source=source)
        self.check()
        return UnitAhead(self, stamp, taken, key=key, request=request, source=source)

    @contextmanager
    def reading(self, prepare: Callable[[Connection], None] | None = None) -> Iterator[Connection]:
        """One consistent snapshot. Never waits for a writer.

        `prepare` may make temporary tables and views that only this reader sees.
        """
        self.check()
        with self.engines.reading(prepare) as connection:
            yield self.dated(connection)

    @contextmanager
    def asking(self) -> Iterator[Connection]:
        """For questions that each stand alone, like who somebody is: cheaper than `reading`."""
        self.check()
        with self.engines.asking() as connection:
            yield self.dated(connection)

    @contextmanager
    def writing(self, *, lasting: bool = True) -> Iterator[Connection]:
        """A writing transaction for what is not an event: drafts, accounts, the access log.

        One that is not `lasting` may be lost in a power cut (and only as a whole): it does not
        wait for the disk. For what would then be made again anyhow.
        """
        self.check()
        with self.engines.writing(lasting=lasting) as connection:
            yield self.dated(connection)

    def dated(self, connection: Connection) -> Connection:
        """The connection with the day it is asked on, for what holds from a day that was said
        ahead, and with a way to events: see `today_of` and `events_at` in `projections.core.base`.
        """
        return connection.execution_options(today=today(self.clock), events_at=_events_at)

    def clock_doubt(self, connection: Connection) -> str | None:
        """Why nothing is saved just now: the clock cannot be believed. None where all is well."""
        return None if self.timekeeper is None else self.timekeeper.doubt(connection)

    def head(self, connection: Connection | None = None) -> int:
        """The last position; 0 for an empty log."""
        if connection is None:
            with self.reading() as connection:
                return self.head(connection)
        with trouble_named():
            position: int = connection.execute(select(tables.head.c.position)).scalar_one()
        return position

    def position_at(self, day: date, connection: Connection | None = None) -> int:
        """The last position recorded before the end of that London day; 0 if there is none."""
        if connection is None:
            with self.reading() as connection:
                return self.position_at(day, connection)
        recorded_us, position = tables.event.c.recorded_us, tables.event.c.position
        query = (
            select(position)
            .where(recorded_us < microseconds(end_of_day(day)))
            .order_by(recorded_us.desc(), position.desc())
            .limit(1)
        )
        with trouble_named():
            return connection.execute(query).scalar() or 0

    def recorded_at(self, position: int, connection: Connection) -> datetime | None:
        """When the event at `position` was recorded (0: the first one); None for none."""
        query = select(tables.event.c.recorded_us).where(
            tables.event.c.position == max(position, 1)
        )
        with trouble_named():
            recorded_us = connection.execute(query).scalar()
        return None if recorded_us is None else from_microseconds(recorded_us)

    def events(
        self,
        connection: Connection | None = None,
        *,
        after: int = 0,
        upto: int | None = None,
        stream: str | None = None,
        types: Collection[str] = (),
        limit: int | None = None,
    ) -> Iterator[RecordedEvent[Any]]:
        """Events in the order of the log (or of the stream), read in batches as they are asked for.

        Positions `after` < p <= `upto`; of these `types` only, where any are named. Without a
        connection every batch is read in a snapshot of its own, so that a long reading holds
        nothing up; events do not change in between. Raises `Damaged` at an event that cannot be
        read.
        """
        if connection is None:
            upto = self.head() if upto is None else upto
        while limit is None or limit > 0:
            wanted = BATCH if limit is None else min(BATCH, limit)
            if connection is None:
                with self.reading() as own:
                    batch = self._decoded(own, after, upto, stream, types, wanted)
            else:
                batch = self._decoded(connection, after, upto, stream, types, wanted)
            yield from batch
            if len(batch) < wanted:
                return
            after = batch[-1].position
            limit = None if limit is None else limit - len(batch)

    def rows(
        self,
        connection: Connection,
        *,
        after: int = 0,
        upto: int | None = None,
        stream: str | None = None,
        version: int | None = None,
        types: Collection[str] = (),
        limit: int = BATCH,
    ) -> list[EventRow]:
        """Events as they are stored: position, stream, version, type, recorded_us, bytes."""
        mark = "%s" if self.engines.is_postgres else "?"
        text = (
            "SELECT position, stream, version, type, recorded_us, state FROM fact"
            f" WHERE position > {mark}"
        )
        parameters: list[Any] = [after]
        if upto is not None:
            text += f" AND position <= {mark}"
            parameters.append(upto)
        if stream is not None:
            text += f" AND stream = {mark}"
            parameters.append(stream)
        if version is not None:
            text += f" AND version = {mark}"
            parameters.append(version)
        if types:
            text += f" AND type IN ({', '.join([mark] * len(types))})"
            parameters.extend(types)
        # Within a stream, versions and positions rise together.
        text += f" ORDER BY {'position' if stream is None else 'version'} LIMIT {mark}"
        parameters.append(limit)
        with trouble_named():
            return cast(list[EventRow], rows_of(connection, text, parameters))

    def rows_by_stream(
        self, connection: Connection, streams: Sequence[str]
    ) -> dict[str, list[EventRow]]:
        """The events of each of these streams as they are stored, many read in one round trip."""
        found: dict[str, list[EventRow]] = {stream: [] for stream in streams}
        with trouble_named():
            for row in _where_any(connection, "stream", streams):
                found[row[1]].append(row)
        return found

    def events_of(
        self, connection: Connection, streams: Iterable[str], *, upto: int
    ) -> list[RecordedEvent[Any]]:
        """Every event of some streams up to a position, in the order of the log."""
        opener = self.opener(connection)
        return [decode(row, opener) for row in self.rows_of(connection, set(streams), upto=upto)]

    def rows_of(
        self, connection: Connection, streams: Iterable[str], *, upto: int
    ) -> list[EventRow]:
        """The events of these streams up to a position as they are stored, in log order."""
        with trouble_named():
            return _where_any(connection, "stream", {*streams}, upto=upto)

    def opener(self, connection: Connection) -> Open | None:
        """How sealed text is opened through this connection."""
        vault = self.vault
        if vault is None:
            return None
        return lambda subject, sealed, aad: vault.open(connection, subject, sealed, aad)

    def sealer(self, connection: Connection, keys: Keys) -> Seal | None:
        """How text is sealed inside this connection's transaction, which has some keys already."""
        vault = self.vault
        if vault is None:
            return None

        def seal(subject: str, plain: bytes, aad: bytes) -> bytes:
            data_key = keys.get(subject)
            if data_key is None:
                return vault.seal(connection, subject, plain, aad)
            return sealed_with(data_key, plain, aad)

        return seal

    def _decoded(
        self,
        connection: Connection,
        after: int,
        upto: int | None,
        stream: str | None,
        types: Collection[str],
        limit: int,
    ) -> list[RecordedEvent[Any]]:
        opener = self.opener(connection)
        rows = self.rows(
            connection, after=after, upto=upto, stream=stream, types=types, limit=limit
        )
        return [decode(row, opener) for row in rows]

    def check(self) -> None:
        """Raise `Unavailable`, saying what is needed, unless the records are of this release."""
        if not self._checked:
            with self.engines.reading() as connection:
                revisions.check(connection)
                if self.projector is not None and self.projector.missing(connection):
                    raise revisions.upgrade_needed()
            self._checked = True


def _events_at(connection: Connection, positions: Collection[int]) -> dict[int, tuple[Event, str]]:
    """The events at these positions, nothing of them opened that is sealed, each with the SHA-256
    (hex) of its bytes as they are stored now."""
    if not positions:
        return {}
    with trouble_named():
        rows = _where_any(connection, "position", positions)
    return {row[0]: (decode(row, None).event, hashlib.sha256(row[5]).hexdigest()) for row in rows}


def _where_any(
    connection: Connection, column: str, wanted: Collection[Any], *, upto: int | None = None
) -> list[EventRow]:
    """The events that have one of these in a column as they are stored, in the order of the log."""
    postgres = connection.dialect.name == "postgresql"
    mark = "%s" if postgres else "?"
    # Planned as well as marks, however many there are.
    among = "= ANY(%s)" if postgres else "IN (SELECT value FROM json_each(?))"
    text = f"SELECT position, stream, version, type, recorded_us, state FROM fact WHERE {column} "
    values: list[Any] = [[*wanted] if postgres else json.dumps([*wanted])]
    text += among
    if upto is not None:
        text += f" AND position <= {mark}"
        values.append(upto)
    return cast(list[EventRow], rows_of(connection, f"{text} ORDER BY position", values))


def _opened_again(url: str, clock: Clock, vault: Vault | None) -> Store:
    return Store(url, clock=clock, vault=vault)
