"""Inspectors' rooms, and what was asked and answered in them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, Column, Integer, Text, select
from sqlalchemy.engine import Connection

from projections.core.base import Amend, Change, Note, Put, as_at, journal_table, versioned_table
from qa.core.clock import microseconds
from qa.core.fact import Recorded
from qa.core.words import Scope
from qa.inspections import events as facts

inspection_row = versioned_table(
    "inspection_row",
    Column("room", Text, nullable=False),
    Column("stream_version", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("inspector", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("since", Text, nullable=False),
    Column("until", Text, nullable=False),
    Column("pin", BigInteger),
    Column("pinned_on", Text),
    Column("closed", Integer, nullable=False),
    Column("closed_because", Text),
    key=("room",),
    open_indexes=(("inspector",),),
)

inspection_said = journal_table(
    "inspection_said",
    Column("room", Text, nullable=False),
    Column("question", Text, nullable=False),
    Column("is_answer", Integer, nullable=False),
    Column("said", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("recorded_us", BigInteger, nullable=False),
    indexes=(("room", "position"),),
)
"""Questions and answers in the order in which they were said."""


class Inspections:
    """Projects the facts of inspectors' rooms."""

    name = "inspections"
    version = 1
    tables = (inspection_row, inspection_said)
    by_stream = True
    handles = (
        facts.InspectorRoomOpened,
        facts.InspectorRoomExtended,
        facts.InspectorRoomClosed,
        facts.InspectorQuestionAsked,
        facts.InspectorQuestionAnswered,
    )

    def project(self, recorded: Recorded[Any]) -> Iterable[Change]:
        room, fact = recorded.stream.partition(":")[2], recorded.fact
        version = {"stream_version": recorded.version}
        match fact:
            case facts.InspectorRoomOpened():
                return [Put(inspection_row, {**version, **_opened(fact)})]
            case facts.InspectorRoomExtended():
                values = {**version, "until": fact.new.isoformat()}
                return [Amend(inspection_row, (room,), values)]
            case facts.InspectorRoomClosed():
                values = {**version, "closed": 1, "closed_because": recorded.meta.reason}
                return [Amend(inspection_row, (room,), values)]
            case facts.InspectorQuestionAsked():
                said = _said(room, recorded, fact.asked, fact.subject)
            case facts.InspectorQuestionAnswered():
                said = _said(room, recorded, fact.answer, "")
            case _:
                return ()
        return [Note(inspection_said, said), Amend(inspection_row, (room,), version)]


def _opened(fact: facts.InspectorRoomOpened) -> dict[str, Any]:
    scope = fact.scope
    return {
        "room": fact.room,
        "title": fact.title,
        "inspector": fact.inspector,
        "scope": scope.kind if scope.code is None else f"{scope.kind}:{scope.code}",
        "since": fact.since.isoformat(),
        "until": fact.until.isoformat(),
        "pin": fact.pin,
        "pinned_on": None if fact.pinned_on is None else fact.pinned_on.isoformat(),
        "closed": 0,
    }


def _said(room: str, recorded: Recorded[Any], said: str, subject: str) -> dict[str, Any]:
    return {
        "room": room,
        "question": recorded.fact.question,
        "is_answer": int(isinstance(recorded.fact, facts.InspectorQuestionAnswered)),
        "said": said,
        "subject": subject,
        "by": recorded.meta.by,
        "recorded_us": microseconds(recorded.recorded_at),
    }


def _read(row: Any) -> dict[str, Any]:
    kind, _, code = row.scope.partition(":")
    return {**row._mapping, "scope": Scope.model_validate({"kind": kind, "code": code or None})}


def rooms(connection: Connection, *, position: int | None = None) -> list[dict[str, Any]]:
    """Every room, the latest to end first."""
    query = select(inspection_row).where(as_at(inspection_row, position))
    ordered = query.order_by(inspection_row.c.until.desc(), inspection_row.c.room)
    return [_read(row) for row in connection.execute(ordered)]


def room(connection: Connection, room_id: str) -> dict[str, Any] | None:
    """One room as it stands, or None."""
    query = select(inspection_row).where(
        inspection_row.c.room == room_id, as_at(inspection_row, None)
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else _read(row)


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
