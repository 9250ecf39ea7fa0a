"""The entries of an action's events, and of the policy behind its clocks: sentences and fields."""

from __future__ import annotations

from qa.actions import events
from qa.core.event import Event

_OWN = "the id of the action: the entry is its own"
_CHAIN = "the id of an action with a history of its own"

NOT_SHOWN: dict[type[Event], dict[str, str]] = {
    events.ActionRaised: {
        "action": _OWN,
        "audit": "the id of the audit: the entry stands in its history",
        "follows": _CHAIN,
    },
    events.ActionNoLongerApplicable: {"action": _OWN},
    events.ActionFindingLinked: {"audit": "the id of an audit with a history of its own"},
    events.ImpactNotSeen: {"next": _CHAIN},
    events.ActionReopened: {"next": _CHAIN},
}

_CHECKS: tuple[type[Event], ...] = (
    events.ImpactConfirmed,
    events.ImpactNotSeen,
    events.ImpactTooEarly,
)
CALLED: dict[tuple[type[Event], str], str] = {
    (events.ActionRaised, "text"): "action",
    (events.ActionRaised, "due_on"): "action_due_on",
    (events.ActionRaised, "kind"): "action_kind",
    (events.ActionRaised, "source"): "raised_from",
    (events.ActionChallenged, "why"): "challenge",
    (events.ActionProgressed, "note"): "progress",
    (events.ActionClaimedDone, "evidence"): "shown",
    (events.EvidenceReturned, "why"): "not_shown",
    (events.ActionReopened, "finding"): "seen_again",
    **{(kind, "reference"): "proof_reference" for kind in _CHECKS},
    **{(kind, "note"): "seen" for kind in _CHECKS},
}

PAIRS: dict[type[Event], tuple[tuple[str, str, str], ...]] = {
    events.ActionContributorsNamed: (("old", "new", "contributors"),),
    events.ActionRescheduled: (("old", "new", "action_due_on"),),
    events.ActionTransferred: (
        ("old", "new", "owner"),
        ("old_team", "new_team", "team"),
        ("old_service", "new_service", "service"),
    ),
}


def sentence(event: Event) -> tuple[str, str | None] | None:
    """What an event of an action says, and the person it is about; None for any other event."""
    match event:
        case events.ActionRaised():
            after = " after another that had not closed the loop" if event.follows else ""
            return f"Raised an action{after}, due {event.due_on.isoformat()}", event.owner
        case events.ActionAccepted():
            return "Accepted the action", None
        case events.ActionChallenged():
            return "Challenged the action", None
        case events.ActionContributorsNamed():
            return "Named who contributes to the action", None
        case events.ActionDiscussionAsked():
            return "Asked that supervision talks the action over", None
        case events.ActionFindingLinked():
            return "Linked the action to a further finding", None
        case events.ActionProgressed():
            return "Said how the action goes", None
        case events.ActionRescheduled():
            return f"Moved the due date from {event.old} to {event.new}", None
        case events.ActionTransferred():
            return "Handed the action over", event.new
        case events.ActionClaimedDone():
            return "Claimed the action done", None
        case _:
            said = _checked(event)
            return None if said is None else (said, None)


def _checked(event: Event) -> str | None:
    match event:
        case events.EvidenceAccepted():
            return f"Accepted the evidence; impact to be checked from {event.verify_from}"
        case events.EvidenceReturned():
            return "Returned the evidence"
        case events.ImpactConfirmed():
            return "Confirmed the impact: the loop is closed"
        case events.ImpactNotSeen():
            return "Saw no impact; another action follows"
        case events.ImpactTooEarly():
            return f"Found it too early to tell; impact to be checked from {event.verify_from}"
        case events.ActionReopened():
            return "Reopened: the loop was not closed"
        case events.ActionNoLongerApplicable():
            return "The action no longer applies"
        case events.ActionPolicySet():
            return f"Set version {event.policy_version} of the clocks of actions"
    return None
