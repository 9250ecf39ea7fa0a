"""The steps of reminders and escalation in force; now or as known then."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy.engine import Connection

from projections.core.base import Change
from projections.core.policy_table import policy_in_force, policy_table, put_policy
from qa.core.fact import Recorded
from qa.notifications.events import ReminderPolicySet

reminder_policy = policy_table("reminder_policy")
"""One row; `content` holds the fact's own fields as JSON."""


class ReminderPolicy:
    """Projects the policy."""

    name = "reminder_policy"
    version = 1
    tables = (reminder_policy,)
    handles = (ReminderPolicySet,)

    def project(self, recorded: Recorded[Any]) -> Iterable[Change]:
        return [put_policy(reminder_policy, recorded)]


def in_force(
    connection: Connection, *, position: int | None = None
) -> tuple[ReminderPolicySet, int] | None:
    """The policy with the version of its stream; None where none was ever set."""
    return policy_in_force(connection, reminder_policy, ReminderPolicySet, position)
