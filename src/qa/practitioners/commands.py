"""Commands of practitioners on the audits of their own cases, and the answers to them."""

from __future__ import annotations

from qa.audits.commands.loading import open_audit
from qa.audits.state import CaseAudit
from qa.authorisation.context import Desk, Once, Work, command
from qa.core.event import Event
from qa.core.words import Actor
from qa.practitioners import decisions
from qa.practitioners.decisions import Response
from qa.practitioners.events import response_stream
from qa.store.unit import Receipt


def _load(work: Work, audit: str, verb: str, seen: int | None) -> tuple[CaseAudit, Response]:
    """The audit and what was said to it.

    Raises:
        NotFound: no such audit, or none that this person may know of.   Forbidden: the policy
            says no, or it is not released.   MovedOn: stale version.
    """
    found = open_audit(work, audit, verb)
    stream = response_stream(audit)
    state = work.unit.load(stream, decisions.evolve, Response())
    if seen is not None:
        work.unit.expect(stream, seen)
    return found, state


def _save(work: Work, audit: CaseAudit, events: list[Event]) -> None:
    work.append(response_stream(audit.id), *events, about=audit.about)


@command
def reflect(
    desk: Desk,
    *,
    audit: str,
    text: str,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Say what one takes from the audit of one's own case."""
    with desk.work(by, once=once) as work:
        found, _ = _load(work, audit, "reflect-on-audit", seen)
        _save(work, found, decisions.reflect(audit, text=text))
    return work.receipt


@command
def dispute_fact(
    desk: Desk,
    *,
    audit: str,
    stated: str,
    should_be: str,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Say that the audit of one's own case states a fact wrongly. The response: ``dispute``."""
    with desk.work(by, once=once) as work:
        found, _ = _load(work, audit, "reflect-on-audit", seen)
        dispute = work.new_id()
        decided = decisions.dispute(audit, dispute=dispute, stated=stated, should_be=should_be)
        _save(work, found, decided)
        work.unit.respond(dispute=dispute)
    return work.receipt


@command
def answer(
    desk: Desk,
    *,
    audit: str,
    dispute: str,
    outcome: str,
    text: str,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Answer a disputed fact: put right (by a correction of its own), or why it stands."""
    with desk.work(by, once=once) as work:
        found, state = _load(work, audit, "answer-fact-dispute", seen)
        decided = decisions.answer(state, dispute=dispute, outcome=outcome, answer=text)
        _save(work, found, decided)
    return work.receipt
