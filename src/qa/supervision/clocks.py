"""How often supervision is owed: a versioned policy of the council, with the defaults Caseloop
ships."""

from __future__ import annotations

from qa.core.errors import Fault, refuse_any
from qa.core.event import Event
from qa.supervision.commands import SetSupervisionPolicy
from qa.supervision.events import SupervisionPolicySet

SUPERVISION_POLICY_STREAM = "supervision-policy"

DEFAULT_SUPERVISION_POLICY = SupervisionPolicySet(
    policy_version=0,
    regular_days=28,
    newly_qualified_days=14,
    case_supervision_months=3,
    prompt_within_days=180,
)
"""In force until a QA lead sets another. Source: the frequency standards in use, four-weekly and
fortnightly at first for the newly qualified, and cases supervised within three months."""


def set_supervision_policy(
    current: SupervisionPolicySet, command: SetSupervisionPolicy
) -> list[Event]:
    """Set a new version. A session that is owed already keeps the date it was given.

    Raises:
        Refused: a number out of its range, or newly qualified people owed fewer sessions.
    """
    faults = command.faults()
    if not faults and command.newly_qualified_days > command.regular_days:
        sentence = "Newly qualified people need sessions at least as often as others."
        faults.append(Fault("newly_qualified_days", "days-reversed", sentence))
    refuse_any(faults)
    version = current.policy_version + 1
    return [SupervisionPolicySet(policy_version=version, **command.model_dump())]
