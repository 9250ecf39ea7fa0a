"""A small projector for the tests of the read side: jars, their marbles, and who added some."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Date, Integer, Table, Text

from projections.core.base import (
    Amend,
    Close,
    Instant,
    JournalRow,
    Put,
    RowChange,
    journal_table,
    versioned_table,
)
from qa.core.event import Event, RecordedEvent

jar = versioned_table(
    "toy_jar",
    Column("shelf", Text),
    Column("jar", Text),
    Column("marbles", Integer, nullable=False),
    Column("broken", Boolean, nullable=False),
    Column("labels", JSON),
    Column("since", Date),
    Column("seen", Instant),
    key=("shelf", "jar"),
    indexes=[("broken",)],
)
handling = journal_table("toy_handling", Column("jar", Text), Column("what", Text))


class JarPut(Event):
    TYPE = "toy.jar-put"

    shelf: str
    jar: str
    marbles: int
    labels: tuple[str, ...] = ()


class JarCounted(Event):
    TYPE = "toy.jar-counted"

    shelf: str
    jar: str
    marbles: int


class ShelfFell(Event):
    TYPE = "toy.shelf-fell"

    shelf: str


class ShelfCleared(Event):
    TYPE = "toy.shelf-cleared"

    shelf: str


class Jars:
    name = "toy-jars"
    version = 1
    tables: Sequence[Table] = (jar, handling)
    handles = (JarPut, JarCounted, ShelfFell, ShelfCleared)

    def project(self, recorded: RecordedEvent[Any]) -> Iterable[RowChange]:
        match recorded.event:
            case JarPut() as event:
                row = {
                    "shelf": event.shelf,
                    "jar": event.jar,
                    "marbles": event.marbles,
                    "broken": False,
                    "labels": list(event.labels),
                    "since": recorded.meta.effective_on,
                    "seen": recorded.recorded_at,
                }
                yield Put(jar, row)
                yield JournalRow(handling, {"jar": event.jar, "what": "put"})
                if event.marbles > 50:
                    # Twice at one position: still one version.
                    yield Amend(jar, (event.shelf, event.jar), {"labels": ["heavy"]})
                    yield JournalRow(handling, {"jar": event.jar, "what": "labelled"})
            case JarCounted() as event:
                yield Amend(
                    jar, (event.shelf, event.jar), {"marbles": event.marbles}, missing_ok=True
                )
            case ShelfFell() as event:
                yield Amend(jar, (event.shelf,), {"broken": True}, missing_ok=True)
            case ShelfCleared() as event:
                yield Close(jar, (event.shelf,))
