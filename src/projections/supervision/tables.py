"""The read tables of supervision: pairs, their standards and sessions, checks, and the policy.

Dates are ISO text. `opened` is the position of the event that began a pair or asked for a check.
"""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from sqlalchemy import Column, Integer, Text

from projections.core.base import versioned_table
from projections.core.typed_rows import JsonText, Position, ReadTable, texts


class SupervisionPairRow(NamedTuple):
    """One person who supervises another."""

    pair: str
    opened: Position
    stream_version: int
    supervisor: str
    practitioner: str
    team: str
    service: str
    standard: str
    began_on: str
    ended_on: str | None = None


PAIRS = ReadTable(
    SupervisionPairRow,
    "supervision_pair",
    key=("pair",),
    indexes=(("opened",),),
    open_indexes=(("practitioner",), ("supervisor",)),
)
supervision_pair = PAIRS.table


class StandardRow(NamedTuple):
    """By which standard sessions of a pair are owed from a day on."""

    pair: str
    since: str
    standard: str


STANDARDS = ReadTable(StandardRow, "supervision_standard", key=("pair", "since"))
supervision_standard = STANDARDS.table


class PairTeamRow(NamedTuple):
    """The team that a pair belongs to from a day on."""

    pair: str
    since: str
    team: str
    service: str


PAIR_TEAMS = ReadTable(PairTeamRow, "supervision_pair_team", key=("pair", "since"))
supervision_pair_team = PAIR_TEAMS.table


class SessionRow(NamedTuple):
    """A session that stands: held, or planned and not held."""

    pair: str
    session: str
    recorded: Position
    on: str = ""
    held: int = 0
    why: str | None = None
    cases: JsonText = JsonText("[]")
    actions: JsonText = JsonText("[]")
    note: str = ""
    by: str = ""

    @property
    def cases_supervised(self) -> tuple[str, ...]:
        return texts(self.cases)

    @property
    def actions_talked_over(self) -> tuple[str, ...]:
        return texts(self.actions)


SESSIONS = ReadTable(SessionRow, "supervision_session", key=("pair", "session"))
supervision_session = SESSIONS.table


class SupervisionCheckRow(NamedTuple):
    """A check. `waiting` says that a moderator's grades are not in yet; `content` and `moderated`
    hold the events' own fields."""

    check: str
    opened: Position
    stream_version: int
    pair: str
    supervisor: str
    practitioner: str
    checker: str
    tool: str
    tool_version: int
    team: str
    service: str
    due_on: str
    audits: JsonText
    state: str
    checked_on: str | None = None
    overall: str | None = None
    content: JsonText | None = None
    moderator: str | None = None
    moderation_due_on: str | None = None
    waiting: int = 0
    moderated_overall: str | None = None
    moderated: JsonText | None = None
    feedback_on: str | None = None
    feedback: str | None = None
    feedback_by: str | None = None
    closed_on: str | None = None

    @property
    def prompting(self) -> tuple[str, ...]:
        return texts(self.audits)

    @property
    def judgement(self) -> Any:
        return None if self.content is None else json.loads(self.content)

    @property
    def moderation(self) -> Any:
        return None if self.moderated is None else json.loads(self.moderated)


CHECKS = ReadTable(
    SupervisionCheckRow,
    "supervision_check",
    key=("check",),
    indexes=(("opened",), ("pair",)),
    open_indexes=(("checker", "state"), ("moderator", "waiting")),
)
supervision_check = CHECKS.table


class OpenCaseRow(NamedTuple):
    """A case that was open at the end of a day, by the list of that day."""

    counted_on: str
    case: str
    team: str
    service: str
    supervised_on: str | None


OPEN_CASES = ReadTable(OpenCaseRow, "open_case", key=("counted_on", "case"))
open_case = OPEN_CASES.table

supervision_policy = versioned_table(
    "supervision_policy",
    Column("key", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("stream_version", Integer, nullable=False),
    Column("since", Text, nullable=False),
    Column("content", Text, nullable=False),
    key=("key", "version"),
)
"""Every version of the policy with the day from which it counts."""

supervision_prompt = versioned_table(
    "supervision_prompt",
    Column("answer", Text, nullable=False),
    Column("audit", Text, nullable=False),
    key=("answer", "audit"),
    indexes=(("audit",),),
)
"""The audits whose prompt was answered, by a check or by setting it aside: it never comes again.
`answer` is the stream that answered."""
