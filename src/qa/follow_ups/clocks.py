"""The clocks of the follow-up of inadequate audits: a versioned policy, with defaults."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

from qa.core.clock import ENGLAND, WorkingDays, add_working_days
from qa.core.errors import Fault, refuse_any
from qa.core.event import Event
from qa.follow_ups.commands import SetFollowUpPolicy
from qa.follow_ups.events import FollowUpClocks, FollowUpPolicySet

FOLLOW_UP_POLICY_STREAM = "follow-up-policy"

DEFAULT_FOLLOW_UP_POLICY = FollowUpPolicySet(
    policy_version=0,
    escalate_within_working_days=1,
    plan_within_working_days=5,
    actions_within_working_days=20,
    re_audit_within_days=84,
)
"""In force until a QA lead sets another: a head of service within a working day, a plan within
five, its actions within twenty, and another auditor's judgement within twelve weeks."""


def set_follow_up_policy(current: FollowUpPolicySet, command: SetFollowUpPolicy) -> list[Event]:
    """Set a new version; clocks that already run keep the dates they were given.

    Raises:
        Refused: a number out of its range, or a plan owed before it is anybody's.
    """
    faults, days = command.faults(), command.model_dump()
    steps = ("escalate_within_working_days", "plan_within_working_days",
             "actions_within_working_days")  # fmt: skip
    for earlier, later in pairwise(steps):
        if not faults and days[later] < days[earlier]:
            faults.append(Fault(later, "days-reversed", "This comes after the step before it."))
    refuse_any(faults)
    return [FollowUpPolicySet(policy_version=current.policy_version + 1, **days)]


def clocks(
    policy: FollowUpPolicySet, since: date, calendar: WorkingDays = ENGLAND
) -> FollowUpClocks:
    """The days by which a round that begins on `since` owes its steps."""
    return FollowUpClocks(
        escalate_by=add_working_days(since, policy.escalate_within_working_days, calendar),
        plan_by=add_working_days(since, policy.plan_within_working_days, calendar),
        actions_by=add_working_days(since, policy.actions_within_working_days, calendar),
        re_audit_by=since + timedelta(days=policy.re_audit_within_days),
    )
