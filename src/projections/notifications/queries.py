"""The steps of reminders and escalation in force; now or as known then."""

from __future__ import annotations

from sqlalchemy.engine import Connection

from projections.core.policy_table import policy_in_force
from projections.notifications.tables import reminder_policy
from qa.notifications.events import ReminderPolicySet


def in_force(
    connection: Connection, *, position: int | None = None
) -> tuple[ReminderPolicySet, int] | None:
    """The policy with the version of its stream; None where none was ever set."""
    return policy_in_force(connection, reminder_policy, ReminderPolicySet, position)
