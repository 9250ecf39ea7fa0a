"""Questions to the actions: which there are, one with its steps and its chain, and the policy.

`hidden` are the audits whose content this reader may not meet in passing, and `sealed` those of
them that are closed to the reader whatever their part in the action is.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    case,
    exists,
    false,
    func,
    literal_column,
    or_,
    select,
    true,
)
from sqlalchemy.engine import Connection

from projections.actions.tables import (
    ACTION_STEPS,
    ACTIONS,
    ActionRow,
    ActionStepRow,
    action_audit,
    action_contributor,
    action_finding,
    action_policy,
    action_row,
    action_step,
)
from projections.core.base import as_at
from projections.core.full_text import RowCondition, SearchedRow
from projections.core.paging import FIRST, RowPage, paged
from projections.core.policy_table import policy_in_force
from qa.actions.events import ActionPolicySet, ActionReopened
from qa.actions.states import OPEN_STATES, OWED, ActionState
from qa.core.asking import Standing, Wanted, ask
from qa.core.event import Event
from qa.core.one_of import one_of
from qa.core.words import Reach

OWED_VALUES = tuple(sorted(state.value for state in OWED))
OPEN_VALUES = tuple(sorted(state.value for state in OPEN_STATES))


@dataclass(frozen=True, slots=True)
class ActionFilter:
    """What a list of actions is narrowed to. Empty means all that the reader may see.

    `late_on` asks for those past their due date on that day: the one in force, or the first.
    `opened_after` leaves out what was raised up to an entry of the log.
    """

    owner: str = ""
    team: str = ""
    service: str = ""
    state: tuple[str, ...] = ()
    kind: str = ""
    raised_by: str = ""
    audit: str = ""
    source: str = ""
    opened_after: int = 0
    late_on: date | None = None
    late_by: Literal["current", "first"] = "current"
    verifiable_on: date | None = None


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
    return and_(condition, _kept(reach, position), open_rows(hidden, sealed, own))


def of_a_range(rows: RowCondition) -> RowCondition:
    """The same condition for those of a range of days: by itself it would lead SQLite to go through
    all that a team, or a state, ever had."""
    return case((rows, 1), else_=0) == 1


def _kept(reach: Reach, position: int | None) -> ColumnElement[bool]:
    """The actions of audits that the reader's room holds."""
    kept = reach.kept_to
    if kept is None:
        return true()
    audit = action_row.c.audit
    found = [audit != "" if kept.audits is None else one_of(audit, kept.audits)]
    if not kept.tools:
        return and_(*found)
    with_tools = select(action_audit.c.audit).where(
        action_audit.c.tool.in_(sorted(kept.tools)), as_at(action_audit, position)
    )
    return and_(*found, audit.in_(with_tools))


def open_rows(
    hidden: Collection[str], sealed: Collection[str], own: ColumnElement[bool]
) -> ColumnElement[bool]:
    table = action_row.c
    condition: ColumnElement[bool] = true()
    if sealed:
        condition = and_(condition, ~one_of(table.audit, sealed))
    in_passing = set(hidden) - set(sealed)
    if in_passing:
        condition = and_(condition, or_(~one_of(table.audit, in_passing), own))
    return condition


def findable(
    row: SearchedRow, reach: Reach, hidden: Collection[str], position: int | None
) -> RowCondition:
    """The texts that a search may find: none of an action whose text the list leaves out."""
    return exists().where(
        action_row.c.action == row.record,
        as_at(action_row, position),
        visible(reach, hidden, hidden, position),
    )


def late(day: date, by: Literal["current", "first"] = "current") -> ColumnElement[bool]:
    """The condition for actions past their date on `day`: still owed, or claimed only after it."""
    table = action_row.c
    due = table.due_on if by == "current" else table.first_due_on
    waiting = and_(table.state.in_(OWED_VALUES), due < day.isoformat())
    claimed_late = and_(table.state == ActionState.CLAIMED.value, table.claimed_on > due)
    return or_(waiting, claimed_late)


def is_late(row: ActionRow, day: date, by: Literal["current", "first"] = "current") -> bool:
    """The same for a row in hand."""
    due = row.due_on if by == "current" else row.first_due_on
    if row.state in OWED_VALUES:
        return due < day.isoformat()
    return row.state == ActionState.CLAIMED and (row.claimed_on or "") > due


