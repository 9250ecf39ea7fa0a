"""Commands on actions: raising them, doing them, and who answers for them by when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal

from qa.actions import clocks, decisions, raising_decisions
from qa.actions import state as action_state
from qa.actions.events import ActionPolicySet, ActionRaised, Evidence, action_stream
from qa.actions.findings import audit_named, domain_of, findings_stand
from qa.actions.state import Action, about_of
from qa.actions.states import ActionKind, EvidenceKind, Next
from qa.audit_tools.commands import tool_version
from qa.audits.commands.loading import load_audit, open_audit, resource_of
from qa.audits.state import CaseAudit
from qa.authorisation.context import Desk, Once, Work, command
from qa.authorisation.policy import can
from qa.core.errors import NotFound
from qa.core.event import Event
from qa.core.words import Actor, Resource
from qa.people.commands.loading import line_of, load_person, managers_of, present, team_in_use
from qa.people.deputies import stood_in
from qa.restrictions.loading import may_be_given
from qa.store.unit import Receipt
from qa.working_days.loading import load_calendar

ByHand = Literal["by-hand", "moderation", "thematic-finding", "supervision-check"]


def load_action(work: Work, wanted: str, verb: str, seen: int | None = None) -> Action:
    """The action, for a person who may do `verb` to it.

    Raises:
        NotFound: no such action, or none that this person may know of (also: a moderator who
            judges its audit blind).   Forbidden: the policy says no.   MovedOn: stale version.
    """
    stream = action_stream(wanted)
    state = work.unit.load(stream, action_state.evolve, Action())
    action_state.known(state)
    resource = _resource(work, state)
    if not can(work.by, "read-action", resource).allowed:
        raise NotFound("There is no such action.")
    work.require(verb, resource)
    if seen is not None:
        work.unit.expect(stream, seen)
    return state


def _resource(work: Work, state: Action) -> Resource:
    """The action as the policy table sees it: sealed from whoever moderates its audit blind."""
    of = resource_of(load_audit(work, state.audit)) if state.audit else Resource()
    return Resource(
        service=state.service,
        team=state.team,
        auditor=state.raised_person,
        blind_for=of.blind_for,
        child=of.child,
        submitted=True,
        person=state.owner,
        line=managers_of(work, state.owner),
        contributors=frozenset(state.contributors),
    )


def kept_out(work: Work, state: Action) -> frozenset[str]:
    """Whoever does not check this action: the owner's line, and who stood in for the owner."""
    return line_of(work, state.owner) | stood_in(load_person(work, state.owner), state.raised_on)


def load_policy(work: Work) -> ActionPolicySet:
    return work.unit.load(
        clocks.ACTION_POLICY_STREAM,
        clocks.evolve_action_policy,
        clocks.DEFAULT_ACTION_POLICY,
    )


def save(work: Work, state: Action, events: Sequence[Event], *, reason: str | None = None) -> None:
    work.append(action_stream(state.id), *events, about=state.about, reason=reason)


def save_new(work: Work, events: Sequence[Event]) -> None:
    """Open the stream of an action that was just decided to be raised."""
    for raised in events:
        assert isinstance(raised, ActionRaised)
        stream = action_stream(raised.action)
        work.unit.expect(stream, 0)
        work.append(stream, raised, about=about_of(raised))


