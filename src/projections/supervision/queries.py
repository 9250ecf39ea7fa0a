"""Questions to supervision: which pairs there are, their sessions, their checks, and the policy."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, cast

from sqlalchemy import ColumnElement, and_, exists, func, not_, or_, select, true
from sqlalchemy.engine import Connection

from projections.core.base import as_at
from projections.core.full_text import RowCondition, SearchedRow
from projections.supervision.tables import (
    CHECKS,
    OPEN_CASES,
    PAIR_TEAMS,
    PAIRS,
    SESSIONS,
    STANDARDS,
    OpenCaseRow,
    PairTeamRow,
    SessionRow,
    SupervisionCheckRow,
    SupervisionPairRow,
    open_case,
    supervision_check,
    supervision_pair,
    supervision_pair_team,
    supervision_policy,
    supervision_prompt,
    supervision_session,
    supervision_standard,
)
from qa.core.naming import reference_key
from qa.core.one_of import one_of
from qa.core.words import Scope
from qa.supervision.check_events import source_of
from qa.supervision.due import Days, Sessions
from qa.supervision.events import SupervisionPolicySet
from qa.supervision.states import EXCUSED, CheckState, Standard


@dataclass(frozen=True, slots=True)
class SupervisionReader:
    """Whose lists these are: the parts of the council they run checks in, and everybody who
    reports to them, directly or through others."""

    person: str
    scopes: Sequence[Scope] = ()
    beneath: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Policies:
    """Every version of the policy known, oldest first, each with its first day; `default` holds
    before the first. `version` is that of the stream."""

    default: SupervisionPolicySet
    known: Sequence[tuple[date, SupervisionPolicySet]] = field(default_factory=tuple)
    version: int = 0

    def on(self, day: date) -> SupervisionPolicySet:
        found = self.default
        for since, policy in self.known:
            if since <= day:
                found = policy
        return found

    @property
    def days(self) -> Days:
        """The days that a standard gives a session that is counted from a day."""

        def given(standard: Standard, day: date) -> int:
            policy = self.on(day)
            return policy.regular_days if standard == "regular" else policy.newly_qualified_days

        return given


def visible(who: SupervisionReader, table: Any) -> ColumnElement[bool]:
    """The rows of pairs or checks that a reader may know of. A pair is also open to whoever was
    asked to check it or to moderate a check of it."""
    people = {who.person, *who.beneath}
    parts: list[ColumnElement[bool]] = [
        one_of(table.c.supervisor, people),
        one_of(table.c.practitioner, people),
    ]
    for scope in who.scopes:
        parts.append(true() if scope.code is None else table.c[scope.kind] == scope.code)
    if table is supervision_check:
        parts += [table.c.checker == who.person, table.c.moderator == who.person]
    return or_(*parts)


def visible_pairs(who: SupervisionReader, position: int | None) -> ColumnElement[bool]:
    """The pairs that a reader may know of, those included that they were asked to check."""
    pair_query = select(supervision_check.c.pair).where(
        _checks_of(who.person), as_at(supervision_check, position)
    )
    return or_(visible(who, supervision_pair), supervision_pair.c.pair.in_(pair_query))


def findable_pairs(row: SearchedRow, who: SupervisionReader, position: int | None) -> RowCondition:
    """The texts of pairs that a search may find."""
    return exists().where(
        supervision_pair.c.pair == row.record,
        as_at(supervision_pair, position),
        visible_pairs(who, position),
    )


def findable_checks(row: SearchedRow, who: SupervisionReader, position: int | None) -> RowCondition:
    """The texts of checks that a search may find: none of those that the reader has yet to give
    grades of their own to."""
    table = supervision_check.c
    waits = and_(func.coalesce(table.moderator, "") == who.person, table.waiting == 1)
    return exists().where(
        table.check == row.record,
        as_at(supervision_check, position),
        visible(who, supervision_check),
        not_(waits),
    )


def pairs(
    connection: Connection,
    who: SupervisionReader,
    *,
    position: int | None = None,
    over: bool = False,
) -> list[SupervisionPairRow]:
    """The pairs that the reader may know of, those that have ended only with `over`."""
    table = supervision_pair.c
    query = PAIRS.select(visible_pairs(who, position), position=position)
    if not over:
        query = query.where(table.ended_on.is_(None))
    return PAIRS.rows(connection, query.order_by(table.service, table.team, table.opened))


def _checks_of(person: str) -> ColumnElement[bool]:
    """The checks that somebody makes or moderates and that were not cancelled."""
    table = supervision_check.c
    return and_(
        or_(table.checker == person, table.moderator == person),
        table.state != CheckState.CANCELLED.value,
    )


def all_pairs(connection: Connection, *, position: int | None = None) -> list[SupervisionPairRow]:
    """Every pair, for figures that name nobody."""
    query = PAIRS.select(position=position).order_by(supervision_pair.c.opened)
    return PAIRS.rows(connection, query)


def running_of(connection: Connection, team: str) -> list[str]:
    """The pairs of a team that have not ended."""
    table = supervision_pair.c
    query = PAIRS.select(table.team == team, table.ended_on.is_(None), position=None)
    query = query.order_by(table.opened)
    return [row.pair for row in PAIRS.rows(connection, query)]


def to_make_of(connection: Connection, team: str) -> list[str]:
    """The checks in a team that were never submitted."""
    table = supervision_check.c
    waits = table.state.in_([CheckState.SCHEDULED.value, CheckState.IN_PROGRESS.value])
    rows = CHECKS.rows(
        connection, CHECKS.select(table.team == team, waits, position=None).order_by(table.opened)
    )
    return [row.check for row in rows]


def teams_of_pairs(
    connection: Connection, *, position: int | None = None
) -> dict[str, list[PairTeamRow]]:
    """The teams that pairs belonged to, by pair and day."""
    query = PAIR_TEAMS.select(position=position)
    found: dict[str, list[PairTeamRow]] = {}
    for row in PAIR_TEAMS.rows(connection, query.order_by(supervision_pair_team.c.since)):
        found.setdefault(row.pair, []).append(row)
    return found


def pair(
    connection: Connection, pair_id: str, *, position: int | None = None
) -> SupervisionPairRow | None:
    return PAIRS.one(connection, supervision_pair.c.pair == pair_id, position=position)


def pairs_of(
    connection: Connection, practitioner: str, *, position: int | None = None
) -> list[SupervisionPairRow]:
    """The supervision that somebody has now."""
    table = supervision_pair.c
    query = PAIRS.select(
        table.practitioner == practitioner, table.ended_on.is_(None), position=position
    )
    return PAIRS.rows(connection, query.order_by(table.opened))


def supervises(connection: Connection, supervisor: str, practitioner: str) -> bool:
    """Whether the one supervises the other now."""
    return any(row.supervisor == supervisor for row in pairs_of(connection, practitioner))


def sessions(
    connection: Connection, pairs: Collection[str], *, position: int | None = None
) -> dict[str, list[SessionRow]]:
    """The sessions of these pairs that stand, by day."""
    table = supervision_session.c
    query = SESSIONS.select(one_of(table.pair, pairs), position=position)
    found: dict[str, list[SessionRow]] = {}
    for row in SESSIONS.rows(connection, query.order_by(table.pair, table.on, table.recorded)):
        found.setdefault(row.pair, []).append(row)
    return found


def known(
    connection: Connection, rows: Sequence[SupervisionPairRow], *, position: int | None = None
) -> dict[str, Sessions]:
    """What is known of the sessions of these pairs, for working out when they were owed."""
    ids = [row.pair for row in rows]
    if not ids:
        return {}
    by_pair = sessions(connection, ids, position=position)
    table = supervision_standard.c
    query = STANDARDS.select(one_of(table.pair, ids), position=position)
    standards: dict[str, list[tuple[date, Standard]]] = {}
    for one in STANDARDS.rows(connection, query.order_by(table.pair, table.since)):
        since, standard = date.fromisoformat(one.since), cast(Standard, one.standard)
        standards.setdefault(one.pair, []).append((since, standard))
    found = {}
    for row in rows:
        of_pair = by_pair.get(row.pair, [])
        found[row.pair] = Sessions(
            began_on=date.fromisoformat(row.began_on),
            ended_on=None if row.ended_on is None else date.fromisoformat(row.ended_on),
            standards=standards[row.pair],
            held=[date.fromisoformat(session.on) for session in of_pair if session.held],
            away=[date.fromisoformat(session.on) for session in of_pair if session.why in EXCUSED],
        )
    return found


def checks(
    connection: Connection,
    who: SupervisionReader,
    *,
    pair_id: str = "",
    states: Collection[str] = (),
    position: int | None = None,
    before: int | None = None,
    limit: int | None = None,
) -> list[SupervisionCheckRow]:
    """The checks that the reader may know of, newest first; of one pair, or in these states.

    `before` is the `opened` of the last row of the page before.
    """
    table = supervision_check.c
    query = CHECKS.select(visible(who, supervision_check), position=position)
    if pair_id:
        query = query.where(table.pair == pair_id)
    if states:
        query = query.where(table.state.in_(sorted(states)))
    if before is not None:
        query = query.where(table.opened < before)
    return CHECKS.rows(connection, query.order_by(table.opened.desc()).limit(limit))


def all_checks(connection: Connection, *, position: int | None = None) -> list[SupervisionCheckRow]:
    """Every check, for figures that name nobody."""
    query = CHECKS.select(position=position).order_by(supervision_check.c.opened)
    return CHECKS.rows(connection, query)


def check(
    connection: Connection, check_id: str, *, position: int | None = None
) -> SupervisionCheckRow | None:
    return CHECKS.one(connection, supervision_check.c.check == check_id, position=position)


def asked_of(connection: Connection, person: str, pair_id: str) -> tuple[set[str], set[str]]:
    """Whether somebody was asked to check a pair, and to moderate a check of it: as sets of one or
    none, as the policy table takes them."""
    table = supervision_check.c
    query = select(table.checker, table.moderator).where(
        table.pair == pair_id, _checks_of(person), as_at(supervision_check, None)
    )
    rows = connection.execute(query).all()
    return {row.checker for row in rows} & {person}, {row.moderator for row in rows} & {person}


def policies(
    connection: Connection, default: SupervisionPolicySet, *, position: int | None = None
) -> Policies:
    """The policy in force and those before it; `default` where none was ever set."""
    query = (
        select(supervision_policy)
        .where(as_at(supervision_policy, position))
        .order_by(supervision_policy.c.version)
    )
    rows = connection.execute(query).all()
    versions = [
        (date.fromisoformat(row.since), SupervisionPolicySet.model_validate_json(row.content))
        for row in rows
    ]
    return Policies(default, versions, rows[-1].stream_version if rows else 0)


def prompts_answered(
    connection: Connection, audits: Collection[str], *, position: int | None = None
) -> frozenset[str]:
    """Of these audits, those whose prompt was answered."""
    query = select(supervision_prompt.c.audit).where(
        one_of(supervision_prompt.c.audit, audits), as_at(supervision_prompt, position)
    )
    return frozenset(connection.execute(query).scalars())


def discussed(connection: Connection, action: str, practitioner: str) -> bool:
    """Whether a session of this person's supervision talked the action over."""
    query = (
        select(supervision_session.c.actions)
        .join(supervision_pair, supervision_pair.c.pair == supervision_session.c.pair)
        .where(
            supervision_pair.c.practitioner == practitioner,
            as_at(supervision_pair, None),
            as_at(supervision_session, None),
            supervision_session.c.actions != "[]",
        )
    )
    return any(action in json.loads(actions) for actions in connection.execute(query).scalars())


