"""The clock of safeguarding concerns: a versioned policy of the council, with a default."""

from __future__ import annotations

from datetime import datetime, timedelta

from qa.core.event import Event
from qa.safeguarding.commands import SetSafeguardingPolicy
from qa.safeguarding.events import SafeguardingPolicySet

SAFEGUARDING_POLICY_STREAM = "safeguarding-policy"

DEFAULT_SAFEGUARDING_POLICY = SafeguardingPolicySet(
    policy_version=0,
    acknowledge_within_minutes=120,
    escalate_every_minutes=60,
    escalations_at_most=8,
)
"""In force until a QA lead sets another: acknowledged within two hours, then every hour the next
one up the line is told, and the QA leads when the line has ended."""


def set_safeguarding_policy(
    current: SafeguardingPolicySet, command: SetSafeguardingPolicy
) -> list[Event]:
    """Set a new version; a clock that runs keeps its next time and goes on by the new one.

    Raises:
        Refused: a number out of its range.
    """
    command.refuse_faults()
    version = current.policy_version + 1
    return [SafeguardingPolicySet(policy_version=version, **command.model_dump())]


def acknowledge_by(policy: SafeguardingPolicySet, moment: datetime) -> datetime:
    """Elapsed time from the moment of telling: a change of the clocks makes it no longer."""
    return moment + timedelta(minutes=policy.acknowledge_within_minutes)


def escalate_again_by(policy: SafeguardingPolicySet, now: datetime) -> datetime:
    return now + timedelta(minutes=policy.escalate_every_minutes)
