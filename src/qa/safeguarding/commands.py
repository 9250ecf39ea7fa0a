"""Commands on immediate safeguarding concerns, and the clock that escalates them."""

from __future__ import annotations

from collections.abc import Sequence

from qa.audits.commands.loading import load_audit, open_audit, resource_of
from qa.audits.events import case_audit_stream
from qa.audits.state import CaseAudit
from qa.authorisation.context import Desk, Once, Work, command
from qa.authorisation.policy import can
from qa.core.errors import NotFound
from qa.core.event import Event
from qa.core.naming import reference_key
from qa.core.words import Actor, Resource
from qa.moderation.decisions import shown_by_a_concern
from qa.people.commands.loading import is_here, managers_above, present
from qa.restrictions.commands import may_be_given, of_child
from qa.safeguarding import clocks, decisions
from qa.safeguarding.decisions import Concern, Concerns
from qa.safeguarding.events import (
    SafeguardingConcernRaised,
    SafeguardingPolicySet,
    safeguarding_stream,
)
from qa.store.unit import Receipt

CONCERN = "Told of a safeguarding concern from this audit."


def load_concerns(work: Work, audit: str) -> Concerns:
    return work.unit.load(safeguarding_stream(audit), decisions.evolve, Concerns())


def load_policy(work: Work) -> SafeguardingPolicySet:
    return work.unit.load(
        clocks.SAFEGUARDING_POLICY_STREAM,
        clocks.evolve_safeguarding_policy,
        clocks.DEFAULT_SAFEGUARDING_POLICY,
    )


