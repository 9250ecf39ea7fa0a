"""How what practitioners said to the audits of their cases is told in history."""

from __future__ import annotations

from qa.core.event_words import EventWords, RoomWords
from qa.practitioners import events

OUTCOME_LABELS: dict[str, str] = {"put-right": "Put right", "stands": "It stands"}
_OF_AUDIT = {"audit": "the audit it was said to: the entry stands in its history"}
_DISPUTE = {"dispute": "the id of the dispute: the entry belongs to it"}


def _answered(event: events.FactDisputeAnswered) -> str:
    found = "put right" if event.outcome == "put-right" else "it stands"
    return f"Answered a disputed statement: {found}"


HISTORY = RoomWords(
    codes={"fact_dispute_outcome": OUTCOME_LABELS},
    events=(
        EventWords(
            events.PractitionerReflected,
            "Reflected on the audit of their own case",
            paths={"text": "reflection"},
            hidden=_OF_AUDIT,
            belongs=lambda stream, event: (stream, event.audit),
        ),
        EventWords(
            events.FactDisputed,
            "Disputed a statement in the audit",
            paths={"stated": "stated_wrongly"},
            hidden={**_OF_AUDIT, **_DISPUTE},
            belongs=lambda stream, event: (stream, event.audit),
        ),
        EventWords(
            events.FactDisputeAnswered,
            _answered,
            paths={"outcome": "fact_dispute_outcome", "answer": "fact_dispute_answer"},
            hidden=_DISPUTE,
        ),
    ),
)
