"""The read tables of actions: one row an action, a contributor, a finding, a step.

Dates are ISO text. `opened` is the position of the event that raised the action.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, Text

from projections.core.base import journal_table, versioned_table
from projections.core.policy_table import policy_table

action_row = versioned_table(
    "action_row",
    Column("action", Text, nullable=False),
    Column("opened", BigInteger, nullable=False),
    Column("stream_version", Integer, nullable=False),
    Column("audit", Text, nullable=False),
    Column("child", Text, nullable=False),
    Column("raised_by", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("raised_person", Text, nullable=False),
    Column("raised_on", Text, nullable=False),
    Column("raised_team", Text, nullable=False),
    Column("raised_service", Text, nullable=False),
    Column("team", Text, nullable=False),
    Column("service", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("domain", Text),
    Column("owner", Text, nullable=False),
    Column("evidence_asked", Text),
    Column("evidence_kinds", Text, nullable=False),
    Column("follows", Text),
    Column("next", Text),
    Column("linked", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("first_due_on", Text, nullable=False),
    Column("due_on", Text, nullable=False),
    Column("moved", Integer, nullable=False),
    Column("accept_by", Text),
    Column("check_by", Text),
    Column("verify_from", Text),
    Column("verify_by", Text),
    Column("accepted_on", Text),
    Column("claimed_on", Text),
    Column("evidenced_on", Text),
    Column("verified_on", Text),
    Column("ended_on", Text),
    Column("days_to_accept", Integer),
    Column("days_to_claim", Integer),
    Column("days_to_evidence", Integer),
    Column("days_to_verify", Integer),
    Column("days_to_end", Integer),
    Column("slipped", Integer, nullable=False),
    Column("discuss", Integer, nullable=False),
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
    ),
    open_indexes=(
        ("owner", "state"),
        ("state", "team"),
        ("state", "check_by", "opened"),
        ("state", "verify_by", "opened"),
    ),
)
"""`moved` counts changes of the due date and `slipped` adds up the days it was put off, which
bringing it forward does not lower; `linked` is JSON, a list of audit and domain.
`evidence_kinds` is JSON, those that will do, all where it is empty.
`discuss` says that its owner's supervision is to talk it over before its effect is checked. The
days to a step are those since the step before it, and `days_to_end` those since it was raised."""

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

action_finding = versioned_table(
    "action_finding",
    Column("action", Text, nullable=False),
    Column("audit", Text, nullable=False),
    Column("domain", Text, nullable=False),
    key=("action", "audit", "domain"),
    indexes=(("audit",),),
)
"""The findings that an action answers: its own and those linked. `domain` is empty where it
answers the audit as a whole."""

action_step = journal_table(
    "action_step",
    Column("stream", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("on", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("in_role", Text, nullable=False),
    Column("reason", Text),
    Column("content", Text, nullable=False),
    indexes=(("action",),),
)
"""Every event of an action in its order; `content` holds the event's own fields as JSON."""

action_policy = policy_table("action_policy")
"""One row, the clocks in force; `content` holds the event's own fields as JSON."""
