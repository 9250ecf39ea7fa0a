"""Carries out the commands on case audits, and keeps their drafts."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from functools import partial

from qa.audit_tools import decisions as tool_decisions
from qa.audit_tools.loading import load_tool, tool_version
from qa.audits import commands, correction, decisions, independence
from qa.audits.events import CaseAuditAllocated, case_audit_stream
from qa.audits.independence import Breach
from qa.audits.loading import (
    load_audit,
    member_of,
    open_audit,
    resource_of,
    save_audit,
    save_judged,
)
from qa.audits.moderation_events import ModerationSuperseded
from qa.audits.reacting import AuditReactions, Ended, tell_ended
from qa.audits.state import CaseAudit
from qa.authorisation.context import Desk, Work, reactions
from qa.authorisation.handling import handles
from qa.core.carry import carry
from qa.core.clock import add_months
from qa.core.event import Event
from qa.core.words import Actor, Resource, Role
from qa.people.loading import inspects, load_person, may_be_given_work, present, team_in_use
from qa.restrictions.loading import may_be_given, may_begin, of_child
from qa.restrictions.state import Restriction
from qa.security import drafts
from qa.security.drafts import Draft


def reference_of(audit: str) -> str:
    """A short reference that people can say to one another, derived from the audit's id."""
    letters = base64.b32encode(hashlib.sha256(audit.encode()).digest()[:5]).decode()
    return f"CA-{letters[:4]}-{letters[4:]}"


@handles(commands.AllocateAudit)
def allocate(command: commands.AllocateAudit, work: Work) -> commands.AuditMade:
    owning = team_in_use(work, command.team)
    where = Resource(service=owning.service, team=owning.code)
    work.require("allocate-audit", where)
    used = load_tool(work, command.tool)
    tool_decisions.usable(used)
    present(work, command.auditor, field="auditor", role=Role.AUDITOR)
    case_holder = command.case_holder
    holder = load_person(work, case_holder) if case_holder else None
    lookups, connection = work.desk.lookups, work.unit.connection
    child = lookups.child_as_typed(connection, command.child.strip())
    may_begin(work, child)
    may_be_given(work, child, command.auditor, field="auditor")
    known = holder is None or (holder.exists and not inspects(work, holder, work.today))
    decisions.may_be_audited(child, holder_known=known)
    case_manager = None if holder is None else holder.manager
    breaches = independence.auditor_breaches(
        member_of(work, command.auditor),
        case_holder=case_holder,
        case_manager=case_manager,
        team=command.team,
    )
    if command.re_audit_of is None:
        recent = lookups.recent_audit_of(connection, child, add_months(work.today, -12))
        if recent is not None:
            sentence = f"This child's file was audited within the last 12 months ({recent})."
            breaches.append(Breach("audited-recently", sentence, hard=False))
    else:
        _before_re_audit(work, open_audit(work, command.re_audit_of, "read-audit"), command.auditor)
        work.require("allocate-audit", where)
    exceptions = independence.settle(
        breaches, field="auditor", exception=command.exception, approved_by=work.by.person
    )
    audit = work.new_id()
    decided = decisions.allocate(
        CaseAudit(),
        carry(
            CaseAuditAllocated,
            command,
            reference=reference_of(audit),
            child=child,
            tool_version=used.latest,
            team=owning.code,
            team_name=owning.name,
            service=owning.service,
            service_name=owning.service_name,
            case_holder=case_holder,
            case_manager=case_manager,
            exceptions=exceptions,
        ),
        today=work.today,
    )
    work.append(case_audit_stream(audit), *decided, about=f"child:{child}")
    return commands.AuditMade(audit=audit, reference=reference_of(audit))


def _before_re_audit(work: Work, of: CaseAudit, auditor: str) -> None:
    for one in reactions(AuditReactions):
        one.before_re_audit(work, of=of, auditor=auditor)


def _may_own(work: Work, restriction: Restriction, person: str) -> bool:
    """Whether an action for the child of `restriction` can be given to the person."""
    return may_be_given_work(work, person) and restriction.reads(person, work.today)


def _open(work: Work, command: commands.OfAudit, verb: str) -> CaseAudit:
    """The audit that is changed, for whoever may do `verb`. What is recorded in this unit of work,
    here and by other rooms, is stamped with the reason of the command.

    Raises:
        NotFound, Forbidden, MovedOn: in this order.
    """
    state = open_audit(work, command.audit, verb)
    work.expect_seen()
    work.reason = getattr(command, "reason", None)
    return state


@handles(commands.ReassignAudit)
def reassign(command: commands.ReassignAudit, work: Work) -> None:
    state = _open(work, command, "reassign-audit")
    present(work, command.auditor, field="auditor", role=Role.AUDITOR)
    may_be_given(work, state.child, command.auditor, field="auditor")
    if state.re_audit_of:
        _before_re_audit(work, load_audit(work, state.re_audit_of), command.auditor)
    exceptions = independence.settle(
        independence.auditor_breaches(
            member_of(work, command.auditor),
            case_holder=state.case_holder,
            case_manager=state.case_manager,
            team=state.team,
        ),
        field="auditor",
        exception=command.exception,
        approved_by=work.by.person,
    )
    save_audit(work, state, decisions.reassign(state, command, exceptions=exceptions))


