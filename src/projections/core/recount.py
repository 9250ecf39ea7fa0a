"""A question asked of some events alone: nothing else that is on record can have a part in it.

This is how a figure is checked from outside: the events beneath it are folded into empty tables in
memory, by the projectors that made the read rows in use, and the same question is asked of those.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from sqlalchemy import Connection, StaticPool, create_engine

from projections.core import full_text
from projections.core.base import Projector
from projections.core.fold import Folding
from projections.core.registry import Registry
from projections.core.rows import TableRows, write
from qa.core.event import RecordedEvent

T = TypeVar("T")


def alone(
    projectors: Iterable[Projector],
    events: Iterable[RecordedEvent[Any]],
    ask: Callable[[Connection], T],
) -> T:
    """What `ask` finds in the tables of `projectors` when there are only `events`, in log order.

    Raises `Damaged` where the events do not suffice to make a row.
    """
    registry = Registry(projectors)
    engine = create_engine("sqlite://", poolclass=StaticPool)
    try:
        with engine.begin() as connection:
            for table in registry.tables:
                table.create(connection)
                full_text.create(connection, table)
            folding = Folding(table.name for table in registry.tables)
            for recorded in events:
                for projector in registry.interested(type(recorded.event)):
                    folding.apply(recorded.position, projector.project(recorded))
            folds = folding.folds.values()
            write(
                connection, [w for f in folds for w in TableRows(f.table, engine.dialect).writes(f)]
            )
            return ask(connection)
    finally:
        engine.dispose()
