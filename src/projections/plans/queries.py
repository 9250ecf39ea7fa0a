"""Reads plans, actions and scales from their rows, as known at a position."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple, TypeVar

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, and_, func, or_, select, type_coerce
from sqlalchemy.engine import Connection

from projections.core.base import as_at, present
from projections.core.typed_rows import ReadTable
from projections.plans import tables
from projections.plans.record import (
    ActionRecord,
    MeetingRecord,
    PlanHeading,
    PlanRecord,
    Review,
    ScaleMapping,
)
from projections.plans.rows import (
    Day,
    action_of,
    claim_of,
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
from qa.core.one_of import one_of
from qa.plans.rag_scale import MappedLevel, RagScale

R = TypeVar("R", bound=NamedTuple)
T = TypeVar("T")
_ACTION = tables.ACTIONS.table.c
_LEVELS = TypeAdapter(tuple[MappedLevel, ...])


def plans(connection: Connection, *, position: int | None = None) -> list[PlanHeading]:
    """Every plan, those that go on first, the latest begun first."""
    rows = tables.PLANS.rows(connection, tables.PLANS.select(position=position))
    scales_of = _grouped(_every(connection, tables.SCALES_ADOPTED, position, "since"), "plan")
    rules_of = _grouped(_every(connection, tables.RULES, position, "version"), "plan")
    found = [plan_of(row, scales_of[row.plan], rules_of[row.plan]) for row in rows]
    return sorted(found, key=lambda one: (one.closed_on is not None, -one.since.toordinal()))


def plan(
    connection: Connection, plan_id: str, *, position: int | None = None
) -> PlanHeading | None:
    """One plan, or None."""
    rows = _of_plan(connection, tables.PLANS, plan_id, position)
    scales = _of_plan(connection, tables.SCALES_ADOPTED, plan_id, position, "since")
    rules = _of_plan(connection, tables.RULES, plan_id, position, "version")
    return plan_of(rows[0], scales, rules) if rows else None


def read(connection: Connection, plan_id: str, *, position: int | None = None) -> PlanRecord | None:
    """A plan with everything under it, or None."""
    own = plan(connection, plan_id, position=position)
    if own is None:
        return None
    actions = _actions(connection, position, _ACTION.plan == plan_id)
    ids = list(actions)
    reviews = _reviews(connection, ids, position)
    parts = parts_of(_of_plan(connection, tables.PARTS, plan_id, position, "number"))
    keys = {key for _, key in own.scales} | {one.scale for each in reviews.values() for one in each}
    rag_scales = scales(connection, {key.partition("@")[0] for key in keys}, position=position)
    return PlanRecord(
        plan=own,
        position=position,
        scales=rag_scales,
        mappings=tuple(mappings(connection, position=position)),
        parts=parts,
        groups={
            row.group: group_of(row)
            for row in _of_plan(connection, tables.GROUPS, plan_id, position, "formed_on")
        },
        meetings=tuple(
            meeting_of(row)
            for row in _of_plan(connection, tables.MEETINGS, plan_id, position, "held_on")
        ),
        claims=tuple(
            claim_of(row) for row in _of_plan(connection, tables.CLAIMS, plan_id, position, "as_at")
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
    found = _actions(connection, position, _ACTION.action == action_id)
    return found.get(action_id)


def known_actions(connection: Connection, actions: Collection[str]) -> frozenset[str]:
    """Which of these are actions of a plan."""
    query = select(_ACTION.action).where(
        one_of(_ACTION.action, actions), as_at(tables.ACTIONS.table, None)
    )
    return frozenset(connection.execute(query).scalars())


def action_with_reference(connection: Connection, plan_id: str, reference: str) -> str | None:
    """The id of the action of the plan that has this reference and goes on."""
    query = select(_ACTION.action).where(
        _ACTION.plan == plan_id, _ACTION.reference == reference, _goes_on(None)
    )
    return connection.execute(query.limit(1)).scalar()


def actions_held(connection: Connection, *, position: int | None = None) -> dict[str, int]:
    """How many actions of each plan go on."""
    query = select(_ACTION.plan, func.count()).where(_goes_on(position)).group_by(_ACTION.plan)
    return dict(connection.execute(query).tuples().all())


def plans_of(
    connection: Connection, actions: Collection[str], *, position: int | None = None
) -> list[str]:
    """The plans that these actions belong to."""
    query = select(_ACTION.plan).where(
        one_of(_ACTION.action, actions), as_at(tables.ACTIONS.table, position)
    )
    return sorted(connection.execute(query.distinct()).scalars())


def last_met(connection: Connection, plan: str, *, before: int) -> MeetingRecord | None:
    """The last meeting of the plan’s board that was held and saw less of the log than `before`,
    as known there."""
    meeting = tables.MEETINGS.table.c
    query = tables.MEETINGS.select(
        meeting.plan == plan, meeting.state == "held", meeting.position < before, position=before
    )
    rows = tables.MEETINGS.rows(connection, query.order_by(meeting.position.desc()).limit(1))
    return meeting_of(rows[0]) if rows else None


def actions_open(connection: Connection, plan_id: str, part: str | None = None) -> int:
    """How many actions of the plan, or of one of its parts, go on."""
    query = select(func.count()).where(_ACTION.plan == plan_id, _goes_on(None))
    if part is not None:
        query = query.where(_ACTION.part == part)
    return connection.execute(query).scalar_one()


def scale_in_use(connection: Connection, key: str) -> bool:
    """Whether a plan is or was rated on this version of a scale, or its levels are mapped."""
    adopted, mapped = tables.SCALES_ADOPTED.table.c, tables.MAPPINGS.table.c
    used = select(adopted.plan).where(adopted.scale == key)
    taken = select(mapped.scale).where(or_(mapped.old == key, mapped.new == key))
    return any(connection.execute(query.limit(1)).first() for query in (used, taken))


def _goes_on(position: int | None) -> ColumnElement[bool]:
    return and_(_ACTION.ended.is_(None), as_at(tables.ACTIONS.table, position))


def scales(
    connection: Connection, ids: Iterable[str] | None = None, *, position: int | None = None
) -> dict[str, RagScale]:
    """Published versions of scales by their key, in the order of their names and versions.

    Scales and mappings are read as they are known, also where it is shown what was true on a day:
    a rating given before its scale was typed in is still read by it.
    """
    table = tables.SCALES.table
    query = select(table.c.content).where(as_at(table, position))
    if ids is not None:
        query = query.where(one_of(table.c.scale, ids))
    ordered = query.order_by(table.c.scale, table.c.version)
    found = (scale_of(content) for content in present(connection).execute(ordered).scalars())
    return {scale.key: scale for scale in found}


def mappings(connection: Connection, *, position: int | None = None) -> list[ScaleMapping]:
    """Every mapping between scales, the earliest first."""
    return [
        ScaleMapping(
            old=row.old,
            new=row.new,
            since=date.fromisoformat(row.since),
            levels=_LEVELS.validate_json(row.levels),
        )
        for row in _every(present(connection), tables.MAPPINGS, position, "since")
    ]


def scale_version(connection: Connection, scale: str) -> int:
    """The version of the stream of a scale as it stands; 0 where there is none."""
    found = 0
    for table in (tables.SCALES.table, tables.MAPPINGS.table):
        query = select(func.max(table.c.stream_version)).where(
            table.c.scale == scale, as_at(table, None)
        )
        found = max(found, connection.execute(query).scalar() or 0)
    return found


# -- reading rows


def _every(
    connection: Connection, table: ReadTable[R], position: int | None, order: str
) -> list[R]:
    query = table.select(position=position).order_by(table.table.c[order])
    return table.rows(connection, query)


def _of_plan(
    connection: Connection, table: ReadTable[R], plan_id: str, position: int | None, *order: str
) -> list[R]:
    columns = table.table.c
    query = table.select(columns.plan == plan_id, position=position)
    return table.rows(connection, query.order_by(*(columns[name] for name in order)))


def _each(
    connection: Connection,
    table: ReadTable[R],
    ids: Sequence[str],
    position: int | None,
    order: Sequence[str] = ("number",),
) -> list[R]:
    columns = table.table.c
    query = table.select(one_of(columns.action, ids), position=position)
    return table.rows(connection, query.order_by(*(columns[name] for name in order)))


def _reviews(
    connection: Connection, ids: Sequence[str], position: int | None
) -> dict[str, tuple[Review, ...]]:
    columns = tables.ASSESSMENTS.table.c
    chosen = [
        type_coerce(columns[name], Day) if name == "as_at" else columns[name]
        for name in tables.PlanAssessmentRow._fields
    ]
    query = select(*chosen).where(
        one_of(columns.action, ids), as_at(tables.ASSESSMENTS.table, position)
    )
    return reviews_of(connection.execute(query).all())


def _grouped(rows: Iterable[T], by: str) -> dict[str, list[T]]:
    found: dict[str, list[T]] = {}
    for row in rows:
        found.setdefault(getattr(row, by), []).append(row)
    return found


def _by_action(made: Iterable[T]) -> dict[str, tuple[T, ...]]:
    return {action: tuple(each) for action, each in _grouped(made, "action").items()}


def _beside(
    connection: Connection, ids: Sequence[str], position: int | None
) -> dict[str, dict[str, tuple[Any, ...]]]:
    """What hangs under the actions, beside their reviews."""
    return {
        "reschedulings": _by_action(
            map(rescheduling_of, _each(connection, tables.RESCHEDULES, ids, position))
        ),
        "evidence": _by_action(map(evidence_of, _each(connection, tables.EVIDENCE, ids, position))),
        "measures": _by_action(map(measure_of, _each(connection, tables.MEASURES, ids, position))),
        "reports": _by_action(map(reported_of, _each(connection, tables.REPORTS, ids, position))),
        "links": _by_action(_each(connection, tables.LINKS, ids, position, ("kind", "to"))),
        "rewordings": _by_action(
            map(rewording_of, _each(connection, tables.WORDINGS, ids, position))
        ),
    }


def _actions(
    connection: Connection, position: int | None, which: ColumnElement[bool]
) -> dict[str, ActionRecord]:
    version = tables.VERSIONS.table
    query = (
        tables.ACTIONS.select(which, position=position)
        .add_columns(version.c.stream_version)
        .join(version, version.c.action == _ACTION.action)
        .where(as_at(version, position))
    )
    found = [(tables.PlanActionRow._make(row[:-1]), row[-1]) for row in connection.execute(query)]
    found.sort(key=lambda each: (in_order(each[0].reference), each[0].opened))
    return {row.action: action_of(row, version) for row, version in found}
