"""The read tables of actions: one row an action, one a contributor, one a step.

Dates are ISO text. `opened` is the position of the fact that raised the action.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, Text

from projections.base import journal_table, versioned_table

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
"""`moved` counts changes of the due date; `linked` is JSON, a list of audit and domain;
`discuss` says that its owner's supervision is to talk it over before its effect is checked."""

action_contributor = versioned_table(
    "action_contributor",
    Column("action", Text, nullable=False),
    Column("person", Text, nullable=False),
    key=("action", "person"),
    indexes=(("person",),),
)

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
"""Every fact of an action in its order; `content` holds the fact's own fields as JSON."""

action_policy = versioned_table(
    "action_policy",
    Column("key", Text, nullable=False),
    Column("stream_version", Integer, nullable=False),
    Column("content", Text, nullable=False),
    key=("key",),
)
"""One row, the clocks in force; `content` holds the fact's own fields as JSON."""
