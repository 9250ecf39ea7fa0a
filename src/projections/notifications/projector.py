"""What each event changes in the read rows of notifications."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from projections.core.base import RowChange
from projections.core.policy_table import put_policy
from projections.notifications.tables import reminder_policy
from qa.core.event import RecordedEvent
from qa.notifications.events import ReminderPolicySet


class ReminderPolicy:
    """Projects the policy."""

    name = "reminder_policy"
    version = 1
    tables = (reminder_policy,)
    handles = (ReminderPolicySet,)

    def project(self, recorded: RecordedEvent[Any]) -> Iterable[RowChange]:
        return [put_policy(reminder_policy, recorded)]


PROJECTORS = (ReminderPolicy,)
