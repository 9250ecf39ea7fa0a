"""Inspectors' rooms, and what was asked and answered in them."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection

from projections.core.base import as_at
from projections.inspections.tables import inspection_row, inspection_said
from qa.core.words import Scope


def _read(row: Any) -> dict[str, Any]:
    kind, _, code = row.scope.partition(":")
    return {**row._mapping, "scope": Scope.model_validate({"kind": kind, "code": code or None})}


def rooms(connection: Connection, *, position: int | None = None) -> list[dict[str, Any]]:
    """Every room, the latest to end first."""
    query = select(inspection_row).where(as_at(inspection_row, position))
    ordered = query.order_by(inspection_row.c.until.desc(), inspection_row.c.room)
    return [_read(row) for row in connection.execute(ordered)]


def room_of(connection: Connection, inspector: str, day: date) -> dict[str, Any] | None:
    """The room in which this person may read on `day`, or None."""
    said = day.isoformat()
    query = select(inspection_row).where(
        inspection_row.c.inspector == inspector,
        inspection_row.c.closed == 0,
        inspection_row.c.since <= said,
        inspection_row.c.until >= said,
        as_at(inspection_row, None),
    )
    row = connection.execute(query.limit(1)).one_or_none()
    return None if row is None else _read(row)


def has_room(connection: Connection, inspector: str, day: date) -> bool:
    """Whether a room of this person is open on `day` or will be."""
    query = select(inspection_row.c.room).where(
        inspection_row.c.inspector == inspector,
        inspection_row.c.closed == 0,
        inspection_row.c.until >= day.isoformat(),
        as_at(inspection_row, None),
    )
    return connection.execute(query.limit(1)).first() is not None


def said(connection: Connection, room_id: str) -> list[dict[str, Any]]:
    """The questions of a room, oldest first, each with its ``answers``."""
    query = select(inspection_said).where(inspection_said.c.room == room_id)
    asked: dict[str, dict[str, Any]] = {}
    ordered = query.order_by(inspection_said.c.position, inspection_said.c.line)
    for row in connection.execute(ordered):
        if row.is_answer:
            asked[row.question]["answers"].append(dict(row._mapping))
        else:
            asked[row.question] = {**row._mapping, "answers": []}
    return list(asked.values())


def room(connection: Connection, room_id: str) -> dict[str, Any] | None:
    """One room as it stands, or None."""
    query = select(inspection_row).where(
        inspection_row.c.room == room_id, as_at(inspection_row, None)
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else _read(row)
