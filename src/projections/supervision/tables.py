"""The read tables of supervision: pairs, their standards and sessions, checks, and the policy.

Dates are ISO text. `opened` is the position of the event that began a pair or asked for a check.
"""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import BigInteger, Column, Integer, Text

from projections.core.base import versioned_table
from projections.core.typed_rows import JsonText, Position, ReadTable, texts

supervision_pair = versioned_table(
    "supervision_pair",
    Column("pair", Text, nullable=False),
    Column("opened", BigInteger, nullable=False),
    Column("stream_version", Integer, nullable=False),
    Column("supervisor", Text, nullable=False),
    Column("practitioner", Text, nullable=False),
    Column("team", Text, nullable=False),
    Column("service", Text, nullable=False),
    Column("standard", Text, nullable=False),
    Column("began_on", Text, nullable=False),
    Column("ended_on", Text),
    key=("pair",),
    indexes=(("opened",),),
    open_indexes=(("practitioner",), ("supervisor",)),
)


class StandardRow(NamedTuple):
    """By which standard sessions of a pair are owed from a day on."""

    pair: str
    since: str
    standard: str


STANDARDS = ReadTable(StandardRow, "supervision_standard", key=("pair", "since"))
supervision_standard = STANDARDS.table


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

supervision_check = versioned_table(
    "supervision_check",
    Column("check", Text, nullable=False),
    Column("opened", BigInteger, nullable=False),
    Column("stream_version", Integer, nullable=False),
    Column("pair", Text, nullable=False),
    Column("supervisor", Text, nullable=False),
    Column("practitioner", Text, nullable=False),
    Column("checker", Text, nullable=False),
    Column("tool", Text, nullable=False),
    Column("tool_version", Integer, nullable=False),
    Column("team", Text, nullable=False),
    Column("service", Text, nullable=False),
    Column("due_on", Text, nullable=False),
    Column("audits", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("checked_on", Text),
    Column("overall", Text),
    Column("content", Text),
    Column("moderator", Text),
    Column("moderation_due_on", Text),
    Column("waiting", Integer, nullable=False),
    Column("moderated_overall", Text),
    Column("moderated", Text),
    Column("feedback_on", Text),
    Column("feedback", Text),
    Column("feedback_by", Text),
    Column("closed_on", Text),
    key=("check",),
    indexes=(("opened",), ("pair",)),
    open_indexes=(("checker", "state"), ("moderator", "waiting")),
)
"""`audits` is a JSON list; `content` and `moderated` hold the events' own fields as JSON. `waiting`
says that a moderator's grades are not in yet."""


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
