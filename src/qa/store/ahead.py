"""A unit of work that is made ready before its turn to write.

On SQLite whoever saves keeps everybody else from it. For what comes from a file in many parts, most
of that time would go by with loading, deciding and making read rows. Such a unit does this on a
reader's snapshot; its turn is as long as the writing. What it made is right only while nothing was
recorded since the snapshot, for all that it read follows from the events: else it is `Overtaken`,
nothing is saved, and the same is to be done by a unit whose turn comes first.
"""

from __future__ import annotations

from collections.abc import Collection
from contextlib import ExitStack
from dataclasses import dataclass
from time import perf_counter
from types import TracebackType
from typing import TYPE_CHECKING

from sqlalchemy import Connection, select

from qa.core.clock import microseconds
from qa.core.errors import Unavailable
from qa.security.vault import KeysAhead, sealed_with
from qa.store.codec import Seal
from qa.store.tables import head
from qa.store.trouble import database_trouble, trouble_named, unavailable
from qa.store.unit import Stamp, Unit

if TYPE_CHECKING:
    from qa.core.event import Source
    from qa.store.store import Store


class Overtaken(Exception):
    """What was made ready is not right any more, or could not be made ready: nothing is saved."""


@dataclass
class TurnTaken:
    """How many seconds the turn of the last unit took that was made ready before it."""

    seconds: float = 0.0


class UnitAhead(Unit):
    """Use it as a context manager, once, on SQLite.

    Raises, beside what a unit raises: `Overtaken`.
    """

    def __init__(
        self,
        store: Store,
        stamp: Stamp,
        taken: TurnTaken,
        *,
        key: str | None,
        request: bytes | str | None,
        source: Source | None,
    ) -> None:
        super().__init__(store, stamp, key=key, request=request, reason=None, source=source)
        self._taken = taken
        self._snapshot = ExitStack()
        self._keys_ahead: KeysAhead | None = None

    def __enter__(self) -> UnitAhead:
        with trouble_named():
            self.connection = self._snapshot.enter_context(self._store.reading())
            try:
                self._head = self._where(self.connection)
                if self._key is not None:
                    self.replayed = self._earlier_answer(self._key)
            except BaseException:
                self._snapshot.close()
                raise
        return self

    def keys_ahead(self, subjects: Collection[str]) -> None:
        if self._store.vault is None:
            return
        found = self._store.vault.keys_ahead(self.connection, subjects)
        self._keys_ahead = found if self._keys_ahead is None else self._keys_ahead.and_(found)
        self._keys = self._keys_ahead.keys

    def _sealer(self) -> Seal | None:
        if self._store.vault is None:
            return None

        def with_keys(subject: str, plain: bytes, aad: bytes) -> bytes:
            # The snapshot changes nothing: a missing key is made here and kept in the turn.
            if subject not in self._keys:
                self.keys_ahead({subject})
            return sealed_with(self._keys[subject], plain, aad)

        return with_keys

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._snapshot:
            if isinstance(error, database_trouble()):
                raise unavailable(error) from error
            if error is not None:
                return
            if not self._staged:
                self.receipt = self.replayed or self._nothing_saved()
                return
            self._make_ready()
        with trouble_named():
            self._turn = self._store.engines.begin_writing()
        begun = perf_counter()
        try:
            self._take_turn()
            super().__exit__(None, None, None)
        finally:
            self._taken.seconds = perf_counter() - begun

    def _make_ready(self) -> None:
        """Work out what will be written, under the positions and at the moment that it will have
        if it is not overtaken."""
        store, (position, recorded_us) = self._store, self._head
        self._now_us = max(recorded_us, microseconds(store.clock.now()))
        if store.projector is not None:
            recorded = self._as_recorded(position + len(self._staged), self._now_us)
            self._ready = store.projector.ready(self.connection, recorded)
            if self._ready is None:
                raise Overtaken

    def _take_turn(self) -> None:
        """See that all stands as it was.

        Raises:
            Overtaken: it does not. The turn is over then.
        """
        self.connection = self._store.dated(self._turn.connection)
        try:
            with trouble_named():
                stands = self._where(self.connection) == self._head
                if stands and self._keys_ahead is not None:
                    assert self._store.vault is not None
                    stands = self._store.vault.keep_ahead(self.connection, self._keys_ahead)
            if not stands:
                raise Overtaken
        except (Overtaken, Unavailable):
            self._abandon()
            raise

    @staticmethod
    def _where(connection: Connection) -> tuple[int, int]:
        position, recorded_us = connection.execute(
            select(head.c.position, head.c.recorded_us)
        ).one()
        return position, recorded_us