def checked_since(
    connection: Connection, named: str, *, team: str, practitioner: str, since: date
) -> bool:
    """Whether the check with this id, or named as actions name it, was made after `since` in the
    team or of the practitioner."""
    table, wanted = supervision_check.c, named.strip().casefold()
    made = select(table.check).where(
        table.checked_on > since.isoformat(),
        or_(table.team == team, table.practitioner == practitioner),
        as_at(supervision_check, None),
    )
    found = connection.execute(made).scalars()
    return any(wanted in (check, source_of(check).casefold()) for check in found)


def ever_open(connection: Connection, children: Collection[str]) -> bool:
    """Whether a list ever held an open case of one of these children, by the keys of their
    references."""
    listed = connection.execute(select(open_case.c.case).distinct()).scalars()
    return any(reference_key(case) in children for case in listed)


def open_cases(connection: Connection, *, position: int | None = None) -> list[OpenCaseRow]:
    """The cases of every list, by day."""
    query = OPEN_CASES.select(position=position)
    return OPEN_CASES.rows(connection, query.order_by(open_case.c.counted_on, open_case.c.case))


def cases_supervised(
    connection: Connection, *, position: int | None = None
) -> dict[str, list[tuple[str, str]]]:
    """The days on which sessions supervised each case, each with its pair."""
    table = supervision_session.c
    query = select(table.pair, table.on, table.cases).where(
        table.cases != "[]", as_at(supervision_session, position)
    )
    found: dict[str, list[tuple[str, str]]] = {}
    for pair, on, cases in connection.execute(query).tuples():
        for case in json.loads(cases):
            found.setdefault(case, []).append((on, pair))
    return found
