"""Carries out the commands on moderation. They load and write the stream of the audit."""

from __future__ import annotations

from collections.abc import Sequence

from qa.audit_tools.loading import tool_version
from qa.audits import independence
from qa.audits.events import case_audit_stream
from qa.audits.loading import member_of, open_audit, save_audit, save_judged
from qa.audits.state import CaseAudit
from qa.authorisation.context import Work
from qa.authorisation.handling import handles
from qa.core.event import Event
from qa.core.words import Role
from qa.moderation import commands, decisions, disputes, selection
from qa.moderation.events import POLICY_STREAM
from qa.moderation.reactions import load_policy
from qa.people.loading import counts_as, present
from qa.restrictions.loading import may_be_given
from qa.working_days.loading import load_calendar


def _open(
    work: Work, command: commands.OfModeration | commands.SelectForModeration, verb: str
) -> CaseAudit:
    """Raises `NotFound`, `Forbidden` or `MovedOn`, in this order."""
    state = open_audit(work, command.audit, verb)
    work.expect_seen()
    return state


def _append(work: Work, audit: CaseAudit, events: Sequence[Event], reason: str) -> None:
    work.append(case_audit_stream(audit.id), *events, about=audit.about, reason=reason)


@handles(commands.SetModerationPolicy)
def set_policy(command: commands.SetModerationPolicy, work: Work) -> None:
    work.authorise("set-policy")
    decided = selection.set_policy(load_policy(work), command)
    work.append(POLICY_STREAM, *decided, reason=command.reason)


@handles(commands.SelectForModeration)
def select(command: commands.SelectForModeration, work: Work) -> commands.ModerationMade:
    state = _open(work, command, "select-moderation")
    moderation = work.new_id()
    decided = decisions.select(
        state,
        load_policy(work),
        moderation=moderation,
        today=work.today,
        calendar=load_calendar(work),
    )
    save_audit(work, state, decided)
    return commands.ModerationMade(moderation=moderation)


@handles(commands.AssignModeration)
def assign(command: commands.AssignModeration, work: Work) -> commands.ModeratorNamed:
    """Blind or open follows the policy unless it is said. Somebody who has already opened the
    judgement is never called blind."""
    state, moderator = _open(work, command, "assign-moderation"), command.moderator
    decisions.assignable(state, command.moderation)
    present(work, moderator, field="moderator", role=Role.MODERATOR)
    may_be_given(work, state.child, moderator, field="moderator")
    exceptions = independence.settle(
        independence.moderator_breaches(
            member_of(work, moderator),
            auditor=member_of(work, counts_as(work, state.auditor)),
            began_by={counts_as(work, one) for one in state.began_by},
            case_holder=state.case_holder,
            case_manager=state.case_manager,
            team=state.team,
        ),
        field="moderator",
        exception=command.exception,
        approved_by=work.by.person,
    )
    policy, lookups = load_policy(work), work.desk.lookups
    blind = policy.blind_by_default if command.blind is None else command.blind
    seen_before = lookups.has_seen_judgement(work.unit.connection, moderator, command.audit)
    decided = decisions.assign(
        state,
        command,
        blind=blind,
        already_seen=blind and seen_before,
        exceptions=exceptions,
        due_on=command.due_on
        or load_calendar(work).after(work.today, policy.moderate_within_working_days),
        today=work.today,
    )
    save_audit(work, state, decided)
    return commands.ModeratorNamed(moderation=command.moderation, blind=blind and not seen_before)


@handles(commands.UnblindModeration)
def unblind(command: commands.UnblindModeration, work: Work) -> None:
    state = _open(work, command, "unblind-moderation")
    _append(work, state, decisions.unblind(state, command), command.reason)


@handles(commands.RecordModeration)
def record(command: commands.RecordModeration, work: Work) -> commands.ModerationComparison:
    state = _open(work, command, "record-moderation")
    decided = decisions.record(
        state,
        tool_version(work, state.tool, state.tool_version),
        load_policy(work),
        command,
        by=work.by.person,
        audit_version=work.unit.version(case_audit_stream(command.audit)),
        today=work.today,
        calendar=load_calendar(work),
    )
    save_judged(work, state, decided, effective_on=command.moderated_on or work.today)
    agrees = state.grades is not None and command.grades.agrees(state.grades)
    return commands.ModerationComparison(agrees=agrees, reference=state.reference)


@handles(commands.RecordConversation)
def converse(command: commands.RecordConversation, work: Work) -> None:
    state = _open(work, command, "hold-conversation")
    decided = disputes.converse(state, command, today=work.today)
    save_audit(work, state, decided, effective_on=command.held_on)


@handles(commands.ReconcileGrade)
def reconcile(command: commands.ReconcileGrade, work: Work) -> None:
    state = _open(work, command, "reconcile-grade")
    tool = tool_version(work, state.tool, state.tool_version)
    save_judged(work, state, disputes.reconcile(state, tool, command))


@handles(commands.DisputeGrade)
def dispute(command: commands.DisputeGrade, work: Work) -> commands.DisputeMade:
    state = _open(work, command, "dispute-grade")
    opened = work.new_id()
    decided = disputes.dispute(
        state,
        tool_version(work, state.tool, state.tool_version),
        load_policy(work),
        command,
        dispute_id=opened,
        today=work.today,
        calendar=load_calendar(work),
    )
    save_audit(work, state, decided)
    return commands.DisputeMade(dispute=opened)


@handles(commands.AssignDispute)
def assign_dispute(command: commands.AssignDispute, work: Work) -> None:
    state = _open(work, command, "assign-dispute")
    found = disputes.disputed(state, command.moderation)
    named = present(work, command.decider, field="decider")
    may_be_given(work, state.child, command.decider, field="decider")
    disputes.may_decide(named.name, {grant.role for grant in named.grants_on(work.today)})
    exceptions = independence.settle(
        independence.decider_breaches(
            member_of(work, command.decider),
            auditor=member_of(work, state.auditor),
            moderator=member_of(work, found.moderator or ""),
        ),
        field="decider",
        exception=command.exception,
        approved_by=work.by.person,
    )
    save_audit(work, state, disputes.assign_dispute(state, command, exceptions=exceptions))


@handles(commands.DecideDispute)
def decide_dispute(command: commands.DecideDispute, work: Work) -> None:
    state = _open(work, command, "decide-dispute")
    tool = tool_version(work, state.tool, state.tool_version)
    save_judged(work, state, disputes.decide(state, tool, command, by=work.by.person))


@handles(commands.CancelModeration)
def cancel(command: commands.CancelModeration, work: Work) -> None:
    state = _open(work, command, "cancel-moderation")
    _append(work, state, decisions.cancel(state, command), command.reason)
