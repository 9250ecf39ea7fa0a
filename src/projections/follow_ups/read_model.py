"""The follow-up of inadequate audits: how far each has come, who answers for it, by when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import orjson
from sqlalchemy import BigInteger, Column, Integer, Text, select
from sqlalchemy.engine import Connection

from projections.core.base import Amend, Change, Put, as_at, versioned_table
from projections.core.policy_table import policy_in_force, policy_table, put_policy
from qa.core.fact import Recorded
from qa.follow_ups import events as facts
from qa.follow_ups.events import FollowUpClocks, FollowUpPolicySet

follow_up_row = versioned_table(
    "follow_up_row",
    Column("audit", Text, nullable=False),
    Column("stream_version", Integer, nullable=False),
    Column("opened", BigInteger, nullable=False),
    Column("reference", Text, nullable=False),
    Column("child", Text, nullable=False),
    Column("team", Text, nullable=False),
    Column("service", Text, nullable=False),
    Column("grade", Text, nullable=False),
    Column("stage", Text, nullable=False),
    Column("round", Integer, nullable=False),
    Column("since", Text, nullable=False),
    Column("escalate_by", Text, nullable=False),
    Column("plan_by", Text, nullable=False),
    Column("actions_by", Text, nullable=False),
    Column("re_audit_by", Text, nullable=False),
    Column("owner", Text),
    Column("escalated_on", Text),
    Column("planned_on", Text),
    Column("plan", Text),
    Column("actions", Text, nullable=False),
    Column("re_audit", Text),
    Column("re_audit_reference", Text),
    Column("over_on", Text),
    Column("cause", Text),
    key=("audit",),
    indexes=(("opened",),),
    open_indexes=(("stage", "owner"),),
)
"""Dates are ISO text; `since` is the day on which the round began, `actions` a JSON list."""

follow_up_policy = policy_table("follow_up_policy")

OPEN_STAGES = ("recorded", "escalated", "planned")


class FollowUps:
    """Projects the facts of follow-ups and of the policy behind their clocks."""

    name = "follow_ups"
    version = 1
    tables = (follow_up_row, follow_up_policy)
    by_stream = True
    handles = (
        facts.FollowUpOpened,
        facts.FollowUpEscalated,
        facts.FollowUpPlanAgreed,
        facts.FollowUpReAudited,
        facts.FollowUpEnded,
        facts.FollowUpPolicySet,
    )

    def project(self, recorded: Recorded[Any]) -> Iterable[Change]:
        fact = recorded.fact
        if isinstance(fact, FollowUpPolicySet):
            return [put_policy(follow_up_policy, recorded)]
        audit = recorded.stream.partition(":")[2]
        if isinstance(fact, facts.FollowUpOpened) and recorded.version == 1:
            return [Put(follow_up_row, {**_opened(recorded, 1), "audit": audit})]
        return [Amend(follow_up_row, (audit,), _Amended(recorded))]


def _round(clocks: FollowUpClocks, since: str, number: int) -> dict[str, Any]:
    return {
        "stage": "recorded",
        "round": number,
        "since": since,
        "escalate_by": clocks.escalate_by.isoformat(),
        "plan_by": clocks.plan_by.isoformat(),
        "actions_by": clocks.actions_by.isoformat(),
        "re_audit_by": clocks.re_audit_by.isoformat(),
        "owner": None,
        "escalated_on": None,
        "planned_on": None,
        "plan": None,
        "actions": "[]",
        "over_on": None,
        "cause": None,
    }


def _opened(recorded: Recorded[facts.FollowUpOpened], number: int) -> dict[str, Any]:
    fact = recorded.fact
    return {
        "stream_version": recorded.version,
        "opened": recorded.position,
        "reference": fact.reference,
        "child": fact.child,
        "team": fact.team,
        "service": fact.service,
        "grade": fact.grade,
        "re_audit": None,
        "re_audit_reference": None,
        **_round(fact.clocks, recorded.meta.effective_on.isoformat(), number),
    }


class _Amended:
    """What a later fact makes of the row."""

    def __init__(self, recorded: Recorded[Any]) -> None:
        self._recorded = recorded

    def __call__(self, row: Mapping[str, Any]) -> Mapping[str, Any]:
        recorded = self._recorded
        fact, on = recorded.fact, recorded.meta.effective_on.isoformat()
        values: dict[str, Any] = {"stream_version": recorded.version}
        match fact:
            case facts.FollowUpOpened():
                values |= _opened(recorded, row["round"] + 1)
            case facts.FollowUpEscalated():
                values |= {"stage": "escalated", "owner": fact.owner, "escalated_on": on}
            case facts.FollowUpPlanAgreed():
                values |= {
                    "stage": "planned",
                    "planned_on": on,
                    "plan": fact.plan,
                    "actions": orjson.dumps(fact.actions).decode(),
                }
            case facts.FollowUpReAudited():
                values |= {"re_audit": fact.re_audit, "re_audit_reference": fact.reference}
                if fact.clocks is None:
                    values |= {"stage": "resolved", "over_on": on}
                else:
                    values |= _round(fact.clocks, on, row["round"] + 1)
            case facts.FollowUpEnded():
                values |= {"stage": "ended", "over_on": on, "cause": fact.cause}
        return values


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
