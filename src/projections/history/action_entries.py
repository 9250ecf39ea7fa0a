"""The entries of an action's facts, and of the policy behind its clocks: sentences and fields."""

from __future__ import annotations

from qa.actions import events as actions
from qa.core.fact import Fact

_OWN = "the id of the action: the entry is its own"
_CHAIN = "the id of an action with a history of its own"

NOT_SHOWN: dict[type[Fact], dict[str, str]] = {
    actions.ActionRaised: {
        "action": _OWN,
        "audit": "the id of the audit: the entry stands in its history",
        "follows": _CHAIN,
    },
    actions.ActionNoLongerApplicable: {"action": _OWN},
    actions.ActionFindingLinked: {"audit": "the id of an audit with a history of its own"},
    actions.ImpactNotSeen: {"next": _CHAIN},
    actions.ActionReopened: {"next": _CHAIN},
}

_CHECKS: tuple[type[Fact], ...] = (
    actions.ImpactConfirmed,
    actions.ImpactNotSeen,
    actions.ImpactTooEarly,
)
CALLED: dict[tuple[type[Fact], str], str] = {
    (actions.ActionRaised, "text"): "action",
    (actions.ActionRaised, "due_on"): "action_due_on",
    (actions.ActionRaised, "kind"): "action_kind",
    (actions.ActionRaised, "source"): "raised_from",
    (actions.ActionChallenged, "why"): "challenge",
    (actions.ActionProgressed, "note"): "progress",
    (actions.ActionClaimedDone, "evidence"): "shown",
    (actions.EvidenceReturned, "why"): "not_shown",
    (actions.ActionReopened, "finding"): "seen_again",
    **{(kind, "reference"): "proof_reference" for kind in _CHECKS},
    **{(kind, "note"): "seen" for kind in _CHECKS},
}

PAIRS: dict[type[Fact], tuple[tuple[str, str, str], ...]] = {
    actions.ActionContributorsNamed: (("old", "new", "contributors"),),
    actions.ActionRescheduled: (("old", "new", "action_due_on"),),
    actions.ActionTransferred: (
        ("old", "new", "owner"),
        ("old_team", "new_team", "team"),
        ("old_service", "new_service", "service"),
    ),
}


def sentence(fact: Fact) -> tuple[str, str | None] | None:
    """What a fact of an action says, and the person it is about; None for any other fact."""
    match fact:
        case actions.ActionRaised():
            after = " after another that had not closed the loop" if fact.follows else ""
            return f"Raised an action{after}, due {fact.due_on.isoformat()}", fact.owner
        case actions.ActionAccepted():
            return "Accepted the action", None
        case actions.ActionChallenged():
            return "Challenged the action", None
        case actions.ActionContributorsNamed():
            return "Named who contributes to the action", None
        case actions.ActionDiscussionAsked():
            return "Asked that supervision talks the action over", None
        case actions.ActionFindingLinked():
            return "Linked the action to a further finding", None
        case actions.ActionProgressed():
            return "Said how the action goes", None
        case actions.ActionRescheduled():
            return f"Moved the due date from {fact.old} to {fact.new}", None
        case actions.ActionTransferred():
            return "Handed the action over", fact.new
        case actions.ActionClaimedDone():
            return "Claimed the action done", None
        case _:
            said = _checked(fact)
            return None if said is None else (said, None)


def _checked(fact: Fact) -> str | None:
    match fact:
        case actions.EvidenceAccepted():
            return f"Accepted the evidence; impact to be checked from {fact.verify_from}"
        case actions.EvidenceReturned():
            return "Returned the evidence"
        case actions.ImpactConfirmed():
            return "Confirmed the impact: the loop is closed"
        case actions.ImpactNotSeen():
            return "Saw no impact; another action follows"
        case actions.ImpactTooEarly():
            return f"Found it too early to tell; impact to be checked from {fact.verify_from}"
        case actions.ActionReopened():
            return "Reopened: the loop was not closed"
        case actions.ActionNoLongerApplicable():
            return "The action no longer applies"
        case actions.ActionPolicySet():
            return f"Set version {fact.policy_version} of the clocks of actions"
    return None
