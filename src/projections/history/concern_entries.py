"""The entries of a safeguarding concern's events, and of the policy behind their clock."""

from __future__ import annotations

from qa.core.event import Event
from qa.safeguarding import events

_OF_AUDIT = "the audit it was raised from: the entry stands in its history"
_ID = "the id of the concern"

NOT_SHOWN: dict[type[Event], dict[str, str]] = {
    events.SafeguardingConcernRaised: {
        "concern": _ID,
        "audit": _OF_AUDIT,
    },
    events.SafeguardingManagerTold: {"concern": _ID},
    events.SafeguardingConcernEscalated: {"concern": _ID},
    events.SafeguardingConcernAcknowledged: {"concern": _ID},
}

CALLED: dict[tuple[type[Event], str], str] = {
    (events.SafeguardingConcernRaised, "what"): "concern",
    (events.SafeguardingManagerTold, "manager"): "told",
    (events.SafeguardingManagerTold, "how"): "told_how",
    (events.SafeguardingConcernEscalated, "to"): "told",
    (events.SafeguardingConcernAcknowledged, "doing"): "being_done",
}


def sentence(event: Event) -> tuple[str, str | None] | None:
    """What the event says, and the person it is about; None for any other event."""
    match event:
        case events.SafeguardingConcernRaised():
            return "Raised a safeguarding concern", None
        case events.SafeguardingManagerTold():
            return "Told a manager of the safeguarding concern", event.manager
        case events.SafeguardingConcernEscalated():
            return f"Nobody had acknowledged the concern: escalated, rung {event.rung}", None
        case events.SafeguardingConcernAcknowledged():
            return "Acknowledged the safeguarding concern", None
        case events.SafeguardingPolicySet():
            return f"Set version {event.policy_version} of the clock of concerns", None
        case _:
            return None
