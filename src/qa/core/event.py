"""The envelope every event travels in, the closed register of event types, and sealed text.

An event is a frozen pydantic model with a short stored name (`TYPE`) and a schema number. Stored
names are promises: never renamed, never removed; a change of shape is a new `SCHEMA` and a lift in
`qa.store.upcasts`. The store encodes an event as JSON ``{"v": schema, "m": meta, "d": payload}``
with its personal text collected under ``"s"`` and sealed under the key of `Meta.about`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from types import ModuleType
from typing import Any, ClassVar, Generic, TypeVar

from qa.core.frozen import ERASED, Frozen, SealedText


class Source(Frozen):
    """Where an imported event came from: its file (SHA-256, hex), batch and row."""

    batch: str
    file_sha256: str
    row: int


class Meta(Frozen):
    """What every event says beside its own content.

    `about` is whose personal text it holds (``child:<reference>`` or ``person:<id>``), which names
    the key that seals it. `effective_on` is the civil day the thing is true of and may be earlier
    than the day it is recorded.
    """

    fact_id: str
    effective_on: date
    by: str
    in_role: str
    team_then: str | None = None
    correlation_id: str
    reason: str | None = None
    about: str | None = None
    source: Source | None = None


__all__ = [
    "ERASED",
    "REGISTER",
    "Event",
    "Frozen",
    "Meta",
    "RecordedEvent",
    "SealedText",
    "Source",
    "events_of",
    "events_registered",
]

REGISTER: dict[str, type[Event]] = {}


class Event(Frozen):
    """Something that happened, in the past tense. Its class name is its stored name.

    A class that is given another name keeps the stored one by saying it as `TYPE`; a change of
    shape raises `SCHEMA`.
    """

    TYPE: ClassVar[str] = ""
    SCHEMA: ClassVar[int] = 1

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        name = cls.__dict__.get("TYPE", cls.__name__)
        if name in REGISTER:
            raise TypeError(f"the fact type {name} is taken by {REGISTER[name].__name__}")
        cls.TYPE = name
        REGISTER[name] = cls


E = TypeVar("E", bound=Event)
F = TypeVar("F", bound=Event, covariant=True)

EventRow = tuple[int, str, int, str, int, bytes]
"""An event as it is stored: position, stream, version, type, recorded_us, state."""


@dataclass(frozen=True, slots=True)
class RecordedEvent(Generic[F]):
    """An event as it stands in the log: its place, its time, its envelope and itself."""

    position: int
    stream: str
    version: int
    recorded_at: datetime
    meta: Meta
    event: F

    @property
    def type(self) -> str:
        return self.event.TYPE


def last_said(state: E, recorded: RecordedEvent[Any]) -> E:
    """Evolves a stream whose every event of this kind says the whole anew: what it says last."""
    return recorded.event if isinstance(recorded.event, type(state)) else state


def events_of(*modules: ModuleType) -> tuple[type[Event], ...]:
    """Every event that these modules hold, for a read model that looks at all of them."""
    names = [one.__name__ for one in modules]
    return tuple(kind for kind in REGISTER.values() if kind.__module__ in names)


def events_registered() -> Iterator[type[Event]]:
    """Every event type ever shipped, in the order of its name."""
    yield from (REGISTER[name] for name in sorted(REGISTER))
