"""Immediate safeguarding concerns: what was raised, who was told, and how long it took.

Times of the day count here, not days: `…_us` are microseconds of UTC."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.engine import Connection

from projections.core.base import as_at
from projections.core.policy_table import policy_in_force
from projections.figures.figure import Figure, rate
from projections.safeguarding.tables import concern_policy, concern_row, concern_step
from qa.core.clock import from_microseconds, microseconds
from qa.core.words import Scope
from qa.safeguarding.events import SafeguardingPolicySet


@dataclass(frozen=True, slots=True)
class ConcernStep:
    """One step of a concern: what happened, when and by whom; `content` is the event's own."""

    type: str
    at: datetime
    by: str
    content: Mapping[str, Any]


def _read(row: Any) -> dict[str, Any]:
    found = dict(row._mapping)
    found["told"] = orjson.loads(found["told"])
    return found


def policy(
    connection: Connection, *, position: int | None = None
) -> tuple[SafeguardingPolicySet, int] | None:
    """The clock in force and the version of its stream; None while the default holds."""
    return policy_in_force(connection, concern_policy, SafeguardingPolicySet, position)


def of_audit(
    connection: Connection, audit: str, *, position: int | None = None
) -> list[dict[str, Any]]:
    """The concerns raised from an audit, in the order of raising."""
    query = select(concern_row).where(concern_row.c.audit == audit, as_at(concern_row, position))
    return [_read(row) for row in connection.execute(query.order_by(concern_row.c.opened))]


def steps(
    connection: Connection, audit: str, concern: str, *, position: int | None = None
) -> list[ConcernStep]:
    """What happened to a concern, in its order."""
    query = select(concern_step).where(
        concern_step.c.audit == audit, concern_step.c.concern == concern
    )
    if position is not None:
        query = query.where(concern_step.c.position <= position)
    return [
        ConcernStep(row.type, from_microseconds(row.at_us), row.by, orjson.loads(row.content))
        for row in connection.execute(query.order_by(concern_step.c.position))
    ]


def _part_of(person: str, scopes: Sequence[Scope]) -> ColumnElement[bool]:
    """Raised by the person, told to them, or within these scopes."""
    table = concern_row.c
    parts: list[ColumnElement[bool]] = [
        table.raised_by == person,
        table.told.contains(f'"{person}"', autoescape=True),
    ]
    for scope in scopes:
        parts.append(true() if scope.code is None else table[scope.kind] == scope.code)
    return or_(*parts)


def listed(
    connection: Connection,
    person: str,
    scopes: Sequence[Scope],
    *,
    sealed: Collection[str] = (),
    waiting: bool = False,
    position: int | None = None,
    limit: int | None = None,
) -> list[dict[str, Any]]:
    """Concerns that a person may see, those that wait first, then the newest; of `sealed` audits
    only those they raised or were told of. `waiting`: only those nobody has acknowledged."""
    table = concern_row.c
    query = select(concern_row).where(_part_of(person, scopes), as_at(concern_row, position))
    if sealed:
        own = _part_of(person, ())
        query = query.where(or_(table.audit.not_in(sorted(sealed)), own))
    if waiting:
        query = query.where(table.acknowledged_us.is_(None))
    ordered = query.order_by(table.acknowledged_us.is_not(None), table.opened.desc()).limit(limit)
    return [_read(row) for row in connection.execute(ordered)]


def holders(connection: Connection, people: Collection[str], position: int | None) -> set[str]:
    """Those of the people who raised, or were told of, a concern that nobody acknowledged."""
    table = concern_row.c
    query = select(table.raised_by, table.told).where(
        table.acknowledged_us.is_(None), as_at(concern_row, position)
    )
    found: set[str] = set()
    for row in connection.execute(query):
        found |= {row.raised_by, *orjson.loads(row.told)}
    return found & set(people)


def due(connection: Connection, now: datetime) -> list[str]:
    """The audits with a concern that nobody acknowledged and that should go a rung higher."""
    table = concern_row.c
    query = (
        select(table.audit)
        .where(
            table.acknowledged_us.is_(None),
            table.next_by_us <= microseconds(now),
            as_at(concern_row, None),
        )
        .distinct()
    )
    return sorted(connection.execute(query).scalars())


def acknowledged_in_time(rows: Sequence[Mapping[str, Any]], now: datetime) -> Figure:
    """Concerns acknowledged by their first deadline, of those whose deadline is past or that were
    acknowledged. Those that wait within their time are in neither."""
    at = microseconds(now)
    counted = [
        row
        for row in rows
        if row["acknowledged_us"] is not None
        or (row["acknowledge_by_us"] is not None and row["acknowledge_by_us"] < at)
    ]
    kept = [
        row
        for row in counted
        if row["acknowledged_us"] is not None and row["acknowledged_us"] <= row["acknowledge_by_us"]
    ]
    return rate("acknowledged_in_time_rate", len(kept), len(counted))


def minutes_to_acknowledge(row: Mapping[str, Any]) -> int | None:
    """Whole minutes from the first telling to the acknowledgement; None while there is none."""
    if row["acknowledged_us"] is None or row["told_us"] is None:
        return None
    return timedelta(microseconds=row["acknowledged_us"] - row["told_us"]) // timedelta(minutes=1)


def one(
    connection: Connection, audit: str, concern: str, *, position: int | None = None
) -> dict[str, Any] | None:
    row = connection.execute(
        select(concern_row).where(
            concern_row.c.audit == audit,
            concern_row.c.concern == concern,
            as_at(concern_row, position),
        )
    ).one_or_none()
    return None if row is None else _read(row)
