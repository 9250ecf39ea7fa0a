"""The read tables of actions: one row an action, a contributor, a finding, a step.

Dates are ISO text. `opened` is the position of the event that raised the action.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Column, Index, Text, text

from projections.core.base import versioned_table
from projections.core.policy_table import policy_table
from projections.core.typed_rows import JsonText, Position, ReadJournal, ReadTable, texts
from projections.figures.joined_children import JoinedChildren


class ActionRow(NamedTuple):
    """An action. `moved` counts changes of the due date and `slipped` adds up the days it was put
    off, which bringing it forward does not lower; `linked` is a list of audit and domain, and
    `evidence_kinds` those that will do, all where it is empty. `discuss` says that its owner's
    supervision is to talk it over before its effect is checked. The days to a step are those since
    the step before it, and `days_to_end` those since it was raised."""

    action: str
    opened: Position
    stream_version: int
    audit: str
    child: str
    raised_by: str
    source: str
    raised_person: str
    raised_on: str
    raised_team: str
    raised_service: str
    team: str
    service: str
    text: str
    kind: str
    domain: str | None
    owner: str
    evidence_asked: str | None
    evidence_kinds: JsonText
    follows: str | None
    next: str | None
    linked: JsonText
    state: str
    first_due_on: str
    due_on: str
    moved: int = 0
    accept_by: str | None = None
    check_by: str | None = None
    verify_from: str | None = None
    verify_by: str | None = None
    accepted_on: str | None = None
    claimed_on: str | None = None
    evidenced_on: str | None = None
    verified_on: str | None = None
    ended_on: str | None = None
    days_to_accept: int | None = None
    days_to_claim: int | None = None
    days_to_evidence: int | None = None
    days_to_verify: int | None = None
    days_to_end: int | None = None
    slipped: int = 0
    discuss: int = 0

    @property
    def findings_linked(self) -> list[tuple[str, str | None]]:
        return [(audit, domain) for audit, domain in orjson.loads(self.linked)]

    @property
    def evidence_wanted(self) -> tuple[str, ...]:
        return texts(self.evidence_kinds)


class ActionAuditRow(NamedTuple):
    """The tool of an audit: it says under which judgement area the domain of a finding stands."""

    audit: str
    tool: str


ACTION_AUDITS = ReadTable(ActionAuditRow, "action_audit", key=("audit",), by_key=True)
action_audit = ACTION_AUDITS.table

ACTIONS = ReadTable(
    ActionRow,
    "action_row",
    key=("action",),
    indexes=(
        ("opened",),
        ("owner", "opened"),
        ("team", "opened"),
        ("service", "opened"),
        ("state", "opened"),
        ("raised_person", "opened"),
        ("raised_team", "opened"),
        ("raised_service", "opened"),
        ("audit",),
        ("next",),
        # When the first of those was raised that has one of these dates in a range.
        ("due_on", "raised_on"),
        ("verify_by", "raised_on"),
    ),
    sparse=("verify_by",),
    open_indexes=(
        ("owner", "state"),
        # With its end, so that SQLite counts those of now without going to the rows.
        ("state", "team", "valid_to"),
        ("state", "check_by", "opened"),
        ("state", "verify_by", "opened"),
    ),
)
action_row = ACTIONS.table

# Most actions have no source: whoever asks by one says beside it that it is there, as this does.
_HAS_SOURCE = text("source <> ''")
Index(
    "action_row_source",
    action_row.c.source,
    action_row.c.opened,
    sqlite_where=_HAS_SOURCE,
    postgresql_where=_HAS_SOURCE,
)

# Holds all that the closing-the-loop report counts, so that it is answered without going to the
# rows, whose texts make them several times as wide.
Index(
    "action_row_counting",
    *(
        action_row.c[name]
        for name in (
            "raised_on",
            "valid_to",
            "valid_from",
            "state",
            "team",
            "service",
            "kind",
            "raised_by",
            "domain",
            "first_due_on",
            "due_on",
            "moved",
            "claimed_on",
            "evidenced_on",
            "verify_by",
            "days_to_accept",
            "days_to_claim",
            "days_to_evidence",
            "days_to_verify",
            "days_to_end",
        )
    ),
)

action_contributor = versioned_table(
    "action_contributor",
    Column("action", Text, nullable=False),
    Column("person", Text, nullable=False),
    key=("action", "person"),
    indexes=(("person",),),
)


class ActionFindingRow(NamedTuple):
    """A finding that an action answers: its own or one linked. `domain` is empty where it answers
    the audit as a whole."""

    action: str
    audit: str
    domain: str


ACTION_FINDINGS = ReadTable(
    ActionFindingRow,
    "action_finding",
    key=("action", "audit", "domain"),
    indexes=(("audit",),),
)
action_finding = ACTION_FINDINGS.table


class ActionStepRow(NamedTuple):
    """One event of an action: who did it on which day, and its own fields as JSON."""

    stream: str
    action: str
    type: str
    on: str
    by: str
    in_role: str
    reason: str | None
    content: JsonText

    @property
    def day(self) -> date:
        return date.fromisoformat(self.on)

    @property
    def fields(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = orjson.loads(self.content)
        return found


ACTION_STEPS = ReadJournal(ActionStepRow, "action_step", indexes=(("action",),))
action_step = ACTION_STEPS.table

JOINED_CHILDREN = JoinedChildren("action_joined_child")
action_policy = policy_table("action_policy")
"""One row, the clocks in force; `content` holds the event's own fields as JSON."""