@command
def raise_concern(
    desk: Desk,
    *,
    audit: str,
    what: str,
    manager: str = "",
    how: str = "",
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Raise a concern from an audit, and at once name the manager who was told, if one was.

    The response holds ``concern``.

    Raises:
        Refused: every fault, by field.   NotFound: no such audit.   Forbidden: the policy says no.
        Conflict: the audit was withdrawn or voided.
    """
    with desk.work(by, once=once) as work:
        state = open_audit(work, audit, "raise-concern")
        decisions.audit_stands(state.status)
        load_concerns(work, audit)
        raised = SafeguardingConcernRaised(
            concern=work.new_id(),
            audit=audit,
            reference=state.reference,
            child=state.child,
            team=state.team,
            service=state.service,
            what=what.strip(),
        )
        decided = decisions.raise_concern(raised)
        if manager or how:
            concern = Concern(raised.concern, by.person)
            _answers(work, manager, state)
            decided += decisions.tell(
                concern,
                manager=manager,
                how=how,
                policy=load_policy(work),
                by=by.person,
                now=desk.store.clock.now(),
            )
        _save(work, state, decided)
        work.unit.respond(concern=raised.concern, audit=audit)
    return work.receipt


def _answers(work: Work, manager: str, part: CaseAudit | Concern) -> None:
    """Raises `Refused` unless the person is here and manages that part of the council."""
    found = present(work, manager, field="manager")
    may_be_given(work, part.child, manager, field="manager")
    where = Resource(service=part.service, team=part.team)
    manages = can(found.actor(work.today), "answer-concern", where).allowed
    decisions.manages_here(found.name, manages=manages)


def _concern(
    work: Work, audit: str, concern: str, verb: str, seen: int | None = None
) -> tuple[CaseAudit, Concern]:
    """The concern and its audit, for a person who may do `verb` to it.

    It is never sealed from whoever raised it or was told of it: the child comes before the
    blindness of a moderation.

    Raises:
        NotFound: no such concern, or none that this person may know of.   Forbidden: the policy
            says no.   MovedOn: stale version.
    """
    state = load_audit(work, audit)
    found = load_concerns(work, audit).one(concern)
    part = {found.raised_by, *found.told}
    resource = Resource(
        service=found.service,
        team=found.team,
        person=found.raised_by,
        contributors=frozenset(found.told),
        blind_for=resource_of(state).blind_for - part,
        submitted=True,
        child=reference_key(found.child),
    )
    if (
        not can(work.by, verb, resource).allowed
        and not can(work.by, "read-concern", resource).allowed
    ):
        raise NotFound("There is no such concern.")
    work.require(verb, resource)
    if seen is not None:
        work.unit.expect(safeguarding_stream(audit), seen)
    return state, found


@command
def tell_manager(
    desk: Desk,
    *,
    audit: str,
    concern: str,
    manager: str,
    how: str,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Record that a named manager was told. The clock starts with the first who was.

    Raises:
        Refused: nobody who manages that part, oneself, or no way of telling.
        NotNow: acknowledged already.
    """
    with desk.work(by, once=once) as work:
        state, found = _concern(work, audit, concern, "tell-manager", seen)
        _answers(work, manager, found)
        decided = decisions.tell(
            found,
            manager=manager,
            how=how,
            policy=load_policy(work),
            by=by.person,
            now=desk.store.clock.now(),
        )
        _save(work, state, decided)
    return work.receipt


@command
def acknowledge(
    desk: Desk,
    *,
    audit: str,
    concern: str,
    doing: str,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Answer for a concern, and say what is being done for the child. It stops the clock.

    Raises:
        Forbidden: not told of it, or raised it.   NotNow: acknowledged already.
        Refused: nothing said.
    """
    with desk.work(by, once=once) as work:
        state, found = _concern(work, audit, concern, "acknowledge-concern", seen)
        decided = decisions.acknowledge(found, doing=doing, by=by.person)
        work.append(safeguarding_stream(audit), *decided, about=state.about)
    return work.receipt


@command
def escalate(desk: Desk, *, audit: str, by: Actor, once: Once | None = None) -> Receipt:
    """Tell the next ones up of every concern of the audit that nobody acknowledged in time.

    Nothing is saved where nothing is due, so it may run as often as one likes.
    """
    with desk.work(by, once=once) as work:
        work.require("escalate-concern")
        policy, now = load_policy(work), desk.store.clock.now()
        for found in load_concerns(work, audit).held.values():
            if not found.waits:
                continue
            decided = decisions.escalate(
                found,
                up=_here(work, managers_above(work, found.told[0]), found.child),
                leads=_leads(work, found),
                policy=policy,
                now=now,
            )
            _save(work, load_audit(work, audit), decided)
    return work.receipt


def _save(work: Work, audit: CaseAudit, decided: Sequence[Event]) -> None:
    """Append events of a concern; a blind moderation of somebody who is told by them opens."""
    work.append(safeguarding_stream(audit.id), *decided, about=audit.about)
    opened = shown_by_a_concern(audit, decisions.told_by(decided))
    work.append(case_audit_stream(audit.id), *opened, about=audit.about, reason=CONCERN)


def _here(work: Work, people: Sequence[str], child: str) -> list[str]:
    """Those who are here and may read the records of the child."""
    held = of_child(work, child)
    return [one for one in people if is_here(work, one) and held.reads(one, work.today)]


def _leads(work: Work, found: Concern) -> list[str]:
    """The QA leads of the part; where none of them reads a restricted record, all who do."""
    leads = work.desk.lookups.leads_of(work.unit.connection, found.team, work.today)
    readers = of_child(work, found.child).readers
    return _here(work, leads, found.child) or _here(work, readers, found.child)


@command
def set_policy(
    desk: Desk,
    *,
    policy: SafeguardingPolicySet,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Set a new version of the clock of concerns."""
    with desk.work(by, once=once) as work:
        work.require("set-policy")
        current = load_policy(work)
        work.unit.expect(clocks.SAFEGUARDING_POLICY_STREAM, seen)
        decided = clocks.set_safeguarding_policy(current, policy)
        work.append(clocks.SAFEGUARDING_POLICY_STREAM, *decided)
    return work.receipt
