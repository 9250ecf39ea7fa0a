"""Decisions about what a practitioner says to the audit of their own case, and what is answered."""

from __future__ import annotations

from qa.core.carry import carry
from qa.core.errors import NotFound, NotNow
from qa.core.event import Event
from qa.practitioners import events
from qa.practitioners.commands import AnswerFactDispute, DisputeFact, ReflectOnAudit
from qa.practitioners.state import Response


def reflect(command: ReflectOnAudit) -> list[Event]:
    """Say what one takes from the audit.

    Raises:
        Refused: nothing said, or too much.
    """
    command.refuse_faults()
    return [events.PractitionerReflected(audit=command.audit, text=command.text.strip())]


def dispute(command: DisputeFact, *, dispute: str) -> list[Event]:
    """Say that the audit states a fact wrongly. Grades are no facts: they are not disputed here.

    Raises:
        Refused: either half missing or too long; every fault named.
    """
    command.refuse_faults()
    return [carry(events.FactDisputed, command, dispute=dispute)]


def answer(state: Response, command: AnswerFactDispute) -> list[Event]:
    """Answer a disputed statement.

    Raises:
        NotFound: no such dispute.   NotNow: answered already.
        Refused: nothing said, or too much.
    """
    if command.dispute in state.answered:
        raise NotNow("This was answered already.")
    if command.dispute not in state.waiting:
        raise NotFound("There is no such dispute.")
    command.refuse_faults()
    return [carry(events.FactDisputeAnswered, command)]
