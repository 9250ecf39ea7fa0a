"""The command that sets the steps of reminders and escalation."""

from __future__ import annotations

from qa.authorisation.context import Desk, Once, command
from qa.core.words import Actor
from qa.notifications import steps
from qa.notifications.events import ReminderPolicySet
from qa.notifications.steps import REMINDER_POLICY_STREAM
from qa.store.unit import Receipt


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
            steps.evolve_reminder_policy,
            steps.DEFAULT_REMINDER_POLICY,
        )
        work.unit.expect(REMINDER_POLICY_STREAM, seen)
        work.append(REMINDER_POLICY_STREAM, *steps.set_reminder_policy(current, policy))
    return work.receipt
