"""The follow-up of inadequate audits: how far each has come, who answers for it, by when."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from sqlalchemy.engine import Connection

from projections.core.base import naming, present
from projections.core.policy_table import policy_in_force
from projections.core.reach import within_reach
from projections.follow_ups.tables import (
    FOLLOW_UPS,
    FollowUpRow,
    follow_up_policy,
    follow_up_row,
)
from qa.core.words import Reach
from qa.follow_ups.events import FollowUpPolicySet

OPEN_STAGES = ("recorded", "escalated", "planned")


def policy(
    connection: Connection, *, position: int | None = None
) -> tuple[FollowUpPolicySet, int] | None:
    """The clocks in force and the version of their stream; None while the defaults hold."""
    return policy_in_force(connection, follow_up_policy, FollowUpPolicySet, position)


def one(connection: Connection, audit: str, *, position: int | None = None) -> FollowUpRow | None:
    """The follow-up of an audit."""
    return FOLLOW_UPS.one(connection, follow_up_row.c.audit == audit, position=position)


def listed(
    connection: Connection, *, running: bool = False, position: int | None = None
) -> list[FollowUpRow]:
    """Every follow-up, the newest first; only those that are not over if `running`."""
    query = FOLLOW_UPS.select(position=position).order_by(follow_up_row.c.opened.desc())
    if running:
        query = query.where(follow_up_row.c.stage.in_(OPEN_STAGES))
    return FOLLOW_UPS.rows(connection, query)


def running_of(connection: Connection, team: str) -> list[str]:
    """The audits whose follow-up is seen through by this team and is not over."""
    runs = follow_up_row.c.stage.in_(OPEN_STAGES)
    query = FOLLOW_UPS.select(follow_up_row.c.team == team, runs, position=None)
    rows = FOLLOW_UPS.rows(connection, query.order_by(follow_up_row.c.opened))
    return [row.audit for row in rows]


def within(connection: Connection, reach: Reach) -> frozenset[str]:
    """The audits whose follow-up is now of a part of the council that is open to the reader,
    restricted ones, and those that are not in their room, among them."""
    whole = replace(reach, closed=frozenset(), kept_to=None)
    now, part = present(connection), within_reach(whole, follow_up_row)
    return frozenset(
        row.audit for row in FOLLOW_UPS.rows(now, FOLLOW_UPS.select(part, position=None))
    )


def holders(connection: Connection, people: Collection[str], position: int | None) -> set[str]:
    """Those of the people who answer for a follow-up that is not over."""
    runs = follow_up_row.c.stage.in_(OPEN_STAGES)
    return naming(connection, people, (follow_up_row.c.owner,), runs, position=position)


def owed(row: FollowUpRow, *, actions_done: bool) -> tuple[str, str] | None:
    """What is owed next and by when (ISO): "escalate", "plan", "actions" or "re-audit"."""
    match row.stage:
        case "recorded":
            return "escalate", row.escalate_by
        case "escalated":
            return "plan", row.plan_by
        case "planned":
            return ("re-audit", row.re_audit_by) if actions_done else ("actions", row.actions_by)
        case _:
            return None
