"""A unit of work: load streams, decide, append events; all of it is saved, or none.

One transaction holds the events, the read rows made from them and the answer kept for an
idempotency key. Nothing slow belongs inside: no network, no files, no pandas.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypedDict, TypeVar, Unpack

from eventsourcing.persistence import StoredEvent
from sqlalchemy import Connection, func, insert, select

from qa.core.asking import Wanted, put
from qa.core.clock import from_microseconds, today
from qa.core.errors import KeyReused, MovedOn, Unavailable
from qa.core.event import Event, EventRow, Meta, RecordedEvent, Source
from qa.security.vault import Keys
from qa.store.codec import Seal, decode, encode
from qa.store.recorder import taken
from qa.store.tables import command_receipt, event, head
from qa.store.trouble import database_trouble, trouble_named, unavailable

if TYPE_CHECKING:
    from qa.store.store import Store

S = TypeVar("S")

MOVED_ON = "Somebody else has changed this record since you opened it."


@dataclass(frozen=True, slots=True)
class Stamp:
    """Who acts: the person's id, the role acted in and, where it matters, their team of the day."""

    by: str
    in_role: str
    team: str | None = None


class Envelope(TypedDict, total=False):
    """What events say beside their content, where it is not what their unit of work says.

    `about` names whose personal text they hold (``child:…`` or ``person:…``).
    """

    effective_on: date | None
    reason: str | None
    about: str | None
    source: Source | None
    stamp: Stamp


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was saved: up to which position, when, the new version of every stream written, and
    what the command answered. `replayed` says that an earlier call did the work."""

    position: int
    recorded_at: datetime
    versions: dict[str, int]
    response: dict[str, Any]
    replayed: bool


class Unit:
    """Made by `Store.unit`; use it as a context manager, once.

    `replayed` is set when this person's idempotency key already did this request: the command
    returns it at once and appends nothing. After the block, `receipt` says what was saved.
    """

    connection: Connection
    receipt: Receipt

    def __init__(
        self,
        store: Store,
        stamp: Stamp,
        *,
        key: str | None,
        request: bytes | str | None,
        reason: str | None,
        source: Source | None,
    ) -> None:
        self._store = store
        self._stamp = stamp
        self._key = key
        self._request = request
        self._reason = reason
        self._source = source
        self._versions: dict[str, int] = {}
        self._staged: list[StoredEvent] = []
        self._events: list[tuple[Meta, Event]] = []
        self._next: dict[str, int] = {}
        self._ahead: dict[str, list[EventRow]] = {}
        self._beside: list[Wanted[None]] = []
        self._keys: Keys = {}
        self._now_us: int | None = None
        self._ready: Any = None
        self._response: dict[str, Any] = {}
        self._correlation_id = store.new_id()
        self.replayed: Receipt | None = None

    def __enter__(self) -> Unit:
        with trouble_named():
            # What comes from a file is much at once: nobody else should have to wait for it.
            self._turn = self._store.engines.begin_writing(shares=self._source is None)
            self.connection = self._store.dated(self._turn.connection)
            try:
                if self._key is not None:
                    self.replayed = self._earlier_answer(self._key)
            except BaseException:
                self._abandon()
                raise
        return self

    def load(self, stream: str, evolve: Callable[[S, RecordedEvent[Any]], S], initial: S) -> S:
        """Fold the stream's events over `initial`, and remember its version.

        Raises `Damaged` where an event cannot be read.
        """
        state = initial
        version = 0
        for recorded in self._events_of(stream):
            state = evolve(state, recorded)
            version = recorded.version
        self._versions[stream] = version
        return state

    def read_ahead(self, *streams: str) -> None:
        """Read streams that will be loaded, in one round trip instead of one each."""
        self._ahead = self._store.rows_by_stream(self.connection, streams)

    def keys_ahead(self, subjects: Collection[str]) -> None:
        """Have the keys ready of everybody whom events that will be appended are about, instead of
        asking for each."""
        if self._store.vault is not None:
            self._keys = self._store.vault.keys_of(self.connection, subjects)

    def newest(self, stream: str) -> RecordedEvent[Any] | None:
        """The last event of a stream that need not be read as a whole; its version is remembered.

        Raises `Damaged` where it cannot be read.
        """
        version = self.version(stream)
        opener = self._store.opener(self.connection)
        rows = self._store.rows(self.connection, stream=stream, version=version)
        return decode(rows[0], opener) if rows else None

    def _events_of(self, stream: str) -> Iterable[RecordedEvent[Any]]:
        ahead = self._ahead.pop(stream, None)
        if ahead is None:
            return self._store.events(self.connection, stream=stream)
        if not ahead:
            return ()
        opener = self._store.opener(self.connection)
        return (decode(row, opener) for row in ahead)

    def version(self, stream: str) -> int:
        """The stream's version as this unit found it; 0 where it does not exist."""
        if stream not in self._versions:
            query = select(func.max(event.c.version)).where(event.c.stream == stream)
            self._versions[stream] = self.connection.execute(query).scalar() or 0
        return self._versions[stream]

    def expect(self, stream: str, version: int | None) -> None:
        """Raise `MovedOn` unless the stream stands where the user saw it; None asks nothing."""
        current = self.version(stream)
        if version is not None and version != current:
            raise MovedOn(MOVED_ON, current=current)

    def append(self, stream: str, *events: Event, **beside: Unpack[Envelope]) -> None:
        """Stage `events` after what was loaded of `stream`; a stream not loaded is a new one.

        Raises `ValueError` for personal text about nobody. Two writers of one version: the later
        one gets `MovedOn` at the end of the block.
        """
        who = beside.get("stamp") or self._stamp
        store = self._store
        version = self._next.get(stream)
        if version is None:
            version = self._versions.get(stream, 0)
        seal = self._sealer()
        for each in events:
            version += 1
            meta = Meta(
                fact_id=store.new_id(),
                effective_on=beside.get("effective_on") or today(store.clock),
                by=who.by,
                in_role=who.in_role,
                team_then=who.team,
                correlation_id=self._correlation_id,
                reason=beside.get("reason") or self._reason,
                about=beside.get("about"),
                source=beside.get("source") or self._source,
            )
            state = encode(each, meta, stream=stream, version=version, seal=seal)
            self._staged.append(StoredEvent(stream, version, each.TYPE, state))
            self._events.append((meta, each))
        self._next[stream] = version

    def _sealer(self) -> Seal | None:
        return self._store.sealer(self.connection, self._keys)

    def in_turn(self, what: str) -> None:
        """Wait for every other unit that said the same and is under way. For what two units could
        only break together, said before it is loaded. SQLite has one writer at a time anyhow."""
        if self._store.engines.is_postgres:
            self.connection.exec_driver_sql(
                "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (what,)
            )

    def beside(self, wanted: Wanted[None]) -> None:
        """Carry a statement out when the events are added, and not at all where there are none."""
        self._beside.append(wanted)

    def part(self) -> Unit:
        """This unit for one part of its work: what it appends is saved with the whole, and what it
        answers is kept by nobody."""
        part = copy(self)
        part._response = {}
        part.receipt = part._nothing_saved()
        return part

    def respond(self, **values: Any) -> None:
        """Keep what the command answers (JSON values) for a repeat with the same key."""
        self._response.update(values)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is not None:
            with trouble_named():
                self._abandon()
            if isinstance(error, database_trouble()):
                raise unavailable(error) from error
            return
        try:
            self._save()
        finally:
            with trouble_named():
                self._turn.end()

    def _abandon(self) -> None:
        self._turn.undo()
        self._turn.end()

    def _save(self) -> None:
        try:
            if self._staged and self.replayed is not None:
                raise RuntimeError("a repeated request was carried out again")
            if not self._staged:
                self.receipt = self.replayed or self._nothing_saved()
                self._turn.undo()
                return
            self.receipt = self._write()
        except taken() as error:
            self._turn.undo()
            raise self._moved_on(error) from error
        except database_trouble() as error:
            self._turn.undo()
            raise unavailable(error) from error
        except BaseException:
            self._turn.undo()
            raise
        try:
            self._turn.commit()
        except database_trouble() as error:
            self._turn.undo()
            self._settle(error)
        self._store.recorder.wake()

    def _write(self) -> Receipt:
        connection, store = self.connection, self._store
        if store.timekeeper is not None:
            store.timekeeper.require(connection)
        last, recorded_us, database_us = store.recorder.append(
            connection,
            self._staged,
            [put(connection.dialect, one) for one in self._beside],
            now_us=self._now_us,
        )
        if store.timekeeper is not None:
            store.timekeeper.confirm(recorded_us, database_us)
        receipt = Receipt(
            last, from_microseconds(recorded_us), dict(self._next), self._response, replayed=False
        )
        if store.projector is not None:
            recorded = self._as_recorded(last, recorded_us)
            store.projector.apply(connection, recorded, self._ready)
        if self._key is not None:
            connection.execute(
                insert(command_receipt),
                {
                    "person": self._stamp.by,
                    "key": self._key,
                    "request_sha256": self._request_sha256(),
                    "position": last,
                    "recorded_us": recorded_us,
                    "versions": receipt.versions,
                    "response": receipt.response,
                },
            )
        return receipt

    def _as_recorded(self, last: int, recorded_us: int) -> list[RecordedEvent[Any]]:
        """The events as they stand in the log, the last of them at the position `last`."""
        first, recorded_at = last - len(self._staged) + 1, from_microseconds(recorded_us)
        return [
            RecordedEvent(
                first + n,
                str(event.originator_id),
                event.originator_version,
                recorded_at,
                meta,
                each,
            )
            for n, (event, (meta, each)) in enumerate(zip(self._staged, self._events, strict=True))
        ]

    def _nothing_saved(self) -> Receipt:
        position, recorded_us = self.connection.execute(
            select(head.c.position, head.c.recorded_us)
        ).one()
        return Receipt(position, from_microseconds(recorded_us), {}, self._response, replayed=False)

    def _earlier_answer(self, key: str) -> Receipt | None:
        """What this person's key answered before; waits for a twin that is under way."""
        self.in_turn(f"{self._stamp.by}\n{key}")
        row = self.connection.execute(
            select(command_receipt).where(
                command_receipt.c.person == self._stamp.by, command_receipt.c.key == key
            )
        ).one_or_none()
        if row is None:
            return None
        if row.request_sha256 != self._request_sha256():
            raise KeyReused("This idempotency key was used for another request.")
        return Receipt(
            row.position,
            from_microseconds(row.recorded_us),
            row.versions,
            row.response,
            replayed=True,
        )

    def _request_sha256(self) -> str:
        request = self._request or b""
        if isinstance(request, str):
            request = request.encode()
        return hashlib.sha256(request).hexdigest()

    def _moved_on(self, error: Exception) -> MovedOn:
        """The refusal for a version that is taken, with where the first such stream stands now.

        The transaction is rolled back; this reads in a new one of the same connection.
        """
        for stream in self._next:
            query = select(func.max(event.c.version)).where(event.c.stream == stream)
            current = self.connection.execute(query).scalar() or 0
            if current > self._versions.get(stream, 0):
                return MovedOn(MOVED_ON, current=current)
        raise error

    def _settle(self, error: Exception) -> None:
        """The commit was sent and its answer was lost: find out, and never just try again.

        Whoever holds the head row is the last to have written, so once it is ours the events are
        either there for good or will never be. Returns if they are saved. Raises `Unavailable`: as
        for any failure if they are not, with the code ``outcome-unknown`` if nobody can say.
        """
        try:
            # Perhaps still this unit's turn in the queue of writers, so straight to the engine.
            with trouble_named(), self._store.engine.begin() as connection:
                # SQLite leaves FOR UPDATE out: its transaction holds the whole file.
                connection.execute(select(head.c.position).with_for_update())
                stored = connection.execute(
                    select(event.c.state).where(event.c.position == self.receipt.position)
                ).scalar()
        except Unavailable as lost:
            raise Unavailable(
                "The connection to the records was lost while saving. It may or may not have been"
                " saved: look before you repeat it.",
                code="outcome-unknown",
            ) from lost
        if stored != self._staged[-1].state:
            raise unavailable(error) from error