@command
def set_policy(
    desk: Desk,
    *,
    policy: ActionPolicySet,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Set a new version of the clocks of actions."""
    with desk.work(by, once=once) as work:
        work.require("set-policy")
        current = load_policy(work)
        work.unit.expect(clocks.ACTION_POLICY_STREAM, seen)
        decided = clocks.set_action_policy(current, policy)
        work.append(clocks.ACTION_POLICY_STREAM, *decided)
    return work.receipt


@command
def raise_action(
    desk: Desk,
    *,
    text: str,
    kind: ActionKind,
    owner: str,
    due_on: date,
    team: str = "",
    raised_by: ByHand = "by-hand",
    source: str = "",
    audit: str = "",
    domain: str | None = None,
    evidence_asked: EvidenceKind | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Raise an action beside those that audits raise. The response holds ``action``.

    With `audit` it belongs to that audit, its child and its team; otherwise to `team`.

    Raises:
        Refused: every fault, by field.   NotFound: no such audit.   Forbidden: the policy says no.
    """
    with desk.work(by, once=once) as work:
        child = ""
        if audit:
            found = _standing(work, audit)
            team, service, child = found.team, found.service, found.child
            _domain_of(work, found, domain)
        else:
            owning = team_in_use(work, team)
            team, service, domain = owning.code, owning.service, None
            audit_named(raised_by)
        work.require("raise-action", Resource(service=service, team=team))
        present(work, owner, field="owner")
        may_be_given(work, child, owner, field="owner")
        policy = load_policy(work)
        raised = ActionRaised(
            action=work.new_id(),
            raised_by=raised_by,
            audit=audit,
            child=child,
            team=team,
            service=service,
            text=text,
            kind=kind,
            owner=owner,
            due_on=due_on,
            domain=domain,
            source=source,
            evidence_asked=evidence_asked,
            accept_by=clocks.accept_by(policy, work.today, load_calendar(work)),
            evidence_kinds=policy.evidence_for(kind),
        )
        save_new(work, raising_decisions.raise_one(raised, today=work.today))
        work.unit.respond(action=raised.action)
    return work.receipt


def _standing(work: Work, audit: str) -> CaseAudit:
    """A submitted audit that still counts and whose judgement is open to the person."""
    found = open_audit(work, audit, "read-judgement")
    findings_stand(found)
    return found


def _domain_of(work: Work, audit: CaseAudit, domain: str | None) -> None:
    if domain is not None:
        domain_of(tool_version(work, audit.tool, audit.tool_version), domain)


@command
def link_finding(
    desk: Desk,
    *,
    action_id: str,
    audit: str,
    domain: str | None = None,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Let one action answer a further finding."""
    with desk.work(by, once=once) as work:
        found = _standing(work, audit)
        _domain_of(work, found, domain)
        state = load_action(work, action_id, "run-action", seen)
        save(work, state, decisions.link_finding(state, audit=audit, domain=domain))
    return work.receipt


@command
def accept(
    desk: Desk,
    *,
    action_id: str,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Take an action on."""
    with desk.work(by, once=once) as work:
        state = load_action(work, action_id, "work-action", seen)
        save(work, state, decisions.accept(state))
    return work.receipt


@command
def correct(
    desk: Desk,
    *,
    action_id: str,
    text: str,
    owner: str,
    due_on: date,
    reason: str,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Put right what was typed wrong when an action was raised, before anybody acts on it."""
    with desk.work(by, once=once, reason=reason) as work:
        state = load_action(work, action_id, "correct-action", seen)
        if owner != state.owner:
            present(work, owner, field="owner")
        decided = raising_decisions.correct(
            state,
            text=text,
            owner=owner,
            due_on=due_on,
            reason=reason,
            by=by.person,
            today=work.today,
        )
        save(work, state, decided)
    return work.receipt


@command
def challenge(
    desk: Desk,
    *,
    action_id: str,
    why: str,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Say why an action is wrong, or not one's own."""
    with desk.work(by, once=once) as work:
        state = load_action(work, action_id, "work-action", seen)
        save(work, state, decisions.challenge(state, why=why))
    return work.receipt


@command
def progress(
    desk: Desk,
    *,
    action_id: str,
    note: str,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Say how an action goes."""
    with desk.work(by, once=once) as work:
        state = load_action(work, action_id, "note-progress", seen)
        save(work, state, decisions.progress(state, note=note))
    return work.receipt


@command
def name_contributors(
    desk: Desk,
    *,
    action_id: str,
    contributors: Sequence[str],
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Say who helps the owner."""
    with desk.work(by, once=once) as work:
        state = load_action(work, action_id, "name-contributors", seen)
        for person in contributors:
            present(work, person, field="contributors")
            may_be_given(work, state.child, person, field="contributors")
        save(work, state, decisions.name_contributors(state, contributors=contributors))
    return work.receipt


@command
def reschedule(
    desk: Desk,
    *,
    action_id: str,
    due_on: date,
    reason: str,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Move the due date; the first one stays on record."""
    with desk.work(by, once=once, reason=reason) as work:
        state = load_action(work, action_id, "run-action", seen)
        decided = decisions.reschedule(
            state, due_on=due_on, reason=reason, by=by.person, today=work.today
        )
        save(work, state, decided)
    return work.receipt


@command
def transfer(
    desk: Desk,
    *,
    action_id: str,
    owner: str,
    team: str = "",
    reason: str,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Make somebody else accountable; the action stays with its team unless another is named."""
    with desk.work(by, once=once, reason=reason) as work:
        state = load_action(work, action_id, "run-action", seen)
        present(work, owner, field="owner")
        may_be_given(work, state.child, owner, field="owner")
        service = state.service
        if team and team != state.team:
            receiving = team_in_use(work, team)
            team, service = receiving.code, receiving.service
        decided = decisions.transfer(
            state,
            owner=owner,
            team=team or state.team,
            service=service,
            reason=reason,
            policy=load_policy(work),
            today=work.today,
            calendar=load_calendar(work),
        )
        save(work, state, decided)
    return work.receipt


@command
def drop(
    desk: Desk,
    *,
    action_id: str,
    reason: str,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Say that an action no longer applies, and why."""
    with desk.work(by, once=once, reason=reason) as work:
        state = load_action(work, action_id, "run-action", seen)
        save(work, state, decisions.drop(state, reason=reason))
    return work.receipt


@command
def claim_done(
    desk: Desk,
    *,
    action_id: str,
    evidence: Sequence[Evidence],
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Say that it is done, with evidence."""
    with desk.work(by, once=once) as work:
        state = load_action(work, action_id, "work-action", seen)
        decided = decisions.claim_done(
            state,
            evidence=evidence,
            policy=load_policy(work),
            today=work.today,
            calendar=load_calendar(work),
        )
        save(work, state, decided)
    return work.receipt


@command
def reopen(
    desk: Desk,
    *,
    action_id: str,
    finding: str,
    following: Next,
    reason: str,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Say that a closed loop was not closed. The response holds ``action``: what follows."""
    with desk.work(by, once=once, reason=reason) as work:
        state = load_action(work, action_id, "run-action", seen)
        present(work, following.owner, field="owner")
        may_be_given(work, state.child, following.owner, field="owner")
        after = work.new_id()
        decided, raised = decisions.reopen(
            state,
            following,
            finding=finding,
            reason=reason,
            next_action=after,
            policy=load_policy(work),
            today=work.today,
            calendar=load_calendar(work),
        )
        save(work, state, decided)
        save_new(work, raised)
        work.unit.respond(action=after)
    return work.receipt
