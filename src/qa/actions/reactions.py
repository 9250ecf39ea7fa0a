"""Loading and saving actions, and what an audit means for them: those it asks for, and loops that
turn out not to have closed.

A loop is reopened when the grade of the later audit is final. Before that the audit may be
moderated blind, and a reopened loop would tell the moderator what it found.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from qa.actions import clocks, decisions, raising_decisions
from qa.actions import state as action_state
from qa.actions.events import (
    ActionNoLongerApplicable,
    ActionPolicySet,
    ActionRaised,
    ActionTeamChanged,
    action_stream,
)
from qa.actions.import_decisions import BroughtAction, evolve_brought, take_back_action
from qa.actions.state import Action, about_of
from qa.audit_tools.loading import tool_version
from qa.audits.events import CaseAuditFinalised
from qa.audits.judgements import AuditContent
from qa.audits.loading import load_audit, resource_of
from qa.audits.reacting import AuditReactions, Ended
from qa.audits.state import CaseAudit
from qa.audits.submission import failing_domains, judgements_of
from qa.authorisation.context import Work
from qa.authorisation.policy import can
from qa.core.carry import carry
from qa.core.clock import ENGLAND
from qa.core.errors import NotFound
from qa.core.event import Event, last_said
from qa.core.naming import reference_key
from qa.core.words import Resource
from qa.imports.commands.batches import BatchReversal
from qa.imports.decisions import batch_in_reach
from qa.imports.people_decisions import something_taken_back
from qa.people.deputies import stood_in
from qa.people.handlers import TeamReactions
from qa.people.loading import is_here, line_of, load_person, managers_of, part_today
from qa.people.teams import Team
from qa.working_days.loading import load_calendar

AGAIN = "The same domain needed action again in the same team."
FAILED = "The same domain fell short again in the same team."
NOT_ASKED_FOR = "The resubmitted audit no longer asks for it."


def load_action(work: Work, wanted: str, verb: str) -> Action:
    """The action, for a person who may do `verb` to it.

    Raises:
        NotFound: no such action, or none that this person may know of (also: a moderator who
            judges its audit blind).   Forbidden: the policy says no.   MovedOn: stale version.
    """
    state = work.unit.load(action_stream(wanted), action_state.evolve, Action())
    action_state.known(state)
    resource = _resource(work, state)
    if not can(work.by, "read-action", resource).allowed:
        raise NotFound("There is no such action.")
    work.authorise(verb, resource)
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
    return work.unit.load(clocks.ACTION_POLICY_STREAM, last_said, clocks.DEFAULT_ACTION_POLICY)


def save(work: Work, state: Action, events: Sequence[Event], *, reason: str | None = None) -> None:
    work.append(action_stream(state.id), *events, about=state.about, reason=reason)


def save_new(work: Work, events: Sequence[Event], *, reason: str | None = None) -> None:
    """Open the stream of an action that was just decided to be raised, in the team that answers for
    its own today."""
    for raised in events:
        assert isinstance(raised, ActionRaised)
        team, service = part_today(work, raised.team, raised.service)
        raised = raised.model_copy(update={"team": team, "service": service})
        stream = action_stream(raised.action)
        work.unit.expect(stream, 0)
        work.append(stream, raised, about=about_of(raised), reason=reason)


def raise_new(work: Work, raised: ActionRaised) -> None:
    """Raise an action by itself. By when it is accepted, and what evidence will do, is as the
    policy says today.

    Raises:
        Refused: every fault, by field.
    """
    policy = load_policy(work)
    owed = raised.model_copy(
        update={
            "accept_by": clocks.accept_by(policy, work.today, load_calendar(work)),
            "evidence_kinds": policy.evidence_for(raised.kind),
        }
    )
    save_new(work, raising_decisions.raise_one(owed, today=work.today))


class ActionReactions(AuditReactions):
    def submitted(self, work: Work, audit: CaseAudit, content: AuditContent) -> None:
        """Open a stream for each new action; close those a resubmission no longer asks for."""
        before = () if audit.content is None else audit.content.actions
        earlier = {planned.action for planned in before}
        fresh = [planned for planned in content.actions if planned.action not in earlier]
        policy = load_policy(work) if fresh else clocks.DEFAULT_ACTION_POLICY
        calendar = load_calendar(work) if fresh else ENGLAND
        for planned in fresh:
            raised = carry(
                ActionRaised,
                planned,
                raised_by="case-audit",
                audit=audit.id,
                child=audit.child,
                team=audit.team,
                service=audit.service,
                accept_by=clocks.accept_by(policy, work.today, calendar),
                evidence_kinds=policy.evidence_for(planned.kind),
            )
            save_new(work, [raised])
        gone = earlier - {planned.action for planned in content.actions}
        _close(work, sorted(gone), reason=NOT_ASKED_FOR)

    def ended(self, work: Work, audit: CaseAudit, why: Ended, actions: Sequence[str]) -> None:
        _close(work, actions)

    def finalised(self, work: Work, audit: CaseAudit, final: CaseAuditFinalised) -> None:
        """Reopen the loops that the audit shows not to have closed, in whatever tool the domain
        was looked at: its grade fails again, or it needs action again."""
        actions = () if audit.content is None else audit.content.actions
        planned = {one.domain: one.action for one in reversed(actions) if one.domain is not None}
        tool = tool_version(work, audit.tool, audit.tool_version)
        failing = failing_domains(judgements_of(audit), tool)
        finding = f"Audit {audit.reference}"
        for domain in dict.fromkeys([*failing, *planned]):
            after = planned.get(domain, "")
            closed = work.desk.lookups.loop_last_closed(
                work.unit.connection,
                team=audit.team,
                domain=domain,
                but_of=audit.id,
                again=after,
                finding=finding,
            )
            if closed is None:
                continue
            state = work.unit.load(action_stream(closed), action_state.evolve, Action())
            decided, raised = decisions.recur(
                state,
                finding=finding,
                planned=after,
                owner_here=is_here(work, state.owner),
                new_id=work.new_id(),
                policy=load_policy(work),
                today=work.today,
                calendar=load_calendar(work),
            )
            save(work, state, decided, reason=FAILED if domain in failing else AGAIN)
            save_new(work, raised)


class ActionsOfTeam(TeamReactions):
    """The actions that go on are those of the team that takes over; their owners stay."""

    called = ("action that goes on", "actions that go on")

    def running(self, work: Work, team: str) -> Sequence[str]:
        return work.desk.lookups.open_actions_of(work.unit.connection, team)

    def taken_over(self, work: Work, record: str, new: Team) -> None:
        state = work.unit.load(action_stream(record), action_state.evolve, Action())
        save(work, state, [ActionTeamChanged(**new.taking_over(state.team, state.service))])


class ActionBatchReversal(BatchReversal):
    """Actions that a batch raised no longer apply; what it corrected is as before."""

    kinds: ClassVar[tuple[str, ...]] = ("actions",)

    def undo(self, work: Work, batch: str, streams: Sequence[str]) -> int:
        records = 0
        for stream in dict.fromkeys(streams):
            brought = work.unit.load(stream, evolve_brought, BroughtAction(batch))
            action = brought.action
            where = Resource(
                service=action.service, team=action.team, child=reference_key(action.child)
            )
            batch_in_reach(can(work.by, "reverse-import", where).allowed)
            undone = take_back_action(brought)
            work.append(stream, *undone, about=action.about)
            records += bool(undone)
        something_taken_back(records)
        return records


def _close(work: Work, actions: Sequence[str], reason: str | None = None) -> None:
    for action in actions:
        stream = action_stream(action)
        work.unit.version(stream)
        work.append(stream, ActionNoLongerApplicable(action=action), reason=reason)


REACTIONS = (ActionReactions(), ActionsOfTeam(), ActionBatchReversal())
