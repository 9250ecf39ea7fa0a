"""Questions to the actions: which there are, one with its steps and its chain, and the policy.

`hidden` are the audits whose content this reader may not meet in passing, and `sealed` those of
them that are closed to the reader whatever their part in the action is.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, true
from sqlalchemy.engine import Connection

from projections.actions.tables import (
    action_contributor,
    action_finding,
    action_policy,
    action_row,
    action_step,
)
from projections.core.base import as_at
from projections.core.policy_table import policy_in_force
from qa.actions.events import ActionPolicySet
from qa.actions.states import OPEN_STATES, OWED, ActionState
from qa.core.words import Reach

OWED_VALUES = tuple(sorted(state.value for state in OWED))
OPEN_VALUES = tuple(sorted(state.value for state in OPEN_STATES))


@dataclass(frozen=True, slots=True)
class ActionFilter:
    """What a list of actions is narrowed to. Empty means all that the reader may see.

    `late_on` asks for those past their due date on that day: the one in force, or the first.
    """

    owner: str = ""
    team: str = ""
    service: str = ""
    state: tuple[str, ...] = ()
    kind: str = ""
    raised_by: str = ""
    audit: str = ""
    source: str = ""
    late_on: date | None = None
    late_by: Literal["current", "first"] = "current"
    verifiable_on: date | None = None


@dataclass(frozen=True, slots=True)
class ActionStep:
    """One event of an action: what happened, who did it on which day, and its own fields."""

    type: str
    on: date
    by: str
    in_role: str
    reason: str
    content: Mapping[str, Any]


RowCondition = ColumnElement[bool]
"""Which rows of actions a question is about; whoever asks hands it on and looks not into it."""
EVERY_ROW: RowCondition = true()


def visible(
    reach: Reach, hidden: Collection[str], sealed: Collection[str], position: int | None
) -> ColumnElement[bool]:
    """The rows a reader may know of: their own and those they help with, as auditors those they
    raised, and those of their part of the council; none of an audit that is sealed from them."""
    table = action_row.c
    helping = select(action_contributor.c.action).where(
        action_contributor.c.person == reach.person, as_at(action_contributor, position)
    )
    own: ColumnElement[bool] = false()
    if reach.answers:
        own = or_(table.owner == reach.person, table.action.in_(helping))
    condition: ColumnElement[bool] = true()
    if not (reach.everything or reach.everything_submitted):
        parts: list[ColumnElement[bool]] = [own]
        if "auditor" in reach.own:
            parts.append(table.raised_person == reach.person)
        services = sorted(reach.services | reach.services_submitted)
        teams = sorted(reach.teams | reach.teams_submitted)
        if services:
            parts += [table.service.in_(services), table.raised_service.in_(services)]
        if teams:
            parts += [table.team.in_(teams), table.raised_team.in_(teams)]
        condition = or_(*parts)
    return and_(condition, open_rows(hidden, sealed, own))


def open_rows(
    hidden: Collection[str], sealed: Collection[str], own: ColumnElement[bool]
) -> ColumnElement[bool]:
    table = action_row.c
    condition: ColumnElement[bool] = true()
    if sealed:
        condition = and_(condition, table.audit.not_in(sorted(sealed)))
    in_passing = sorted(set(hidden) - set(sealed))
    if in_passing:
        condition = and_(condition, or_(table.audit.not_in(in_passing), own))
    return condition


def late(day: date, by: Literal["current", "first"] = "current") -> ColumnElement[bool]:
    """The condition for actions past their date on `day`: still owed, or claimed only after it."""
    table = action_row.c
    due = table.due_on if by == "current" else table.first_due_on
    waiting = and_(table.state.in_(OWED_VALUES), due < day.isoformat())
    claimed_late = and_(table.state == ActionState.CLAIMED.value, table.claimed_on > due)
    return or_(waiting, claimed_late)


def is_late(row: Mapping[str, Any], day: date, by: Literal["current", "first"] = "current") -> bool:
    """The same for a row in hand."""
    due = row["due_on" if by == "current" else "first_due_on"]
    if row["state"] in OWED_VALUES:
        return bool(due < day.isoformat())
    return bool(row["state"] == ActionState.CLAIMED.value and row["claimed_on"] > due)


def _conditions(wanted: ActionFilter) -> list[ColumnElement[bool]]:
    table = action_row.c
    found = [
        table[name] == getattr(wanted, name)
        for name in ("owner", "team", "service", "kind", "raised_by", "audit", "source")
        if getattr(wanted, name)
    ]
    if wanted.state:
        found.append(table.state.in_(wanted.state))
    if wanted.late_on is not None:
        found.append(late(wanted.late_on, wanted.late_by))
    if wanted.verifiable_on is not None:
        found.append(table.state == ActionState.VERIFICATION_DUE.value)
        found.append(table.verify_from <= wanted.verifiable_on.isoformat())
    return found


def actions(
    connection: Connection,
    reach: Reach,
    wanted: ActionFilter | None = None,
    *,
    hidden: Collection[str] = (),
    sealed: Collection[str] = (),
    position: int | None = None,
    before: int | None = None,
    after: int | None = None,
    limit: int = 50,
) -> list[dict[str, Any]]:
    """A page of actions, newest first, as known at `position` (now when None).

    `before` and `after` are the `opened` of the last and first row of the neighbouring page.
    """
    query = _narrowed(select(action_row), reach, wanted, hidden, sealed, position)
    if after is not None:
        query = query.where(action_row.c.opened > after).order_by(action_row.c.opened)
    else:
        if before is not None:
            query = query.where(action_row.c.opened < before)
        query = query.order_by(action_row.c.opened.desc())
    rows = [dict(row._mapping) for row in connection.execute(query.limit(limit))]
    return rows[::-1] if after is not None else rows


def count(
    connection: Connection,
    reach: Reach,
    wanted: ActionFilter | None = None,
    *,
    hidden: Collection[str] = (),
    sealed: Collection[str] = (),
    position: int | None = None,
) -> int:
    """How many actions the list holds in all."""
    counted = select(func.count()).select_from(action_row)
    query = _narrowed(counted, reach, wanted, hidden, sealed, position)
    return int(connection.execute(query).scalar_one())


def _narrowed(
    query: Select[Any],
    reach: Reach,
    wanted: ActionFilter | None,
    hidden: Collection[str],
    sealed: Collection[str],
    position: int | None,
) -> Select[Any]:
    return query.where(
        as_at(action_row, position),
        visible(reach, hidden, sealed, position),
        *_conditions(wanted or ActionFilter()),
    )


def one(
    connection: Connection, action: str, *, position: int | None = None
) -> dict[str, Any] | None:
    """One action with its contributors, or None."""
    found = with_ids(connection, [action], position=position)
    if not found:
        return None
    contributors = select(action_contributor.c.person).where(
        action_contributor.c.action == action, as_at(action_contributor, position)
    )
    row = found[0]
    row["linked"] = [tuple(pair) for pair in json.loads(row["linked"])]
    row["evidence_kinds"] = json.loads(row["evidence_kinds"])
    row["contributors"] = sorted(connection.execute(contributors).scalars())
    return row


def open_of_team(connection: Connection, team: str) -> list[str]:
    """The actions of a team that go on."""
    query = select(action_row.c.action).where(
        action_row.c.team == team, action_row.c.state.in_(OPEN_VALUES), as_at(action_row, None)
    )
    return sorted(connection.execute(query).scalars())


def with_ids(
    connection: Connection, actions: Collection[str], *, position: int | None = None
) -> list[dict[str, Any]]:
    """The rows of these actions, in the order they were raised."""
    query = (
        select(action_row)
        .where(action_row.c.action.in_(sorted(set(actions))), as_at(action_row, position))
        .order_by(action_row.c.opened)
    )
    return [dict(row._mapping) for row in connection.execute(query)]


def of_audit(
    connection: Connection, audit: str, *, position: int | None = None
) -> list[dict[str, Any]]:
    """Every action of an audit, in the order they were raised."""
    query = (
        select(action_row)
        .where(action_row.c.audit == audit, as_at(action_row, position))
        .order_by(action_row.c.opened)
    )
    return [dict(row._mapping) for row in connection.execute(query)]


def answering(
    connection: Connection, audit: str, *, position: int | None = None
) -> list[dict[str, Any]]:
    """Every action that answers a finding of the audit, raised by it or linked to it, each with the
    `domains` that it answers."""
    query = select(action_finding.c.action, action_finding.c.domain).where(
        action_finding.c.audit == audit, as_at(action_finding, position)
    )
    domains: dict[str, list[str]] = {}
    for row in connection.execute(query):
        domains.setdefault(row.action, []).extend(filter(None, [row.domain]))
    rows = with_ids(connection, domains, position=position) if domains else []
    return [{**row, "domains": sorted(domains[row["action"]])} for row in rows]


def loops_closed(
    connection: Connection, team: str, domain: str, *, but_of: str
) -> list[dict[str, Any]]:
    """The actions of audits whose loop is closed, raised in the team for the domain, the last
    closed first; those of the audit `but_of` are left out."""
    table = action_row.c
    query = (
        select(action_row)
        .where(
            table.raised_team == team,
            table.state == ActionState.EFFECTIVE.value,
            table.domain == domain,
            table.audit.not_in(("", but_of)),
            as_at(action_row, None),
        )
        .order_by(table.ended_on.desc(), table.opened.desc())
    )
    return [dict(row._mapping) for row in connection.execute(query)]


def reopened_by(connection: Connection, team: str, domain: str, finding: str) -> bool:
    """Whether a loop on the domain in the team was reopened by this finding."""
    table = action_row.c
    query = select(table.action).where(
        table.raised_team == team,
        table.state == ActionState.REOPENED.value,
        table.domain == domain,
        as_at(action_row, None),
    )
    reopened = connection.execute(query).scalars().all()
    return any(
        step.content.get("finding") == finding
        for each in steps(connection, reopened).values()
        for step in each
    )


def chain(
    connection: Connection, action: str, *, position: int | None = None
) -> list[dict[str, Any]]:
    """The whole chain that the action stands in, from the first that was raised."""
    found: dict[str, dict[str, Any]] = {}
    done: set[str] = set()
    asked = {action}
    while asked:
        done |= asked
        here = sorted(asked)
        query = select(action_row).where(
            or_(action_row.c.action.in_(here), action_row.c.next.in_(here)),
            as_at(action_row, position),
        )
        rows = [dict(row._mapping) for row in connection.execute(query)]
        found |= {row["action"]: row for row in rows}
        asked = {row[end] for row in rows for end in ("action", "next") if row[end]} - done
    return sorted(found.values(), key=lambda row: int(row["opened"]))


def steps(
    connection: Connection, actions: Collection[str], *, position: int | None = None
) -> dict[str, Sequence[ActionStep]]:
    """The steps of these actions, each list in the order of the record."""
    query = (
        select(action_step)
        .where(action_step.c.action.in_(sorted(set(actions))), as_at(action_step, position))
        .order_by(action_step.c.position, action_step.c.line)
    )
    found: dict[str, list[ActionStep]] = {}
    for row in connection.execute(query):
        step = ActionStep(
            row.type,
            date.fromisoformat(row.on),
            row.by,
            row.in_role,
            row.reason or "",
            json.loads(row.content),
        )
        found.setdefault(row.action, []).append(step)
    return dict(found)


def policy(
    connection: Connection, *, position: int | None = None
) -> tuple[ActionPolicySet, int] | None:
    """The clocks in force with the version of their stream; None where none were ever set."""
    return policy_in_force(connection, action_policy, ActionPolicySet, position)
