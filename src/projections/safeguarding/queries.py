"""Immediate safeguarding concerns: what was raised, who was told, and how long it took.

Times of the day count here, not days: `…_us` are microseconds of UTC."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select, true
from sqlalchemy.engine import Connection

from projections.core.base import as_at
from projections.core.policy_table import policy_in_force
from projections.core.typed_rows import texts
from projections.figures.figure import Figure, rate
from projections.safeguarding.tables import (
    CONCERN_STEPS,
    CONCERNS,
    ConcernRow,
    ConcernStepRow,
    concern_policy,
    concern_row,
    concern_step,
)
from qa.core.clock import microseconds
from qa.core.one_of import one_of
from qa.core.words import Scope
from qa.safeguarding.events import SafeguardingConcernImported, SafeguardingPolicySet


def policy(
    connection: Connection, *, position: int | None = None
) -> tuple[SafeguardingPolicySet, int] | None:
    """The clock in force and the version of its stream; None while the default holds."""
    return policy_in_force(connection, concern_policy, SafeguardingPolicySet, position)


def of_audit(
    connection: Connection, audit: str, *, position: int | None = None
) -> list[ConcernRow]:
    """The concerns raised from an audit, in the order of raising."""
    query = CONCERNS.select(concern_row.c.audit == audit, position=position)
    return CONCERNS.rows(connection, query.order_by(concern_row.c.opened))


def steps(
    connection: Connection, audit: str, concern: str, *, position: int | None = None
) -> list[ConcernStepRow]:
    """What happened to a concern, in its order."""
    query = CONCERN_STEPS.select(
        concern_step.c.audit == audit, concern_step.c.concern == concern, position=position
    )
    return CONCERN_STEPS.rows(connection, query.order_by(concern_step.c.position))


def standing(connection: Connection) -> list[ConcernRow]:
    """Every concern whose import was not undone, in the order of raising."""
    query = CONCERNS.select(concern_row.c.withdrawn == 0, position=None)
    return CONCERNS.rows(connection, query.order_by(concern_row.c.opened))


def steps_of(
    connection: Connection, concerns: Collection[str]
) -> dict[tuple[str, str], list[ConcernStepRow]]:
    """What happened to each of these concerns, by its audit and its id."""
    query = CONCERN_STEPS.select(position=None).order_by(concern_step.c.position)
    found: dict[tuple[str, str], list[ConcernStepRow]] = {}
    for step in CONCERN_STEPS.rows(connection, query):
        if step.concern in concerns:
            found.setdefault((step.audit, step.concern), []).append(step)
    return found


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


def _waits() -> ColumnElement[bool]:
    """Nobody acknowledged it. What a file states waits for nobody."""
    table = concern_row.c
    return and_(table.acknowledged_us.is_(None), table.imported == 0)


def listed(
    connection: Connection,
    person: str,
    scopes: Sequence[Scope],
    *,
    sealed: Collection[str] = (),
    waiting: bool = False,
    position: int | None = None,
    limit: int | None = None,
) -> list[ConcernRow]:
    """Concerns that a person may see, those that wait first, then the newest; of `sealed` audits
    only those they raised or were told of. `waiting`: only those nobody has acknowledged."""
    table, waits = concern_row.c, _waits()
    query = CONCERNS.select(_part_of(person, scopes), position=position)
    if sealed:
        own = _part_of(person, ())
        query = query.where(or_(~one_of(table.audit, sealed), own))
    if waiting:
        query = query.where(waits)
    ordered = query.order_by(waits.desc(), table.opened.desc()).limit(limit)
    return CONCERNS.rows(connection, ordered)


def holders(connection: Connection, people: Collection[str], position: int | None) -> set[str]:
    """Those of the people who raised, or were told of, a concern that nobody acknowledged."""
    table = concern_row.c
    query = select(table.raised_by, table.told).where(_waits(), as_at(concern_row, position))
    found: set[str] = set()
    for row in connection.execute(query):
        found |= {row.raised_by, *texts(row.told)}
    return found & set(people)


def audits_of(connection: Connection, concerns: Collection[str]) -> dict[str, str]:
    """The audit of each of these concerns that stands."""
    table = concern_row.c
    query = select(table.concern, table.audit).where(
        one_of(table.concern, concerns), table.withdrawn == 0, as_at(concern_row, None)
    )
    return dict(connection.execute(query).tuples().all())


def imported_references(connection: Connection) -> frozenset[str]:
    """The references that files give to the concerns that came from them."""
    brought = concern_step.c.type == SafeguardingConcernImported.TYPE
    query = CONCERN_STEPS.select(brought, position=None)
    return frozenset(step.fields["source"] for step in CONCERN_STEPS.rows(connection, query))


def unanswered_of(connection: Connection, team: str) -> list[tuple[str, str]]:
    """The concerns of a team that nobody acknowledged: (audit, concern)."""
    table = concern_row.c
    query = CONCERNS.select(table.team == team, _waits(), position=None)
    rows = CONCERNS.rows(connection, query.order_by(table.opened))
    return [(row.audit, row.concern) for row in rows]


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


def in_time(row: ConcernRow, now: datetime) -> bool | None:
    """Whether a concern was acknowledged by its first deadline. None, so that it is in neither
    number, while it waits within its time, and of a file, which states days and no times."""
    by, acknowledged = row.acknowledge_by_us, row.acknowledged_us
    if by is None or row.imported or (acknowledged is None and by >= microseconds(now)):
        return None
    return acknowledged is not None and acknowledged <= by


def acknowledged_in_time(rows: Sequence[ConcernRow], now: datetime) -> Figure:
    """Concerns acknowledged by their first deadline, of those of which it can be said."""
    counted = [kept for row in rows if (kept := in_time(row, now)) is not None]
    return rate("acknowledged_in_time_rate", sum(counted), len(counted))


def minutes_to_acknowledge(row: ConcernRow) -> int | None:
    """Whole minutes from the first telling to the acknowledgement; None while there is none, and
    for what a file states."""
    if row.imported or row.acknowledged_us is None or row.told_us is None:
        return None
    return timedelta(microseconds=row.acknowledged_us - row.told_us) // timedelta(minutes=1)


def one(
    connection: Connection, audit: str, concern: str, *, position: int | None = None
) -> ConcernRow | None:
    table = concern_row.c
    return CONCERNS.one(
        connection, table.audit == audit, table.concern == concern, position=position
    )
