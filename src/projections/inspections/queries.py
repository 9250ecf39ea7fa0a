"""Inspectors' rooms, and what was asked and answered in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.engine import Connection

from projections.core.base import as_at
from projections.inspections.tables import (
    QUESTIONS,
    ROOMS,
    QuestionRow,
    RoomRow,
    inspection_row,
    inspection_said,
)


@dataclass(frozen=True, slots=True)
class Spoken:
    """A question or an answer, its place in the log, and the answers to it."""

    row: QuestionRow
    position: int
    line: int
    answers: list[Spoken] = field(default_factory=list)


def rooms(connection: Connection, *, position: int | None = None) -> list[RoomRow]:
    """Every room, the latest to end first."""
    query = ROOMS.select(position=position)
    return ROOMS.rows(
        connection, query.order_by(inspection_row.c.until.desc(), inspection_row.c.room)
    )


def room_of(
    connection: Connection, inspector: str, day: date, *, position: int | None = None
) -> RoomRow | None:
    """The room in which this person may read on `day`, or None."""
    iso_day = day.isoformat()
    query = ROOMS.select(
        inspection_row.c.inspector == inspector,
        inspection_row.c.closed == 0,
        inspection_row.c.since <= iso_day,
        inspection_row.c.until >= iso_day,
        position=position,
    )
    return next(iter(ROOMS.rows(connection, query.limit(1))), None)


def has_room(connection: Connection, inspector: str, day: date) -> bool:
    """Whether a room of this person is open on `day` or will be."""
    query = select(inspection_row.c.room).where(
        inspection_row.c.inspector == inspector,
        inspection_row.c.closed == 0,
        inspection_row.c.until >= day.isoformat(),
        as_at(inspection_row, None),
    )
    return connection.execute(query.limit(1)).first() is not None


def questions(connection: Connection, room_id: str, *, position: int | None = None) -> list[Spoken]:
    """The questions of a room, oldest first, each with its answers."""
    place = (inspection_said.c.position, inspection_said.c.line)
    query = QUESTIONS.select(inspection_said.c.room == room_id, position=position)
    by_id: dict[str, Spoken] = {}
    for *row, position, line in connection.execute(query.add_columns(*place).order_by(*place)):
        spoken = Spoken(QuestionRow(*row), position, line)
        if spoken.row.is_answer:
            by_id[spoken.row.question].answers.append(spoken)
        else:
            by_id[spoken.row.question] = spoken
    return list(by_id.values())


def room(connection: Connection, room_id: str, *, position: int | None = None) -> RoomRow | None:
    """One room as it stands, or stood at `position`, or None."""
    return ROOMS.one(connection, inspection_row.c.room == room_id, position=position)
