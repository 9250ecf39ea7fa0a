"""The follow-up of inadequate audits: how far each has come, who answers for it, by when."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.engine import Connection

from projections.core.base import as_at, naming
from projections.core.policy_table import policy_in_force
from projections.follow_ups.tables import follow_up_policy, follow_up_row
from qa.follow_ups.events import FollowUpPolicySet

OPEN_STAGES = ("recorded", "escalated", "planned")


def _read(row: Any) -> dict[str, Any]:
    found = dict(row._mapping)
    found["actions"] = orjson.loads(found["actions"])
    return found


def policy(
    connection: Connection, *, position: int | None = None
) -> tuple[FollowUpPolicySet, int] | None:
    """The clocks in force and the version of their stream; None while the defaults hold."""
    return policy_in_force(connection, follow_up_policy, FollowUpPolicySet, position)


def one(
    connection: Connection, audit: str, *, position: int | None = None
) -> dict[str, Any] | None:
    """The follow-up of an audit."""
    query = select(follow_up_row).where(
        follow_up_row.c.audit == audit, as_at(follow_up_row, position)
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else _read(row)


def listed(
    connection: Connection, *, running: bool = False, position: int | None = None
) -> list[dict[str, Any]]:
    """Every follow-up, the newest first; only those that are not over if `running`."""
    query = select(follow_up_row).where(as_at(follow_up_row, position))
    if running:
        query = query.where(follow_up_row.c.stage.in_(OPEN_STAGES))
    return [_read(row) for row in connection.execute(query.order_by(follow_up_row.c.opened.desc()))]


def holders(connection: Connection, people: Collection[str], position: int | None) -> set[str]:
    """Those of the people who answer for a follow-up that is not over."""
    runs = follow_up_row.c.stage.in_(OPEN_STAGES)
    return naming(connection, people, (follow_up_row.c.owner,), runs, position=position)


def owed(row: Mapping[str, Any], *, actions_done: bool) -> tuple[str, str] | None:
    """What is owed next and by when (ISO): "escalate", "plan", "actions" or "re-audit"."""
    match row["stage"]:
        case "recorded":
            return "escalate", row["escalate_by"]
        case "escalated":
            return "plan", row["plan_by"]
        case "planned":
            return (
                ("re-audit", row["re_audit_by"]) if actions_done else ("actions", row["actions_by"])
            )
        case _:
            return None


def is_late(row: Mapping[str, Any], today: date, *, actions_done: bool) -> bool:
    next_step = owed(row, actions_done=actions_done)
    return next_step is not None and next_step[1] < today.isoformat()
