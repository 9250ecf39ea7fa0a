"""Carries out the commands of practitioners, and the answers to them."""

from __future__ import annotations

from qa.audits.loading import open_audit
from qa.audits.state import CaseAudit
from qa.authorisation.context import Work
from qa.authorisation.handling import handles
from qa.core.event import Event
from qa.practitioners import decisions
from qa.practitioners.commands import (
    AnswerFactDispute,
    DisputeFact,
    FactDisputeMade,
    ReflectOnAudit,
)
from qa.practitioners.events import response_stream
from qa.practitioners.state import Response, evolve


def _load(work: Work, audit: str, verb: str) -> tuple[CaseAudit, Response]:
    """The audit and what was said to it.

    Raises:
        NotFound: no such audit, or none that this person may know of.   Forbidden: the policy
            says no, or it is not released.   MovedOn: stale version.
    """
    found = open_audit(work, audit, verb)
    state = work.unit.load(response_stream(audit), evolve, Response())
    work.expect_seen()
    return found, state


def _save(work: Work, audit: CaseAudit, events: list[Event]) -> None:
    work.append(response_stream(audit.id), *events, about=audit.about)


@handles(ReflectOnAudit)
def reflect(command: ReflectOnAudit, work: Work) -> None:
    audit, _ = _load(work, command.audit, "reflect-on-audit")
    _save(work, audit, decisions.reflect(command))


@handles(DisputeFact)
def dispute_fact(command: DisputeFact, work: Work) -> FactDisputeMade:
    audit, _ = _load(work, command.audit, "reflect-on-audit")
    dispute = work.new_id()
    _save(work, audit, decisions.dispute(command, dispute=dispute))
    return FactDisputeMade(dispute=dispute)


@handles(AnswerFactDispute)
def answer(command: AnswerFactDispute, work: Work) -> None:
    audit, state = _load(work, command.audit, "answer-fact-dispute")
    _save(work, audit, decisions.answer(state, command))
