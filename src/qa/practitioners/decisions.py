"""Decisions about what a practitioner says to the audit of their own case, and what is answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, cast

from qa.core.errors import Fault, NotFound, NotNow, Refused
from qa.core.event import Event, RecordedEvent
from qa.practitioners import events
from qa.practitioners.events import Outcome
from qa.practitioners.words import OUTCOME_LABELS

LONGEST = 5000


@dataclass(frozen=True, slots=True)
class Response:
    """What was said: which disputes wait and which were answered."""

    waiting: frozenset[str] = frozenset()
    answered: frozenset[str] = field(default_factory=frozenset)


def evolve(state: Response, recorded: RecordedEvent[Any]) -> Response:
    match recorded.event:
        case events.FactDisputed() as event:
            return replace(state, waiting=state.waiting | {event.dispute})
        case events.FactDisputeAnswered() as event:
            return Response(state.waiting - {event.dispute}, state.answered | {event.dispute})
        case _:
            return state


def reflect(audit: str, *, text: str) -> list[Event]:
    """Say what one takes from the audit.

    Raises:
        Refused: nothing said, or too much.
    """
    _said({"text": (text, "Say what you take from this audit.")})
    return [events.PractitionerReflected(audit=audit, text=text.strip())]


def dispute(audit: str, *, dispute: str, stated: str, should_be: str) -> list[Event]:
    """Say that the audit states a fact wrongly. Grades are no facts: they are not disputed here.

    Raises:
        Refused: either half missing or too long; every fault named.
    """
    _said(
        {
            "stated": (stated, "Say what the audit states wrongly."),
            "should_be": (should_be, "Say how it is, and where the file shows it."),
        }
    )
    return [
        events.FactDisputed(
            audit=audit, dispute=dispute, stated=stated.strip(), should_be=should_be.strip()
        )
    ]


def answer(state: Response, *, dispute: str, outcome: str, answer: str) -> list[Event]:
    """Answer a disputed fact.

    Raises:
        NotFound: no such dispute.   NotNow: answered already.
        Refused: no outcome, or nothing said; every fault named.
    """
    if dispute in state.answered:
        raise NotNow("This was answered already.")
    if dispute not in state.waiting:
        raise NotFound("There is no such dispute.")
    faults = []
    if outcome not in OUTCOME_LABELS:
        faults.append(Fault("outcome", "outcome-missing", "Say whether it was put right."))
    try:
        _said({"answer": (answer, "Say what was put right, or why it stands.")})
    except Refused as refused:
        faults.extend(refused.faults)
    if faults:
        raise Refused(faults)
    decided = cast(Outcome, outcome)
    return [events.FactDisputeAnswered(dispute=dispute, outcome=decided, answer=answer.strip())]


def _said(texts: Mapping[str, tuple[str, str]]) -> None:
    faults = []
    for name, (text, sentence) in texts.items():
        if not text.strip():
            faults.append(Fault(name, f"{name.replace('_', '-')}-missing", sentence))
        elif len(text) > LONGEST:
            faults.append(Fault(name, "text-long", f"Use {LONGEST} characters or fewer."))
    if faults:
        raise Refused(faults)
