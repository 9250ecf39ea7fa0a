"""Immediate safeguarding concerns: what was raised, who was told, and how long it took.

Times of the day count here, not days: `…_us` are microseconds of UTC.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import BigInteger, Column, ColumnElement, Integer, Text, or_, select, true
from sqlalchemy.engine import Connection

from projections.core.base import Amend, Change, Note, Put, as_at, journal_table, versioned_table
from projections.core.policy_table import policy_in_force, policy_table, put_policy
from projections.figures.figure import Figure, rate
from qa.core.clock import from_microseconds, microseconds
from qa.core.fact import Recorded
from qa.core.words import Scope
from qa.safeguarding import events as facts
from qa.safeguarding.events import SafeguardingPolicySet

concern_row = versioned_table(
    "concern_row",
    Column("concern", Text, nullable=False),
    Column("audit", Text, nullable=False),
    Column("stream_version", Integer, nullable=False),
    Column("opened", BigInteger, nullable=False),
    Column("reference", Text, nullable=False),
    Column("child", Text, nullable=False),
    Column("team", Text, nullable=False),
    Column("service", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("raised_by", Text, nullable=False),
    Column("raised_us", BigInteger, nullable=False),
    Column("told", Text, nullable=False),
    Column("told_us", BigInteger),
    Column("acknowledge_by_us", BigInteger),
    Column("next_by_us", BigInteger),
    Column("rungs", Integer, nullable=False),
    Column("acknowledged_by", Text),
    Column("acknowledged_us", BigInteger),
    key=("audit", "concern"),
    indexes=(("opened",), ("team", "opened"), ("service", "opened")),
    open_indexes=(("acknowledged_us", "next_by_us"),),
)
"""`told` is a JSON list of people; `acknowledge_by_us` is the first deadline, which stays, and
`next_by_us` when it goes a rung higher."""

concern_step = journal_table(
    "concern_step",
    Column("audit", Text, nullable=False),
    Column("concern", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("at_us", BigInteger, nullable=False),
    Column("by", Text, nullable=False),
    Column("content", Text, nullable=False),
    indexes=(("audit", "concern"),),
)
"""Every fact of a concern in its order; `content` holds the fact's own fields as JSON."""

concern_policy = policy_table("concern_policy")


class Safeguarding:
    """Projects the facts of safeguarding concerns and of the policy behind their clock."""

    name = "safeguarding"
    version = 1
    tables = (concern_row, concern_step, concern_policy)
    by_stream = True
    handles = (
        facts.SafeguardingConcernRaised,
        facts.SafeguardingManagerTold,
        facts.SafeguardingConcernEscalated,
        facts.SafeguardingConcernAcknowledged,
        facts.SafeguardingPolicySet,
    )

    def project(self, recorded: Recorded[Any]) -> Iterable[Change]:
        fact = recorded.fact
        if isinstance(fact, SafeguardingPolicySet):
            return [put_policy(concern_policy, recorded)]
        audit = recorded.stream.partition(":")[2]
        step = {
            "audit": audit,
            "concern": fact.concern,
            "type": recorded.type,
            "at_us": microseconds(recorded.recorded_at),
            "by": recorded.meta.by,
            "content": fact.model_dump_json(),
        }
        if isinstance(fact, facts.SafeguardingConcernRaised):
            changed: Change = Put(concern_row, _raised(recorded))
        else:
            changed = Amend(concern_row, (audit, fact.concern), _Amended(recorded))
        return [Note(concern_step, step), changed]


def _raised(recorded: Recorded[facts.SafeguardingConcernRaised]) -> dict[str, Any]:
    fact = recorded.fact
    return {
        "concern": fact.concern,
        "audit": fact.audit,
        "stream_version": recorded.version,
        "opened": recorded.position,
        "reference": fact.reference,
        "child": fact.child,
        "team": fact.team,
        "service": fact.service,
        "what": fact.what,
        "raised_by": recorded.meta.by,
        "raised_us": microseconds(recorded.recorded_at),
        "told": "[]",
        "rungs": 0,
    }


class _Amended:
    """What a later fact makes of the row."""

    def __init__(self, recorded: Recorded[Any]) -> None:
        self._recorded = recorded

    def __call__(self, row: Mapping[str, Any]) -> Mapping[str, Any]:
        recorded = self._recorded
        fact, at = recorded.fact, microseconds(recorded.recorded_at)
        values: dict[str, Any] = {"stream_version": recorded.version}
        match fact:
            case facts.SafeguardingManagerTold():
                values["told"] = _also(row["told"], (fact.manager,))
                if row["told_us"] is None:
                    by = microseconds(fact.acknowledge_by)
                    values |= {"told_us": at, "acknowledge_by_us": by, "next_by_us": by}
            case facts.SafeguardingConcernEscalated():
                values |= {
                    "told": _also(row["told"], fact.to),
                    "next_by_us": microseconds(fact.acknowledge_by),
                    "rungs": fact.rung,
                }
            case facts.SafeguardingConcernAcknowledged():
                values |= {"acknowledged_by": recorded.meta.by, "acknowledged_us": at}
        return values


def _also(told: str, further: Sequence[str]) -> str:
    known = orjson.loads(told)
    return orjson.dumps([*known, *(one for one in further if one not in known)]).decode()


@dataclass(frozen=True, slots=True)
class Told:
    """One step of a concern: what happened, when and by whom; `content` is the fact's own."""

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


def of_audit(
    connection: Connection, audit: str, *, position: int | None = None
) -> list[dict[str, Any]]:
    """The concerns raised from an audit, in the order of raising."""
    query = select(concern_row).where(concern_row.c.audit == audit, as_at(concern_row, position))
    return [_read(row) for row in connection.execute(query.order_by(concern_row.c.opened))]


def steps(
    connection: Connection, audit: str, concern: str, *, position: int | None = None
) -> list[Told]:
    """What happened to a concern, in its order."""
    query = select(concern_step).where(
        concern_step.c.audit == audit, concern_step.c.concern == concern
    )
    if position is not None:
        query = query.where(concern_step.c.position <= position)
    return [
        Told(row.type, from_microseconds(row.at_us), row.by, orjson.loads(row.content))
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
