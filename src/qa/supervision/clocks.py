"""How often supervision is owed: a versioned policy of the council, with the defaults Caseloop
ships."""

from __future__ import annotations

from typing import Any

from qa.core.errors import Fault, Refused
from qa.core.event import Event, RecordedEvent
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

_RANGES = {
    "regular_days": (7, 182),
    "newly_qualified_days": (7, 182),
    "case_supervision_months": (1, 24),
    "prompt_within_days": (1, 730),
}


def evolve_supervision_policy(
    state: SupervisionPolicySet, recorded: RecordedEvent[Any]
) -> SupervisionPolicySet:
    event = recorded.event
    return event if isinstance(event, SupervisionPolicySet) else state


def set_supervision_policy(
    current: SupervisionPolicySet, proposed: SupervisionPolicySet
) -> list[Event]:
    """Set a new version. A session that is owed already keeps the date it was given.

    Raises:
        Refused: a number out of its range, or newly qualified people owed fewer sessions.
    """
    faults = [
        Fault(field, "number-range", f"Enter a number from {least} to {most}.")
        for field, (least, most) in _RANGES.items()
        if not least <= getattr(proposed, field) <= most
    ]
    if not faults and proposed.newly_qualified_days > proposed.regular_days:
        sentence = "Newly qualified people are owed sessions at least as often as others."
        faults.append(Fault("newly_qualified_days", "days-reversed", sentence))
    if faults:
        raise Refused(faults)
    return [proposed.model_copy(update={"policy_version": current.policy_version + 1})]
