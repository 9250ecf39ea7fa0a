"""The entries of what a practitioner said to the audit of their own case."""

from __future__ import annotations

from qa.core.event import Event
from qa.practitioners import events

_OF_AUDIT = "the audit it was said to: the entry stands in its history"

NOT_SHOWN: dict[type[Event], dict[str, str]] = {
    events.PractitionerReflected: {"audit": _OF_AUDIT},
    events.FactDisputed: {"audit": _OF_AUDIT},
}

CALLED: dict[tuple[type[Event], str], str] = {
    (events.PractitionerReflected, "text"): "reflection",
    (events.FactDisputed, "stated"): "stated_wrongly",
    (events.FactDisputeAnswered, "outcome"): "fact_dispute_outcome",
    (events.FactDisputeAnswered, "answer"): "fact_dispute_answer",
}


def sentence(event: Event) -> tuple[str, str | None] | None:
    """What the event says, and the person it is about; None for any other event."""
    match event:
        case events.PractitionerReflected():
            return "Reflected on the audit of their own case", None
        case events.FactDisputed():
            return "Disputed a fact that the audit states", None
        case events.FactDisputeAnswered():
            found = "put right" if event.outcome == "put-right" else "it stands"
            return f"Answered a disputed fact: {found}", None
        case _:
            return None
