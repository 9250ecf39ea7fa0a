"""Commands on the follow-up of inadequate audits, and what judgements mean for one."""

from __future__ import annotations

from collections.abc import Collection

from qa.audits.commands.loading import open_audit, resource_of
from qa.audits.state import CaseAudit
from qa.authorisation.context import Desk, Once, Work, command
from qa.authorisation.policy import can
from qa.core.event import Event
from qa.core.words import Actor, Resource
from qa.follow_ups import clocks, decisions
from qa.follow_ups.decisions import FollowUp
from qa.follow_ups.events import FollowUpPolicySet, follow_up_stream
from qa.people.commands.loading import present
from qa.restrictions.commands import may_be_given
from qa.store.unit import Receipt


def load_follow_up(work: Work, audit: str) -> FollowUp:
    return work.unit.load(follow_up_stream(audit), decisions.evolve, FollowUp())


def load_policy(work: Work) -> FollowUpPolicySet:
    return work.unit.load(
        clocks.FOLLOW_UP_POLICY_STREAM,
        clocks.evolve_follow_up_policy,
        clocks.DEFAULT_FOLLOW_UP_POLICY,
    )


def save(work: Work, audit: CaseAudit, events: Collection[Event], on: str | None = None) -> None:
    work.append(follow_up_stream(on or audit.id), *events, about=audit.about)


def _open(work: Work, audit: str, seen: int | None) -> tuple[CaseAudit, FollowUp]:
    """The audit and its follow-up, for somebody who runs follow-ups in that part of the council.

    Raises:
        NotFound: no such audit, or no follow-up.   Forbidden: the policy says no.
        MovedOn: stale version.
    """
    found = open_audit(work, audit, "read-judgement")
    work.require("run-follow-up", resource_of(found))
    state = load_follow_up(work, audit)
    decisions.known(state)
    if seen is not None:
        work.unit.expect(follow_up_stream(audit), seen)
    return found, state


@command
def escalate(
    desk: Desk,
    *,
    audit: str,
    owner: str,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Name the head of service who answers for the follow-up.

    Raises:
        Refused: somebody who leads nothing there, who has left, or who moderates the audit blind.
        NotNow: the follow-up is over or its plan agreed.
    """
    with desk.work(by, once=once) as work:
        found, state = _open(work, audit, seen)
        chosen = present(work, owner, field="owner")
        may_be_given(work, found.child, owner, field="owner")
        where = Resource(service=found.service, team=found.team, submitted=True)
        heads = can(chosen.actor(work.today), "own-follow-up", where).allowed
        decisions.heads_here(chosen.name, heads=heads)
        blind = resource_of(found).blind_for
        save(work, found, decisions.escalate(state, owner=owner, blind=blind))
    return work.receipt


@command
def agree_plan(
    desk: Desk,
    *,
    audit: str,
    actions: Collection[str],
    plan: str,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Agree what is done about an inadequate audit: which of its actions, and why these.

    Raises:
        Refused: every fault, by field.   NotNow: not escalated, planned already, or over.
    """
    with desk.work(by, once=once) as work:
        found, state = _open(work, audit, seen)
        of_audit = desk.lookups.actions_of_audit(work.unit.connection, audit)
        decided = decisions.agree_plan(state, actions=actions, of_audit=of_audit, plan=plan)
        save(work, found, decided)
    return work.receipt


@command
def set_policy(
    desk: Desk,
    *,
    policy: FollowUpPolicySet,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Set a new version of the clocks of follow-ups."""
    with desk.work(by, once=once) as work:
        work.require("set-policy")
        current = load_policy(work)
        work.unit.expect(clocks.FOLLOW_UP_POLICY_STREAM, seen)
        decided = clocks.set_follow_up_policy(current, policy)
        work.append(clocks.FOLLOW_UP_POLICY_STREAM, *decided)
    return work.receipt
