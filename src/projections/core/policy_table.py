"""The read table of a policy that is set whole, by one kind of event: a row with the one in force.

Several questions keep such a table, each its own; they share what the table is.
"""

from __future__ import annotations

from typing import Any, TypeVar

from sqlalchemy import Column, Connection, Integer, Table, Text, select

from projections.core.base import Put, as_at, versioned_table
from qa.core.event import Event, RecordedEvent

P = TypeVar("P", bound=Event)


def policy_table(name: str) -> Table:
    """One row; `content` holds the event's own fields as JSON."""
    return versioned_table(
        name,
        Column("key", Text, nullable=False),
        Column("stream_version", Integer, nullable=False),
        Column("content", Text, nullable=False),
        key=("key",),
    )


def put_policy(table: Table, recorded: RecordedEvent[Any]) -> Put:
    """The change that a policy just set makes to its table."""
    row = {
        "key": recorded.stream,
        "stream_version": recorded.version,
        "content": recorded.event.model_dump_json(),
    }
    return Put(table, row)


def policy_in_force(
    connection: Connection, table: Table, kind: type[P], position: int | None
) -> tuple[P, int] | None:
    """The policy with the version of its stream; None where none was ever set."""
    row = connection.execute(select(table).where(as_at(table, position))).one_or_none()
    if row is None:
        return None
    return kind.model_validate_json(row.content), int(row.stream_version)