@handles(commands.ExtendAudit)
def extend(command: commands.ExtendAudit, work: Work) -> None:
    state = _open(work, command, "extend-audit")
    save_audit(work, state, decisions.extend(state, command, today=work.today))


def save_draft(desk: Desk, *, audit: str, fields: Mapping[str, str], seen: int, by: Actor) -> Draft:
    """Keep what the auditor has typed so far; the first time notes that they began.

    Raises:
        DraftMovedOn: saved elsewhere since (`seen` is the draft revision that was opened).
    """
    with desk.work(by) as work:
        state = open_audit(work, audit, "write-audit")
        save_audit(work, state, decisions.start(state, by=by.person))
    # A draft is no event and has its own revision: it needs no place in the unit above.
    with desk.store.writing() as connection:
        return drafts.save(
            connection,
            desk.vault,
            desk.store.clock,
            subject=case_audit_stream(audit),
            person=by.person,
            about=state.about,
            fields=fields,
            seen=seen,
        )


@handles(commands.SubmitAudit)
def submit(command: commands.SubmitAudit, work: Work) -> commands.AuditMade:
    """Submit the audit; raises its actions and picks it for moderation.

    Raises:
        Conflict: a safeguarding concern raised from it has reached no manager.
    """
    others = reactions(AuditReactions)
    ahead = [stream for one in others for stream in one.streams(command.audit)]
    work.unit.read_ahead(case_audit_stream(command.audit), *ahead)
    state = _open(work, command, "submit-audit")
    tool = tool_version(work, state.tool, state.tool_version)
    for one in others:
        one.before_submission(work, state)
    decided = decisions.submit(
        state,
        command,
        tool,
        by=work.by.person,
        today=work.today,
        person_exists=partial(_may_own, work, of_child(work, state.child)),
    )
    save_audit(work, state, decided, effective_on=command.content.audit_date)
    for one in others:
        one.submitted(work, state, command.content)
    stream = case_audit_stream(command.audit)
    work.unit.beside(drafts.sent(subject=stream, person=work.by.person))
    return commands.AuditMade(audit=command.audit, reference=state.reference)


@handles(commands.CorrectAudit)
def correct(command: commands.CorrectAudit, work: Work) -> None:
    """Put one field right. What goes beyond a small edit supersedes a completed moderation and asks
    for a new one; the superseded one stays in history and leaves the figures."""
    state = _open(work, command, "correct-audit")
    decided = correction.correct(
        state,
        tool_version(work, state.tool, state.tool_version),
        command,
        today=work.today,
        person_exists=partial(_may_own, work, of_child(work, state.child)),
    )
    save_audit(work, state, decided)
    lapsed = any(isinstance(event, ModerationSuperseded) for event in decided)
    for one in reactions(AuditReactions):
        if lapsed:
            one.superseded(work, state)
        elif state.content is not None and correction.decides(state.content, command.field):
            one.regraded(work, state, state.content.corrected(command.field, command.new))


@handles(commands.ConfirmTyping)
def confirm_typing(command: commands.ConfirmTyping, work: Work) -> None:
    state = _to_confirm(work, command)
    save_audit(work, state, correction.confirm_typing(state, command, by=work.by.person))


@handles(commands.RefuseTyping)
def refuse_typing(command: commands.RefuseTyping, work: Work) -> None:
    state = _to_confirm(work, command)
    save_audit(work, state, correction.refuse_typing(state, command))


def _to_confirm(work: Work, command: commands.ConfirmTyping) -> CaseAudit:
    """The audit, for somebody who may confirm corrections and to whom its judgement is open."""
    state = _open(work, command, "confirm-correction")
    work.require("read-judgement", resource_of(state))
    work.require("confirm-correction", resource_of(state))
    return state


@handles(commands.ReturnAudit)
def send_back(command: commands.ReturnAudit, work: Work) -> None:
    state = _open(work, command, "return-audit")
    # A blind moderator must not learn of the judgement through the act of returning it.
    work.require("read-judgement", resource_of(state))
    save_audit(work, state, decisions.send_back(state, command))


@handles(commands.WithdrawAudit)
def withdraw(command: commands.WithdrawAudit, work: Work) -> None:
    state = _open(work, command, "withdraw-audit")
    _end(work, state, decisions.withdraw(state, command), "audit-withdrawn")


@handles(commands.VoidAudit)
def void(command: commands.VoidAudit, work: Work) -> None:
    state = _open(work, command, "void-audit")
    _end(work, state, decisions.void(state, command), "audit-voided")


def _end(work: Work, audit: CaseAudit, decided: Sequence[Event], why: Ended) -> None:
    save_audit(work, audit, decided)
    tell_ended(work, audit, why)


@handles(commands.FinaliseAudit)
def finalise(command: commands.FinaliseAudit, work: Work) -> None:
    state = _open(work, command, "finalise-audit")
    save_judged(work, state, decisions.finalise(state))


@handles(commands.ReopenAudit)
def reopen(command: commands.ReopenAudit, work: Work) -> None:
    state = _open(work, command, "reopen-audit")
    save_audit(work, state, decisions.reopen(state, command))
