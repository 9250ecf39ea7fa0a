"""The entries of a safeguarding concern's facts, and of the policy behind their clock."""

from __future__ import annotations

from qa.core.fact import Fact
from qa.safeguarding import events as facts

_OF_AUDIT = "the audit it was raised from: the entry stands in its history"
_ID = "the id of the concern"

NOT_SHOWN: dict[type[Fact], dict[str, str]] = {
    facts.SafeguardingConcernRaised: {
        "concern": _ID,
        "audit": _OF_AUDIT,
    },
    facts.SafeguardingManagerTold: {"concern": _ID},
    facts.SafeguardingConcernEscalated: {"concern": _ID},
    facts.SafeguardingConcernAcknowledged: {"concern": _ID},
}

CALLED: dict[tuple[type[Fact], str], str] = {
    (facts.SafeguardingConcernRaised, "what"): "concern",
    (facts.SafeguardingManagerTold, "manager"): "told",
    (facts.SafeguardingManagerTold, "how"): "told_how",
    (facts.SafeguardingConcernEscalated, "to"): "told",
    (facts.SafeguardingConcernAcknowledged, "doing"): "being_done",
}


def sentence(fact: Fact) -> tuple[str, str | None] | None:
    """What the fact says, and the person it is about; None for any other fact."""
    match fact:
        case facts.SafeguardingConcernRaised():
            return "Raised a safeguarding concern", None
        case facts.SafeguardingManagerTold():
            return "Told a manager of the safeguarding concern", fact.manager
        case facts.SafeguardingConcernEscalated():
            return f"Nobody had acknowledged the concern: escalated, rung {fact.rung}", None
        case facts.SafeguardingConcernAcknowledged():
            return "Acknowledged the safeguarding concern", None
        case facts.SafeguardingPolicySet():
            return f"Set version {fact.policy_version} of the clock of concerns", None
        case _:
            return None