def _conditions(wanted: ActionFilter) -> list[ColumnElement[bool]]:
    table = action_row.c
    found = [
        table[name] == getattr(wanted, name)
        for name in ("owner", "team", "service", "kind", "raised_by", "audit", "source")
        if getattr(wanted, name)
    ]
    if wanted.source:
        found.append(table.source != literal_column("''"))
    if wanted.opened_after:
        found.append(table.opened > wanted.opened_after)
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
    page: RowPage = FIRST,
) -> list[ActionRow]:
    """A page of actions as known at `position` (now when None)."""
    query = _narrowed(ACTIONS.ever(), reach, wanted, hidden, sealed, position)
    return [*map(ActionRow._make, paged(connection, query, action_row, page))]


def count(
    connection: Connection,
    reach: Reach,
    wanted: ActionFilter | None = None,
    *,
    hidden: Collection[str] = (),
    sealed: Collection[str] = (),
    position: int | None = None,
) -> int:
    """How many actions the list holds in all.

    Those of the few sealed audits are taken from the rest: to look at the audit of each would be to
    go to every row.
    """
    counted = select(func.count()).select_from(action_row)
    query = _narrowed(counted, reach, wanted, set(hidden) - set(sealed), (), position)
    if not sealed:
        return int(connection.execute(query).scalar_one())
    of_sealed = query.where(one_of(action_row.c.audit, sealed)).scalar_subquery()
    return int(connection.execute(select(query.scalar_subquery() - of_sealed)).scalar_one())


TALLIED = ("state", "kind", "raised_by", "team", "service")
MOST_TALLIED = 5000
"""More than so many are not tallied: on SQLite grouping 60,000 takes longer than the page may."""


def tallied(
    connection: Connection,
    reach: Reach,
    wanted: ActionFilter,
    *,
    hidden: Collection[str] = (),
    sealed: Collection[str] = (),
    position: int | None = None,
) -> Counter[tuple[str, ...]] | None:
    """How many actions there are of each state, kind, origin, team and service together; None where
    they are too many to be tallied."""
    columns = select(*(action_row.c[name] for name in TALLIED)).limit(MOST_TALLIED + 1)
    query = _narrowed(columns, reach, wanted, hidden, sealed, position)
    found = Counter(tuple(row) for row in connection.execute(query))
    return found if found.total() <= MOST_TALLIED else None


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


def one(connection: Connection, action: str, *, position: int | None = None) -> ActionRow | None:
    return next(iter(ACTIONS.where(connection, {"action": action}, position=position)), None)


def sources(connection: Connection) -> dict[str, str]:
    """What every action comes from that comes from something else than an audit, by its id."""
    query = select(action_row.c.action, action_row.c.source).where(
        action_row.c.source != literal_column("''"), as_at(action_row, None)
    )
    return dict(connection.execute(query).tuples().all())


def audits_of(connection: Connection, actions: Collection[str]) -> dict[str, str]:
    """The audit that each of these actions is of, where it is of one."""
    table = action_row.c
    query = select(table.action, table.audit).where(
        one_of(table.action, actions), table.audit != "", as_at(action_row, None)
    )
    return dict(connection.execute(query).tuples().all())


def contributors(
    connection: Connection, action: str, *, position: int | None = None
) -> tuple[str, ...]:
    """The people who help the owner of an action."""
    query = select(action_contributor.c.person).where(
        action_contributor.c.action == action, as_at(action_contributor, position)
    )
    return tuple(sorted(connection.execute(query).scalars()))


def open_of_team(connection: Connection, team: str) -> list[str]:
    """The actions of a team that go on."""
    query = select(action_row.c.action).where(
        action_row.c.team == team, action_row.c.state.in_(OPEN_VALUES), as_at(action_row, None)
    )
    return sorted(connection.execute(query).scalars())


def owns_open(connection: Connection, person: str) -> bool:
    """Whether an action that goes on is this person's."""
    query = select(action_row.c.action).where(
        action_row.c.owner == person, action_row.c.state.in_(OPEN_VALUES), as_at(action_row, None)
    )
    return connection.execute(query.limit(1)).first() is not None


