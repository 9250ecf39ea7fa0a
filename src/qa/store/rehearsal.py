"""A unit of work that saves nothing: it loads on a reader's snapshot, and remembers what a command
would have appended."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import ExitStack
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Unpack

from qa.core.event import Event, Source
from qa.store.unit import Envelope, Stamp, Unit

if TYPE_CHECKING:
    from qa.store.store import Store


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """An event that would have been appended."""

    stream: str
    event: Event
    source: Source | None


class Rehearsal(Unit):
    """Use it as a context manager, once; `rehearsed` then holds the events in their order."""

    def __init__(self, store: Store, stamp: Stamp) -> None:
        super().__init__(store, stamp, key=None, request=None, reason=None, source=None)
        self.rehearsed: list[Rehearsed] = []
        self._open = ExitStack()

    def __enter__(self) -> Rehearsal:
        self.connection = self._open.enter_context(self._store.reading())
        return self

    def keys_ahead(self, subjects: Collection[str]) -> None:
        """None is needed, and none is made."""

    def append(self, stream: str, *events: Event, **beside: Unpack[Envelope]) -> None:
        self.rehearsed += [Rehearsed(stream, event, beside.get("source")) for event in events]

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is None:
            self.receipt = self._nothing_saved()
        self._open.__exit__(kind, error, trace)
