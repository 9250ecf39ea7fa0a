"""The steps of reminders and escalation in force; now or as known then."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Column, Integer, Text, select
from sqlalchemy.engine import Connection

from projections.base import Change, Put, as_at, versioned_table
from qa.facts.base import Recorded
from qa.facts.reminder import ReminderPolicySet

reminder_policy = versioned_table(
    "reminder_policy",
    Column("key", Text, nullable=False),
    Column("stream_version", Integer, nullable=False),
    Column("content", Text, nullable=False),
    key=("key",),
)
"""One row; `content` holds the fact's own fields as JSON."""


class ReminderPolicy:
    """Projects the policy."""

    name = "reminder_policy"
    version = 1
    tables = (reminder_policy,)
    handles = (ReminderPolicySet,)

    def project(self, recorded: Recorded[Any]) -> Iterable[Change]:
        row = {
            "key": recorded.stream,
            "stream_version": recorded.version,
            "content": recorded.fact.model_dump_json(),
        }
        return [Put(reminder_policy, row)]


def in_force(
    connection: Connection, *, position: int | None = None
) -> tuple[ReminderPolicySet, int] | None:
    """The policy with the version of its stream; None where none was ever set."""
    query = select(reminder_policy).where(as_at(reminder_policy, position))
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    return ReminderPolicySet.model_validate_json(row.content), row.stream_version
