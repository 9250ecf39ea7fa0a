"""Loads an audit for whoever may do something to it, and saves what was decided of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from qa.audits import state as audit_state
from qa.audits.events import CaseAuditFinalised, case_audit_stream
from qa.audits.independence import Member
from qa.audits.reacting import AuditReactions
from qa.audits.state import CaseAudit
from qa.authorisation.context import Work, reactions
from qa.authorisation.policy import can
from qa.core.carry import carry
from qa.core.errors import NotFound
from qa.core.event import Event
from qa.core.naming import reference_key
from qa.core.words import AuditStatus, ModerationStatus, Resource
from qa.people.loading import load_person


def load_audit(work: Work, audit: str) -> CaseAudit:
    """The audit as it stands, whoever asks."""
    return work.unit.load(case_audit_stream(audit), audit_state.evolve, CaseAudit())


def open_audit(work: Work, audit: str, verb: str, seen: int | None = None) -> CaseAudit:
    """Load an audit on which the policy allows `verb`.

    `seen` is the version of the stream that the user was looking at.

    Raises:
        NotFound: no such audit.   Forbidden: the policy says no.   MovedOn: stale version.
    """
    state = load_audit(work, audit)
    audit_state.known(state)
    resource = resource_of(state)
    if (
        not can(work.by, verb, resource).allowed
        and not can(work.by, "read-audit", resource).allowed
    ):
        # Whoever may not know of the audit is not told that it is there.
        raise NotFound("There is no such audit.")
    work.require(verb, resource)
    if seen is not None:
        work.unit.expect(case_audit_stream(audit), seen)
    return state


def save_audit(
    work: Work, audit: CaseAudit, events: Sequence[Event], *, effective_on: date | None = None
) -> None:
    work.append(case_audit_stream(audit.id), *events, about=audit.about, effective_on=effective_on)


def save_judged(
    work: Work, audit: CaseAudit, events: Sequence[Event], *, effective_on: date | None = None
) -> None:
    """Append what was decided of an audit; where its grade is final by that, others react."""
    save_audit(work, audit, events, effective_on=effective_on)
    final = next((event for event in events if isinstance(event, CaseAuditFinalised)), None)
    if final is not None:
        for reaction in reactions(AuditReactions):
            reaction.finalised(work, audit, final)


def member_of(work: Work, person: str) -> Member:
    """The person as the rules of independence see them."""
    found = load_person(work, person)
    return Member(person, found.name or person, found.team, found.service, found.manager)


def resource_of(audit: CaseAudit) -> Resource:
    """The audit as the policy table sees it."""
    live = [
        moderation
        for moderation in audit.moderations.values()
        if moderation.status is not ModerationStatus.CANCELLED
    ]
    return carry(
        Resource,
        audit,
        submitted=audit.submitted,
        moderators=frozenset(m.moderator for m in live if m.moderator is not None),
        deciders=frozenset(m.decider for m in live if m.decider is not None),
        blind_for=frozenset(m.moderator for m in live if m.sealed and m.moderator is not None),
        released=audit.status is AuditStatus.FINALISED,
        child=reference_key(audit.child),
    )
