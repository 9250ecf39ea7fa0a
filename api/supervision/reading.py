"""Supervision as one reader may see it: the one place that pages, API, files and histories ask.

It is confidential. A pair and its checks are open to the two, to the managers above either of them,
to QA leads of their part of the council, and to whoever was asked to check or to moderate. To
everybody else there is nothing there.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.engine import Connection

from api.actions import reading
from api.people.reading import below
from api.records.names import WithNames
from api.web.access_notes import Look, ServedLook
from api.web.moments import AsAt
from projections.actions import queries as action_queries
from projections.actions.queries import ActionFilter
from projections.audit_tools import queries as tool_queries
from projections.audits import queries as audit_queries
from projections.core.base import present
from projections.core.paging import RowPage
from projections.core.typed_rows import json_text
from projections.people import queries as people_queries
from projections.supervision import (
    queries as supervision_queries,
)
from projections.supervision import (
    worklist as supervision_worklist,
)
from projections.supervision.queries import Policies, SupervisionReader
from projections.supervision.tables import SessionRow, SupervisionCheckRow, SupervisionPairRow
from projections.supervision.worklist import SupervisionItem
from qa.actions.states import OPEN_STATES
from qa.audit_tools.definition import ToolDefinition
from qa.authorisation.policy import can, reach, scopes_for
from qa.core.errors import NotFound
from qa.core.naming import reference_key
from qa.core.words import Actor, Reach, Resource
from qa.supervision.clocks import DEFAULT_SUPERVISION_POLICY
from qa.supervision.due import Sessions, next_due, owed
from qa.supervision.events import SupervisionPolicySet
from qa.supervision.states import COUNTED

NO_PAIR = "There is no such supervision."
NO_CHECK = "There is no such check."
KINDS = frozenset({"supervision", "supervision-check", "supervision-prompt"})
"""The kinds of streams that are confidential."""


@dataclass(frozen=True, slots=True)
class SupervisionSession:
    """A session with the days since the one held before it, and the days that were owed then;
    None for one that did not take place."""

    row: SessionRow
    gap: int | None
    owed_days: int | None

    @property
    def over(self) -> bool:
        """Whether more days went by than the standard gives."""
        return self.gap is not None and self.owed_days is not None and self.gap > self.owed_days


@dataclass(frozen=True, slots=True)
class OpenedPair(WithNames):
    """A pair with its sessions, newest first. `due_on` is when the next is, or was, owed; `met` and
    `counted` are the owed dates met and those that count, up to the day that is looked at."""

    row: SupervisionPairRow
    sessions: Sequence[SupervisionSession]
    due_on: date | None
    met: int
    counted: int
    checks: Sequence[SupervisionCheckRow]
    resource: Resource
    actions: frozenset[str] = frozenset()
    role: str = ""


@dataclass(frozen=True, slots=True)
class OpenedCheck(WithNames):
    """A check with its tool; `audits` are those that prompted it and are open to the reader, by id
    with their references."""

    row: SupervisionCheckRow
    tool: ToolDefinition
    resource: Resource
    audits: Mapping[str, str]
    role: str = ""


def who(connection: Connection, actor: Actor) -> SupervisionReader:
    """Whose supervision the reader may know of, as it is now."""
    now = present(connection)
    return SupervisionReader(
        actor.person, scopes_for(actor, "run-checks"), below(now, actor.person)
    )


def resource_of(
    connection: Connection, row: SupervisionPairRow | SupervisionCheckRow, actor: Actor
) -> Resource:
    """A pair or a check as the policy table sees it for this reader, in the present."""
    now = present(connection)
    if isinstance(row, SupervisionCheckRow):
        checker = frozenset({row.checker})
        moderator = frozenset({row.moderator} if row.moderator else ())
    else:
        checkers, moderating = supervision_queries.asked_of(now, actor.person, row.pair)
        checker, moderator = frozenset(checkers), frozenset(moderating)
    above = {
        *people_queries.managers(now, row.practitioner),
        *people_queries.managers(now, row.supervisor),
    }
    return Resource(
        service=row.service,
        team=row.team,
        person=row.practitioner,
        line=frozenset(above),
        contributors=frozenset({row.supervisor}),
        auditor=next(iter(checker), None),
        moderators=moderator,
    )


def policies(connection: Connection, at: AsAt) -> Policies:
    """The policy as known at a moment, with what held before it."""
    return supervision_queries.policies(
        connection, DEFAULT_SUPERVISION_POLICY, position=at.position
    )


def policy_in_force(look: Look) -> tuple[SupervisionPolicySet, int]:
    """How often supervision is due on the day looked at, and the version of the policy."""
    found = policies(look.connection, look.at)
    return found.on(look.at.on), found.version


def open_pair(look: Look, pair: str) -> OpenedPair:
    """One pair for one reader, as known at `at`.

    Raises:
        NotFound: no such supervision then, or none that this reader may know of.
    """
    connection, actor, at = look.connection, look.actor, look.at
    now = supervision_queries.pair(present(connection), pair)
    if not now:
        raise NotFound(NO_PAIR)
    resource = resource_of(connection, now, actor)
    decided = can(actor, "read-supervision", resource)
    row = supervision_queries.pair(connection, pair, position=at.position)
    if not decided.allowed or not row:
        raise NotFound(NO_PAIR)
    known = supervision_queries.known(connection, [row], position=at.position)[pair]
    in_force = policies(connection, at)
    rows = [
        _without_closed(one, actor)
        for one in supervision_queries.sessions(connection, [pair], position=at.position).get(
            pair, ()
        )
    ]
    dates = [one for one in owed(known, in_force.days, at.on) if one.outcome != "excused"]
    checks = supervision_queries.checks(
        connection, who(connection, actor), pair_id=pair, position=at.position
    )
    mentioned = {row.supervisor, row.practitioner, *(one.by for one in rows)}
    mentioned |= {one.checker for one in checks}
    talked_over = {action for one in rows for action in one.actions_talked_over}
    return OpenedPair(
        row=row,
        sessions=_with_gaps(rows, known, in_force)[::-1],
        due_on=next_due(known, in_force.days),
        met=sum(one.outcome == "held" for one in dates),
        counted=len(dates),
        checks=checks,
        resource=resource,
        actions=reading.open_to(connection, actor, talked_over),
        role=decided.role.value if decided.role else "",
        names=people_queries.names(connection, mentioned, position=at.position),
    )


def _without_closed(row: SessionRow, actor: Actor) -> SessionRow:
    """A session without the cases of children whose records are restricted to others."""
    shown = [case for case in row.cases_supervised if reference_key(case) not in actor.closed]
    return row._replace(cases=json_text(shown))


def _with_gaps(
    rows: Sequence[SessionRow], known: Sessions, in_force: Policies
) -> list[SupervisionSession]:
    found = []
    last = known.began_on
    for row in rows:
        if not row.held:
            found.append(SupervisionSession(row, None, None))
            continue
        on = date.fromisoformat(row.on)
        found.append(
            SupervisionSession(row, (on - last).days, in_force.days(known.standard_on(last), last))
        )
        last = on
    return found


def open_check(look: Look, check: str) -> OpenedCheck:
    """One check for one reader, as known at `at`.

    Raises:
        NotFound: no such check then, or none that this reader may know of.
    """
    connection, actor = look.connection, look.actor
    now = supervision_queries.check(present(connection), check)
    if not now:
        raise NotFound(NO_CHECK)
    resource = resource_of(connection, now, actor)
    decided = can(actor, "read-supervision", resource)
    row = supervision_queries.check(connection, check, position=look.at.position)
    if not decided.allowed or not row:
        raise NotFound(NO_CHECK)
    tool = tool_queries.definition(connection, row.tool, row.tool_version)
    if tool is None:
        raise NotFound("The tool of this check is not on record.")
    shown = audit_queries.open_to(connection, reach(actor), set(row.prompting))
    shown -= audit_queries.hidden_for(connection, reach(actor))
    people = (row.supervisor, row.practitioner, row.checker, row.moderator, row.feedback_by)
    mentioned = {one for one in people if one}
    return OpenedCheck(
        row=row,
        tool=tool,
        resource=resource,
        audits=audit_queries.references(connection, shown),
        role=decided.role.value if decided.role else "",
        names=people_queries.names(connection, mentioned, position=look.at.position),
    )


def note(look: ServedLook, opened: OpenedPair | OpenedCheck) -> None:
    """Write down that this reader opened a pair or a check."""
    if isinstance(opened, OpenedCheck):
        subject = f"supervision-check:{opened.row.check}"
    else:
        subject = f"supervision:{opened.row.pair}"
    look.note(subject, role=opened.role)


def actions_of(connection: Connection, actor: Actor, practitioner: str) -> list[tuple[str, str]]:
    """The open actions of a practitioner that the reader may see, with their words: those that
    asked to be talked over first."""
    everything = Reach(actor.person, everything=True)
    wanted = ActionFilter(owner=practitioner, state=tuple(state.value for state in OPEN_STATES))
    rows = action_queries.actions(connection, everything, wanted, page=RowPage(200))
    shown = reading.open_to(connection, actor, [row.action for row in rows])
    rows.sort(key=lambda row: -row.discuss)
    return [(row.action, row.text) for row in rows if row.action in shown]


@dataclass(frozen=True, slots=True)
class SupervisionPair:
    """One pair of a list: its last session, when the next is, or was, owed, and the last check."""

    row: SupervisionPairRow
    last_on: date | None
    due_on: date | None
    checked_on: date | None

    def late(self, day: date) -> bool:
        return self.due_on is not None and self.due_on < day


def listed(look: Look, *, team: str = "", over: bool = False) -> list[SupervisionPair]:
    """The pairs that the reader may know of, those owed longest first."""
    connection, at = look.connection, look.at
    rows = supervision_queries.pairs(
        connection, who(connection, look.actor), position=at.position, over=over
    )
    rows = [row for row in rows if not team or row.team == team]
    known = supervision_queries.known(connection, rows, position=at.position)
    days = policies(connection, at).days
    checked = {
        one.pair: date.fromisoformat(one.checked_on)
        for one in sorted(
            checks(connection, look.actor, at, states=COUNTED), key=lambda one: str(one.checked_on)
        )
        if one.checked_on is not None
    }
    found = [
        SupervisionPair(
            row,
            max(known[row.pair].held, default=None),
            next_due(known[row.pair], days),
            checked.get(row.pair),
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: (one.due_on or date.max, one.row.opened))


def checks(
    connection: Connection,
    actor: Actor,
    at: AsAt,
    *,
    states: Collection[str] = (),
    before: int | None = None,
    limit: int | None = None,
) -> list[SupervisionCheckRow]:
    """The checks that the reader may know of, newest first."""
    whose = who(connection, actor)
    return supervision_queries.checks(
        connection, whose, states=states, position=at.position, before=before, limit=limit
    )


def worklist(look: Look, on: date) -> list[SupervisionItem]:
    """What waits for the reader: sessions they owe, checks, moderations and feedback."""
    return supervision_worklist.worklist(
        look.connection,
        look.actor.person,
        on,
        policies(look.connection, look.at),
        position=look.at.position,
    )


def open_streams(connection: Connection, actor: Actor, streams: Collection[str]) -> frozenset[str]:
    """Of the streams of pairs, checks and prompts, those that the reader may see just now."""
    now = present(connection)
    found = set()
    for stream in streams:
        kind, _, key = stream.partition(":")
        if kind == "supervision-prompt":
            row = people_queries.person(now, key)
            place = Resource(service=row.service, team=row.team) if row else Resource()
            if can(actor, "run-checks", place).allowed:
                found.add(stream)
            continue
        record: SupervisionPairRow | SupervisionCheckRow | None = None
        if kind == "supervision-check":
            record = supervision_queries.check(now, key)
        elif kind == "supervision":
            record = supervision_queries.pair(now, key)
        if record and can(actor, "read-supervision", resource_of(now, record, actor)).allowed:
            found.add(stream)
    return frozenset(found)


def open_lists(connection: Connection, actor: Actor, streams: Collection[str]) -> Collection[str]:
    """The stream of the lists of open cases, where every case that ever stood in one is open to
    the reader: the entries hold them all."""
    within = reach(actor)
    if not within.is_whole or not can(actor, "read-council-figures").allowed:
        return ()
    if within.closed and supervision_queries.ever_open(connection, within.closed):
        return ()
    return streams
