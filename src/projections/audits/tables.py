"""The rows of the register of case audits.

Dates are ISO text and instants whole microseconds, so that rows sort and compare alike on both
databases. `taken_back` is a final grade that fell and has none in its place yet. `sealed` says that
the judgement is closed to `moderator` until theirs is in.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, Text

from projections.core.base import versioned_table

audit_row = versioned_table(
    "audit_row",
    Column("audit", Text, nullable=False),
    Column("opened", BigInteger, nullable=False),
    Column("stream_version", Integer, nullable=False),
    Column("reference", Text, nullable=False),
    Column("child", Text, nullable=False),
    Column("child_key", Text, nullable=False),
    Column("tool", Text, nullable=False),
    Column("tool_version", Integer, nullable=False),
    Column("auditor", Text, nullable=False),
    Column("team", Text, nullable=False),
    Column("team_name", Text, nullable=False),
    Column("service", Text, nullable=False),
    Column("service_name", Text, nullable=False),
    Column("case_holder", Text),
    Column("mode", Text),
    Column("re_audit_of", Text),
    Column("practice_from", Text),
    Column("practice_to", Text),
    Column("first_due_on", Text),
    Column("due_on", Text),
    Column("status", Text, nullable=False),
    Column("began_by", Text, nullable=False),
    Column("audit_date", Text),
    Column("submitted_on", Text),
    Column("submitted_us", BigInteger),
    Column("overall", Text),
    Column("final_grade", Text),
    Column("final_source", Text),
    Column("final_rule", Text),
    Column("final_cites", Text),
    Column("taken_back", Text),
    Column("imported", Integer, nullable=False),
    Column("moderation", Text),
    Column("moderation_status", Text),
    Column("moderator", Text),
    Column("moderation_due_on", Text),
    Column("sealed", Integer, nullable=False),
    Column("moderated_overall", Text),
    Column("decider", Text),
    key=("audit",),
    indexes=(
        ("opened",),
        ("auditor", "opened"),
        ("moderator", "opened"),
        ("child_key",),
        ("case_holder", "opened"),
        ("team", "opened"),
        ("service", "opened"),
        ("status", "opened"),
        ("reference",),
    ),
    open_indexes=(("auditor", "status"), ("moderator", "status"), ("status", "service")),
)

audit_content = versioned_table(
    "audit_content",
    Column("audit", Text, nullable=False),
    Column("content", Text, nullable=False),
    key=("audit",),
)

audit_correction = versioned_table(
    "audit_correction",
    Column("audit", Text, nullable=False),
    Column("field", Text, nullable=False),
    Column("new", Text, nullable=False),
    key=("audit", "field"),
)

audit_typing = versioned_table(
    "audit_typing",
    Column("audit", Text, nullable=False),
    Column("field", Text, nullable=False),
    Column("old", Text, nullable=False),
    Column("new", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("on", Text, nullable=False),
    key=("audit", "field"),
)
"""Changes said to be typing, which wait for somebody else to confirm them."""

audit_exception = versioned_table(
    "audit_exception",
    Column("audit", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("on", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("approved_by", Text),
    key=("audit", "kind", "place", "rule"),
    indexes=(("on",),),
)
"""A rule that was set aside with a reason and still is. `place` says for whom or what: the content,
the auditor, a moderation or a dispute; `rule` is the rule, or the domain that has no action."""

moderation_row = versioned_table(
    "moderation_row",
    Column("audit", Text, nullable=False),
    Column("moderation", Text, nullable=False),
    Column("selected", BigInteger, nullable=False),
    Column("status", Text, nullable=False),
    Column("policy_version", Integer),
    Column("reasons", Text, nullable=False),
    Column("draw", Integer),
    Column("moderator", Text),
    Column("blind", Integer, nullable=False),
    Column("already_seen", Integer, nullable=False),
    Column("unblinded", Integer, nullable=False),
    Column("due_on", Text),
    Column("settle_by", Text),
    Column("moderated_on", Text),
    Column("overall", Text),
    Column("judgement", Text),
    Column("audit_quality", Text),
    Column("conversation", Text),
    Column("consensus", Text),
    Column("dispute", Text),
    Column("dispute_due_on", Text),
    Column("decider", Text),
    Column("decision", Text),
    Column("ended_because", Text),
    Column("imported", Integer, nullable=False),
    key=("audit", "moderation"),
)
