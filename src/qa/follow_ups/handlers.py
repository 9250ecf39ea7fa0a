"""Carries out the commands on follow-ups."""

from __future__ import annotations

from dataclasses import replace

from qa.audits.loading import load_audit, open_audit, resource_of
from qa.audits.state import CaseAudit, known
from qa.authorisation.context import Work
from qa.authorisation.handling import handles
from qa.authorisation.policy import can
from qa.core.words import Resource
from qa.follow_ups import clocks, decisions
from qa.follow_ups.commands import AgreeFollowUpPlan, EscalateFollowUp, SetFollowUpPolicy
from qa.follow_ups.reactions import load_follow_up, load_policy, save
from qa.follow_ups.state import FollowUp
from qa.people.loading import present
from qa.restrictions.loading import may_be_given


def _load(work: Work, audit: str) -> tuple[CaseAudit, FollowUp]:
    """The audit and its follow-up, for somebody who runs follow-ups in that part of the council.

    Raises:
        NotFound: no such audit, or no follow-up.   Forbidden: the policy says no.
        MovedOn: stale version.
    """
    found, state = load_audit(work, audit), load_follow_up(work, audit)
    known(found)
    part = _part(found, state)
    if not can(work.by, "read-judgement", part).allowed:
        open_audit(work, audit, "read-judgement")
    work.require("run-follow-up", part)
    decisions.known(state)
    work.expect_seen()
    return found, state


def _part(audit: CaseAudit, state: FollowUp) -> Resource:
    """The audit in the part of the council that sees its follow-up through."""
    if not state.audit:
        return resource_of(audit)
    return replace(resource_of(audit), service=state.service, team=state.team)


@handles(EscalateFollowUp)
def escalate(command: EscalateFollowUp, work: Work) -> None:
    audit, state = _load(work, command.audit)
    chosen = present(work, command.owner, field="owner")
    may_be_given(work, audit.child, command.owner, field="owner")
    where = Resource(service=state.service, team=state.team, submitted=True)
    heads = can(chosen.actor(work.today), "own-follow-up", where).allowed
    decisions.heads_here(chosen.name, heads=heads)
    blind = resource_of(audit).blind_for
    save(work, audit, decisions.escalate(state, command, blind=blind))


@handles(AgreeFollowUpPlan)
def agree_plan(command: AgreeFollowUpPlan, work: Work) -> None:
    audit, state = _load(work, command.audit)
    of_audit = work.desk.lookups.actions_of_audit(work.unit.connection, command.audit)
    save(work, audit, decisions.agree_plan(state, command, of_audit=of_audit))


@handles(SetFollowUpPolicy)
def set_policy(command: SetFollowUpPolicy, work: Work) -> None:
    work.authorise("set-policy")
    decided = clocks.set_follow_up_policy(load_policy(work), command)
    work.append(clocks.FOLLOW_UP_POLICY_STREAM, *decided)
