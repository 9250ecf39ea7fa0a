"""The command that sets the steps of reminders and escalation."""

from __future__ import annotations

from qa import reminder_policy
from qa.commands.desk import Desk, Once, command
from qa.facts.reminder import ReminderPolicySet
from qa.reminder_policy import REMINDER_POLICY_STREAM
from qa.store import Receipt
from qa.words import Actor


@command
def set_policy(
    desk: Desk,
    *,
    policy: ReminderPolicySet,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Set a new version of the steps.   Raises Refused: every fault, by field."""
    with desk.work(by, once=once) as work:
        work.require("set-policy")
        current = work.unit.load(
            REMINDER_POLICY_STREAM,
            reminder_policy.evolve_reminder_policy,
            reminder_policy.DEFAULT_REMINDER_POLICY,
        )
        work.unit.expect(REMINDER_POLICY_STREAM, seen)
        work.append(REMINDER_POLICY_STREAM, *reminder_policy.set_reminder_policy(current, policy))
    return work.receipt
