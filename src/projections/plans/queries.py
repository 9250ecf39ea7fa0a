"""Reads plans, actions and scales from their rows, as known at a position."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Table, func, select, type_coerce
from sqlalchemy.engine import Connection

from projections.core.base import as_at, present
from projections.plans import tables
from projections.plans.record import (
    ActionLink,
    ActionRecord,
    PlanHeading,
    PlanRecord,
    Review,
    ScaleMapping,
)
from projections.plans.rows import (
    Day,
    action_of,
    evidence_of,
    group_of,
    in_order,
    measure_of,
    meeting_of,
    parts_of,
    plan_of,
    reported_of,
    rescheduling_of,
    reviews_of,
    rewording_of,
    scale_of,
    themes_of,
)
from qa.plans.rag_scale import MappedLevel, RagScale

_LEVELS = TypeAdapter(tuple[MappedLevel, ...])


def plans(connection: Connection, *, position: int | None = None) -> list[PlanHeading]:
    """Every plan, those that go on first, the latest begun first."""
    rows = connection.execute(select(tables.plan_row).where(as_at(tables.plan_row, position)))
    held = []
    for table, order in ((tables.plan_scale, "since"), (tables.plan_rules, "version")):
        query = select(table).where(as_at(table, position)).order_by(table.c[order])
        held.append(_grouped(connection.execute(query), "plan"))
    found = [plan_of(row, *(each[row.plan] for each in held)) for row in rows]
    return sorted(found, key=lambda one: (one.closed_on is not None, -one.since.toordinal()))


def plan(
    connection: Connection, plan_id: str, *, position: int | None = None
) -> PlanHeading | None:
    """One plan, or None."""
    rows = _of_plan(connection, tables.plan_row, plan_id, position)
    scales = _of_plan(connection, tables.plan_scale, plan_id, position, "since")
    rules = _of_plan(connection, tables.plan_rules, plan_id, position, "version")
    return plan_of(rows[0], scales, rules) if rows else None


def read(connection: Connection, plan_id: str, *, position: int | None = None) -> PlanRecord | None:
    """A plan with everything under it, or None."""
    own = plan(connection, plan_id, position=position)
    if own is None:
        return None
    actions = _actions(connection, position, tables.plan_action_row.c.plan == plan_id)
    ids = list(actions)
    reviews = _reviews(connection, ids, position)
    parts = parts_of(_of_plan(connection, tables.plan_part, plan_id, position, "number"))
    keys = {key for _, key in own.scales} | {one.scale for each in reviews.values() for one in each}
    held = scales(connection, {key.partition("@")[0] for key in keys}, position=position)
    return PlanRecord(
        plan=own,
        position=position,
        scales=held,
        mappings=tuple(mappings(connection, position=position)),
        parts=parts,
        groups={
            row.group: group_of(row)
            for row in _of_plan(connection, tables.plan_group, plan_id, position, "formed_on")
        },
        meetings=tuple(
            meeting_of(row)
            for row in _of_plan(connection, tables.plan_meeting, plan_id, position, "held_on")
        ),
        actions=actions,
        reviews=reviews,
        themes=themes_of(parts),
        **_beside(connection, ids, position),
    )


def action(
    connection: Connection, action_id: str, *, position: int | None = None
) -> ActionRecord | None:
    """One action, or None."""
    found = _actions(connection, position, tables.plan_action_row.c.action == action_id)
    return found.get(action_id)


def action_with_reference(connection: Connection, plan_id: str, reference: str) -> str | None:
    """The id of the action of the plan that has this reference and goes on."""
    table = tables.plan_action_row
    query = select(table.c.action).where(
        table.c.plan == plan_id,
        table.c.reference == reference,
        table.c.ended.is_(None),
        as_at(table, None),
    )
    return connection.execute(query.limit(1)).scalar()


def actions_held(connection: Connection, *, position: int | None = None) -> dict[str, int]:
    """How many actions of each plan go on."""
    table = tables.plan_action_row
    query = (
        select(table.c.plan, func.count())
        .where(table.c.ended.is_(None), as_at(table, position))
        .group_by(table.c.plan)
    )
    return dict(connection.execute(query).tuples().all())


def actions_open(connection: Connection, plan_id: str, part: str | None = None) -> int:
    """How many actions of the plan, or of one of its parts, go on."""
    table = tables.plan_action_row
    query = select(func.count()).where(
        table.c.plan == plan_id, table.c.ended.is_(None), as_at(table, None)
    )
    if part is not None:
        query = query.where(table.c.part == part)
    return connection.execute(query).scalar_one()


def scales(
    connection: Connection, ids: Iterable[str] | None = None, *, position: int | None = None
) -> dict[str, RagScale]:
    """Published versions of scales by their key, in the order of their names and versions.

    Scales and mappings are read as they are known, also where it is shown what was true on a day:
    a rating given before its scale was typed in is still read by it.
    """
    table = tables.rag_scale_row
    query = select(table.c.content).where(as_at(table, position))
    if ids is not None:
        query = query.where(table.c.scale.in_(sorted(ids)))
    ordered = query.order_by(table.c.scale, table.c.version)
    found = (scale_of(content) for content in present(connection).execute(ordered).scalars())
    return {scale.key: scale for scale in found}


def mappings(connection: Connection, *, position: int | None = None) -> list[ScaleMapping]:
    """Every mapping between scales, the earliest first."""
    table = tables.rag_mapping
    query = select(table).where(as_at(table, position)).order_by(table.c.since)
    return [
        ScaleMapping(
            old=row.old,
            new=row.new,
            since=date.fromisoformat(row.since),
            levels=_LEVELS.validate_json(row.levels),
        )
        for row in present(connection).execute(query)
    ]


def scale_version(connection: Connection, scale: str) -> int:
    """The version of the stream of a scale as it stands; 0 where there is none."""
    found = 0
    for table in (tables.rag_scale_row, tables.rag_mapping):
        query = select(func.max(table.c.stream_version)).where(
            table.c.scale == scale, as_at(table, None)
        )
        found = max(found, connection.execute(query).scalar() or 0)
    return found


# -- reading rows


def _of_plan(
    connection: Connection, table: Table, plan_id: str, position: int | None, *order: str
) -> Sequence[Any]:
    query = select(table).where(table.c.plan == plan_id, as_at(table, position))
    return connection.execute(query.order_by(*(table.c[name] for name in order))).all()


def _each(
    connection: Connection,
    table: Table,
    ids: Sequence[str],
    position: int | None,
    order: Sequence[str] = ("number",),
) -> Sequence[Any]:
    query = select(table).where(table.c.action.in_(ids), as_at(table, position))
    return connection.execute(query.order_by(*(table.c[name] for name in order))).all()


def _reviews(
    connection: Connection, ids: Sequence[str], position: int | None
) -> dict[str, tuple[Review, ...]]:
    table = tables.plan_assessment
    columns = [
        type_coerce(column, Day) if column.name == "as_at" else column
        for column in table.columns
        if column.name not in ("valid_from", "valid_to")
    ]
    query = select(*columns).where(table.c.action.in_(ids), as_at(table, position))
    return reviews_of(connection.execute(query).all())


def _grouped(rows: Iterable[Any], by: str) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for row in rows:
        found.setdefault(getattr(row, by), []).append(row)
    return found


def _by_action(made: Iterable[Any]) -> dict[str, tuple[Any, ...]]:
    return {action: tuple(held) for action, held in _grouped(made, "action").items()}


def _beside(
    connection: Connection, ids: Sequence[str], position: int | None
) -> dict[str, dict[str, tuple[Any, ...]]]:
    """What hangs under the actions, beside their reviews."""
    return {
        "reschedulings": _by_action(
            map(rescheduling_of, _each(connection, tables.plan_reschedule, ids, position))
        ),
        "evidence": _by_action(
            map(evidence_of, _each(connection, tables.plan_evidence, ids, position))
        ),
        "measures": _by_action(
            map(measure_of, _each(connection, tables.plan_measure, ids, position))
        ),
        "reports": _by_action(
            map(reported_of, _each(connection, tables.plan_measure_report, ids, position))
        ),
        "links": _by_action(
            ActionLink(row.action, row.kind, row.to)
            for row in _each(connection, tables.plan_link, ids, position, ("kind", "to"))
        ),
        "rewordings": _by_action(
            map(rewording_of, _each(connection, tables.plan_wording, ids, position))
        ),
    }


def _actions(connection: Connection, position: int | None, which: Any) -> dict[str, ActionRecord]:
    table, version = tables.plan_action_row, tables.plan_action_version
    query = (
        select(table, version.c.stream_version)
        .join(version, version.c.action == table.c.action)
        .where(which, as_at(table, position), as_at(version, position))
    )
    rows = sorted(connection.execute(query), key=lambda row: (in_order(row.reference), row.opened))
    return {row.action: action_of(row) for row in rows}
