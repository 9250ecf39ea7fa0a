"""The read rows of follow ups."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, Text

from projections.core.base import versioned_table
from projections.core.policy_table import policy_table

follow_up_row = versioned_table(
    "follow_up_row",
    Column("audit", Text, nullable=False),
    Column("stream_version", Integer, nullable=False),
    Column("opened", BigInteger, nullable=False),
    Column("reference", Text, nullable=False),
    Column("child", Text, nullable=False),
    Column("team", Text, nullable=False),
    Column("service", Text, nullable=False),
    Column("grade", Text, nullable=False),
    Column("stage", Text, nullable=False),
    Column("round", Integer, nullable=False),
    Column("since", Text, nullable=False),
    Column("escalate_by", Text, nullable=False),
    Column("plan_by", Text, nullable=False),
    Column("actions_by", Text, nullable=False),
    Column("re_audit_by", Text, nullable=False),
    Column("owner", Text),
    Column("escalated_on", Text),
    Column("planned_on", Text),
    Column("plan", Text),
    Column("actions", Text, nullable=False),
    Column("re_audit", Text),
    Column("re_audit_reference", Text),
    Column("over_on", Text),
    Column("cause", Text),
    key=("audit",),
    indexes=(("opened",),),
    open_indexes=(("stage", "owner"),),
)
"""Dates are ISO text; `since` is the day on which the round began, `actions` a JSON list."""

follow_up_policy = policy_table("follow_up_policy")