def with_ids(
    connection: Connection, actions: Collection[str], *, position: int | None = None
) -> list[ActionRow]:
    """The rows of these actions, in the order they were raised."""
    wanted = {"action": sorted(set(actions))}
    return ACTIONS.where(connection, wanted, position=position, order=["opened"])


def of_audit(connection: Connection, audit: str, *, position: int | None = None) -> list[ActionRow]:
    """Every action of an audit, in the order they were raised."""
    return ACTIONS.where(connection, {"audit": audit}, position=position, order=["opened"])


def answering(
    connection: Connection, audit: str, *, position: int | None = None
) -> list[tuple[ActionRow, list[str]]]:
    """Every action that answers a finding of the audit, raised by it or linked to it, each with the
    domains that it answers."""
    query = select(action_finding.c.action, action_finding.c.domain).where(
        action_finding.c.audit == audit, as_at(action_finding, position)
    )
    domains: dict[str, list[str]] = {}
    for row in connection.execute(query):
        domains.setdefault(row.action, []).extend(filter(None, [row.domain]))
    rows = with_ids(connection, domains, position=position) if domains else []
    return [(row, sorted(domains[row.action])) for row in rows]


def _raised_for(state: ActionState) -> Select[Any]:
    """The actions in a state, raised in the team ``in_team`` for the domain ``of_domain``."""
    table = action_row.c
    return select(table.action).where(
        table.raised_team == bindparam("in_team"),
        table.state == state.value,
        table.domain == bindparam("of_domain"),
        as_at(action_row, None),
    )


_REOPENED = Standing(
    select(action_step.c.content).where(
        action_step.c.type == ActionReopened.TYPE,
        action_step.c.action.in_(_raised_for(ActionState.REOPENED)),
    )
)
_LAST_CLOSED = Standing(
    _raised_for(ActionState.EFFECTIVE)
    .where(action_row.c.audit != "", action_row.c.audit != bindparam("but_of"))
    .order_by(action_row.c.ended_on.desc(), action_row.c.opened.desc())
    .limit(1)
)


def loop_last_closed(connection: Connection, team: str, domain: str, *, but_of: str) -> str | None:
    """The action of an audit whose loop was closed last, of those raised in the team for the
    domain; those of the audit `but_of` are left out."""
    parameters = {"in_team": team, "of_domain": domain, "but_of": but_of}
    rows = ask(connection, Wanted(_LAST_CLOSED, parameters, list))
    return str(rows[0][0]) if rows else None


def reopened_by(connection: Connection, team: str, domain: str, finding: str) -> bool:
    """Whether a loop on the domain in the team was reopened by this finding."""
    parameters = {"in_team": team, "of_domain": domain}
    found = ask(connection, Wanted(_REOPENED, parameters, list))
    return any(json.loads(content)["finding"] == finding for (content,) in found)


def chain(connection: Connection, action: str, *, position: int | None = None) -> list[ActionRow]:
    """The whole chain that the action stands in, from the first that was raised."""
    found: dict[str, ActionRow] = {}
    done: set[str] = set()
    frontier = {action}
    while frontier:
        done |= frontier
        either = or_(one_of(action_row.c.action, frontier), one_of(action_row.c.next, frontier))
        rows = ACTIONS.rows(connection, ACTIONS.select(either, position=position))
        found |= {row.action: row for row in rows}
        frontier = {end for row in rows for end in (row.action, row.next) if end} - done
    return sorted(found.values(), key=lambda row: row.opened)


def steps(
    connection: Connection,
    actions: Collection[str],
    kind: type[Event] | None = None,
    *,
    position: int | None = None,
) -> dict[str, list[ActionStepRow]]:
    """The steps of these actions, or those of a kind, each list in the order of the record."""
    wanted: dict[str, object] = {"action": sorted(set(actions))}
    wanted |= {} if kind is None else {"type": kind.TYPE}
    order = ["position", "line"]
    found: dict[str, list[ActionStepRow]] = {}
    for step in ACTION_STEPS.where(connection, wanted, position=position, order=order):
        found.setdefault(step.action, []).append(step)
    return found


def policy(
    connection: Connection, *, position: int | None = None
) -> tuple[ActionPolicySet, int] | None:
    """The clocks in force with the version of their stream; None where none were ever set."""
    return policy_in_force(connection, action_policy, ActionPolicySet, position)
